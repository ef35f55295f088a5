import {readFileSync, statSync} from 'node:fs'
import type {Settings} from '../model/settings.ts'
import type {Task} from '../model/task.ts'
import {hashOf, type MachineContext, PortableContent} from '../text/portable-content.ts'

/** Hexadecimal digits of a fingerprint. */
const digits = 16

/** Size limit of a script, in bytes; larger ones have no fingerprint. */
const maxScriptBytes = 64 * 1024 * 1024

/** Settings of the run that are part of every fingerprint. */
export type FingerprintSettings = Pick<Settings, 'modules' | 'setup' | 'setupOnce'>

/**
 * Adds fingerprints to the tasks. A fingerprint changes with what a task runs: its script or the contents of its file, parameters, arguments, item,
 * the names in `env`, folder, `shell`, `isolation`, modules, `setup`, `setup-once`, and which tasks it needs. It is the same on every machine. A task
 * has none if its file cannot be read, if it has `resume: never`, or if another task may have the same key.
 *
 * A value or a text of the list may be a secret, and a report may be public. Therefore each value counts with only 16 bits of its hash: one of 65,536
 * wrong guesses fits as well, even if many tasks and reports contain the value. The price is that a changed value is overlooked with that
 * probability.
 */
export function fingerprintTasks(
  tasks: readonly Task[],
  {modules, setup, setupOnce}: FingerprintSettings,
  machine: MachineContext
): readonly Task[] {
  const content = new PortableContent(machine)
  const files = new Map<string, string | undefined>()
  const groups = new Map<readonly number[], string>()
  const shared = content.of([
    modules.map(({name, version}) => [portablePath(name, content), version]),
    content.coarse(setup),
    content.coarse(setupOnce)
  ])
  const scriptOf = ({script}: Task): string | undefined => {
    if (script.kind === 'run') return `run ${content.of(content.coarse(script.text))}`
    if (!files.has(script.path)) files.set(script.path, hashOfFile(script.path))
    const hash = files.get(script.path)
    return hash && `file ${content.path(script.path)} ${hash}`
  }
  const keysOf = (needed: readonly number[]): string => {
    const keys = groups.get(needed) ?? content.of(needed.map(index => tasks[index]?.key ?? ''))
    groups.set(needed, keys)
    return keys
  }
  const ambiguous = ambiguousKeys(tasks, content)
  return tasks.map(task => {
    const script = scriptOf(task)
    if (script === undefined || task.resume === 'never' || ambiguous.has(withoutNumber(task.key))) return {...task, fingerprint: null}
    const {key, parameters, arguments: positional, item, env, needs, when, workingDirectory, isolation, shell} = task
    const parts = [
      [key, script],
      [content.coarse(parameters), content.coarse(positional), content.coarse(item)],
      [...env.keys()].sort(),
      needs.map(need => keysOf(need.tasks)).sort(),
      [when, content.path(workingDirectory), isolation, shell]
    ]
    return {...task, fingerprint: hashOf([content.of(parts), shared], digits)}
  })
}

/**
 * Keys (without the number at the end) that several different tasks share. With an equal default id, the hashes of two tasks are equal in one of
 * 65,536 cases; if the list is reordered, one task would then be kept in place of the other.
 */
function ambiguousKeys(tasks: readonly Task[], content: PortableContent): ReadonlySet<string> {
  const known = new Map<string, string>()
  const ambiguous = new Set<string>()
  for (const {key, group, script, parameters, arguments: positional} of tasks) {
    if (group !== undefined || !key.includes('#')) continue
    const base = withoutNumber(key)
    const contents = content.of([script.kind === 'run' ? script.text : [content.path(script.path)], parameters, positional])
    const first = known.get(base)
    if (first === undefined) known.set(base, contents)
    else if (first !== contents) ambiguous.add(base)
  }
  return ambiguous
}

const withoutNumber = (key: string): string => key.split('#', 2).join('#')

function portablePath(name: string, content: PortableContent): string {
  return /[\\/]/.test(name) ? content.path(name) : name
}

function hashOfFile(file: string): string | undefined {
  try {
    const stats = statSync(file)
    return stats.isFile() && stats.size <= maxScriptBytes ? hashOf([readFileSync(file, 'latin1')]) : undefined
  } catch {
    return undefined
  }
}
