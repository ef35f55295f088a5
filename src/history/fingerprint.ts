import {readFileSync, statSync} from 'node:fs'
import type {Settings} from '../model/settings.ts'
import type {Task, Value} from '../model/task.ts'
import {type Content, hashOf, type MachineContext, PortableContent} from '../text/portable-content.ts'

/** Hexadecimal digits of a fingerprint. */
const digits = 16

/** Hexadecimal digits that stand for a value or a text: see `fingerprintTasks`. */
const valueDigits = 4

/** Larger scripts have no fingerprint, in bytes. */
const maxScriptBytes = 64 * 1024 * 1024

/** What all tasks of a run share and a fingerprint covers. */
export type FingerprintSettings = Pick<Settings, 'modules' | 'setup' | 'setupOnce'>

/**
 * The tasks with their fingerprints. A fingerprint changes with what a task runs: its script or the contents of its file, parameters, arguments,
 * item, the names in `env`, folder, `shell`, `isolation`, modules, `setup`, `setup-once`, and which tasks it needs. It is equal on every machine. A task has none
 * if its file cannot be read, or if it says `resume: never`.
 *
 * A value or a text of the list may be a secret, and a report may be public. Each counts with 16 bits of its hash only: of 65,536 wrong guesses one
 * fits as well, however many tasks and reports have the value. So a change of one is overlooked with that probability.
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
    code(setup, content),
    code(setupOnce, content)
  ])
  const scriptOf = ({script}: Task): string | undefined => {
    if (script.kind === 'run') return `run ${code(script.text, content)}`
    if (!files.has(script.path)) files.set(script.path, hashOfFile(script.path))
    const hash = files.get(script.path)
    return hash && `file ${content.path(script.path)} ${hash}`
  }
  const keysOf = (needed: readonly number[]): string => {
    const keys = groups.get(needed) ?? content.of(needed.map(index => tasks[index]?.key ?? ''))
    groups.set(needed, keys)
    return keys
  }
  return tasks.map(task => {
    const script = scriptOf(task)
    if (script === undefined || task.resume === 'never') return {...task, fingerprint: null}
    const {key, parameters, arguments: positional, item, env, needs, when, workingDirectory, isolation, shell} = task
    const parts = [
      [key, script],
      [coded(parameters, content), coded(positional, content), coded(item, content)],
      [...env.keys()].sort(),
      needs.map(need => keysOf(need.tasks)).sort(),
      [when, content.path(workingDirectory), isolation, shell]
    ]
    return {...task, fingerprint: hashOf([content.of(parts), shared], digits)}
  })
}

function portablePath(name: string, content: PortableContent): string {
  return /[\\/]/.test(name) ? content.path(name) : name
}

/** A value with 16 bits in place of each text, number and boolean in it; its form stays. */
function coded(value: Value | readonly Value[] | undefined, content: PortableContent): Content {
  if (value === undefined || value === null) return value
  if (Array.isArray(value)) return (value as readonly Value[]).map(item => coded(item, content))
  if (value instanceof Map)
    return [...value].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, coded(item as Value, content)])
  return code(value as string | number | bigint | boolean, content)
}

const code = (value: string | number | bigint | boolean, content: PortableContent): string => hashOf([content.of(value)], valueDigits)

function hashOfFile(file: string): string | undefined {
  try {
    const stats = statSync(file)
    return stats.isFile() && stats.size <= maxScriptBytes ? hashOf([readFileSync(file, 'latin1')]) : undefined
  } catch {
    return undefined
  }
}
