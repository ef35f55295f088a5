import {variableKey} from '../../model/environment.ts'
import type {Isolation, Resume, RetryPolicy, SlowLimit} from '../../model/task.ts'
import {quoted} from '../../text/quoted.ts'
import {slowNeedsTimings} from '../../text/slow-limit.ts'
import {hasNeeds} from '../items/entry-items.ts'
import {describeNode, type ListNode, type MapNode} from '../source/list-node.ts'
import type {Fallback, PlacedText, TextReading} from './list-reading.ts'

/** The valid fields that `defaults` and entries share. */
interface SettingFields {
  readonly timeout?: number
  readonly retry?: RetryPolicy
  readonly slow?: SlowLimit
  readonly 'continue-on-error'?: boolean
  readonly 'success-codes'?: readonly number[]
  readonly isolation?: Isolation
  readonly objects?: boolean
  readonly shell?: string
  readonly resume?: Resume
  readonly env?: unknown
  readonly lock?: unknown
  readonly 'working-directory'?: unknown
}

const settingNames = [
  'timeout',
  'retry',
  'slow',
  'continue-on-error',
  'success-codes',
  'isolation',
  'objects',
  'shell',
  'resume',
  'env',
  'lock',
  'working-directory'
] as const

/** Reads the settings in `map`, with `fallback` for those that it lacks; `env` is merged key by key. `label` prefixes field names in messages. */
export function readSettings(map: MapNode, fields: SettingFields, fallback: Fallback, reading: TextReading, label = ''): Fallback {
  if (!settingNames.some(name => name in fields)) return fallback
  const nodeOf = (field: keyof SettingFields) => (field in fields ? map.fields.get(field)?.value : undefined)
  const env = nodeOf('env')
  const lock = nodeOf('lock')
  const folder = nodeOf('working-directory')
  checkSlow(fields.slow, nodeOf('slow'), reading, label)
  return {
    env: env?.kind === 'map' ? readEnv(env, fallback.env, reading, `${label}env`) : fallback.env,
    workingDirectory:
      folder?.kind === 'scalar' ? readFolder(folder, fallback, reading, {label, mayBeMade: hasNeeds(map)}) : fallback.workingDirectory,
    timeoutMs: fields.timeout ?? fallback.timeoutMs,
    retry: fields.retry ?? fallback.retry,
    slow: fields.slow ?? fallback.slow,
    continueOnError: fields['continue-on-error'] ?? fallback.continueOnError,
    successCodes: fields['success-codes'] ?? fallback.successCodes,
    locks: lock === undefined ? fallback.locks : readLocks(lock, reading),
    isolation: fields.isolation ?? fallback.isolation,
    objects: fields.objects ?? fallback.objects,
    shell: fields.shell ?? fallback.shell,
    resume: fields.resume ?? fallback.resume
  }
}

function checkSlow(slow: SlowLimit | undefined, node: ListNode | undefined, {context, mistakes, text}: TextReading, label: string): void {
  if (slow === undefined || node === undefined || 'ms' in slow || context.timingsFile !== undefined) return
  mistakes.add(text.placeAt(node.offset), `${label}slow: ${slowNeedsTimings}`)
}

function readLocks(node: ListNode, {text}: TextReading): readonly PlacedText[] {
  const locks = new Map<string, PlacedText>()
  for (const each of node.kind === 'list' ? node.items : [node]) {
    if (each.kind === 'scalar' && !locks.has(each.text)) locks.set(each.text, {text: each.text, place: text.placeAt(each.offset)})
  }
  return [...locks.values()]
}

function readFolder(
  node: ListNode & {kind: 'scalar'},
  fallback: Fallback,
  {context, mistakes, paths, text}: TextReading,
  {label, mayBeMade}: {readonly label: string; readonly mayBeMade: boolean}
): string {
  const found = paths.folder(node.text, context.workingDirectory, mayBeMade)
  if (found.ok) return found.value
  mistakes.add(text.placeAt(node.offset), `${label}working-directory: ${found.error}`)
  return fallback.workingDirectory
}

function readEnv(node: MapNode, inherited: Fallback['env'], {context, mistakes, text}: TextReading, label: string): Fallback['env'] {
  const env = new Map(inherited)
  const identity = (name: string) => variableKey(name, context.platform)
  const names = new Map(Array.from(inherited.keys(), name => [identity(name), name]))
  const own = new Map<string, string>()
  for (const {key, keyOffset, value} of node.fields.values()) {
    if (!/^[^=\0]+$/.test(key)) {
      mistakes.add(text.placeAt(keyOffset), `${label}: expected the name of a variable, got ${quoted(key)}`)
      continue
    }
    const other = own.get(identity(key))
    if (other !== undefined)
      mistakes.add(text.placeAt(keyOffset), `${label}: ${quoted(key)} and ${quoted(other)} are one variable on Windows`)
    own.set(identity(key), key)
    env.delete(names.get(identity(key)) ?? key)
    if (value.kind !== 'scalar') continue
    if (value.text.includes('\0'))
      mistakes.add(text.placeAt(value.offset), `${label}.${key}: expected text without NUL characters, got ${describeNode(value)}`)
    env.set(key, value.value === null ? null : value.text)
  }
  return env
}
