import type {RunLimit, RunOrigin, RunRecord, TaskRecord, Verdict} from '../model/event.ts'
import type {Task, Value} from '../model/task.ts'
import type {TaskChanges} from '../model/task-changes.ts'
import {changesOf} from '../model/verdict.ts'
import type {ObjectPreview} from '../objects/object-preview.ts'
import {withoutEscapeSequences} from '../text/plain-text.ts'
import type {FailureTails} from './failure-tails.ts'

/** Replaces the values that tasks have announced as secret. */
export type Mask = (text: string) => string

/** A run with everything that reports render. */
export interface ReportedRun {
  readonly record: RunRecord
  readonly tails: FailureTails
  /** Names of the outputs that hold a secret, by task; absent if there are none. */
  readonly maskedOutputs?: ReadonlyMap<Task, readonly string[]> | undefined
  /** The first objects that tasks emitted, already masked; absent if no task kept any. */
  readonly objects?: ObjectPreview | undefined
  /** Absent if unknown. */
  readonly origin?: RunOrigin | undefined
}

/**
 * Masks everything that a report shows: names, messages, last lines, outputs. Masks the data and not the rendered text, because escapes could hide a
 * value there. Scripts stay as they are, because no report shows them. A task with a secret in its script or values loses its fingerprint, with which
 * a guess could be confirmed.
 */
export function maskedRun({record, tails, maskedOutputs, objects, origin}: ReportedRun, mask: Mask): ReportedRun {
  // Without color sequences, a value that contained one is whole again and can be masked.
  const shown = (text: string) => {
    const plain = mask(text)
    return hasColors(plain) ? mask(withoutEscapeSequences(plain)) : plain
  }
  const masked = (task: Task): Task => ({
    ...task,
    id: shown(task.id),
    key: shown(task.key),
    name: shown(task.name),
    fingerprint: holdsSecret(task, mask) ? null : task.fingerprint
  })
  const tasks = new Map(record.tasks.map(({task}) => [task, masked(task)]))
  const maskedTask = (task: Task) => tasks.get(task) ?? masked(task)
  return {
    record: {
      ...record,
      limit: maskedLimit(record.limit, maskedTask, mask),
      tasks: record.tasks.map(task => maskedTaskRecord(task, maskedTask, mask))
    },
    tails: new Map([...tails].map(([task, lines]) => [maskedTask(task), lines.map(shown)])),
    maskedOutputs: new Map(
      record.tasks.map(each => [
        maskedTask(each.task),
        [...new Set([...(maskedOutputs?.get(each.task) ?? []), ...maskedNames(changesOf(each), mask)])]
      ])
    ),
    objects,
    origin
  }
}

function holdsSecret({script, parameters, arguments: positional, item}: Task, mask: Mask): boolean {
  if (script.kind === 'run' && mask(script.text) !== script.text) return true
  return [parameters, positional, item].some(value => value !== undefined && hasMaskedText(value, mask))
}

function hasMaskedText(value: Value, mask: Mask): boolean {
  if (Array.isArray(value)) return (value as readonly Value[]).some(item => hasMaskedText(item, mask))
  if (value instanceof Map) return [...value.values()].some(item => hasMaskedText(item as Value, mask))
  const text = String(value)
  return mask(text) !== text
}

function maskedNames({outputs}: TaskChanges, mask: Mask): readonly string[] {
  return [...outputs].flatMap(([name, value]) => (mask(name) === name && mask(value) === value ? [] : [mask(name)]))
}

const hasColors = (text: string): boolean => text.includes('\u001b') || text.includes('\u009b')

type MaskTask = (task: Task) => Task

function maskedTaskRecord({task, attempts, verdict, ...rest}: TaskRecord, maskTask: MaskTask, mask: Mask): TaskRecord {
  return {
    ...rest,
    task: maskTask(task),
    attempts: attempts.map(attempt => ({
      ...attempt,
      end: maskedVerdict(attempt.end, maskTask, mask),
      changes: maskedChanges(attempt.changes, mask),
      matched: attempt.matched && {...attempt.matched, text: mask(attempt.matched.text)}
    })),
    verdict: maskedVerdict(verdict, maskTask, mask)
  }
}

function maskedVerdict<V extends Verdict>(verdict: V, maskTask: MaskTask, mask: Mask): V {
  if (verdict.status === 'kept') return {...verdict, changes: maskedChanges(verdict.changes, mask)}
  if ('message' in verdict) return {...verdict, message: mask(verdict.message)}
  if ('need' in verdict) return {...verdict, need: maskTask(verdict.need)}
  if ('cause' in verdict) return {...verdict, cause: maskTask(verdict.cause)}
  return verdict
}

function maskedLimit(limit: RunLimit | undefined, maskTask: MaskTask, mask: Mask): RunLimit | undefined {
  if (limit?.reason === 'internal') return {...limit, message: mask(limit.message)}
  return limit?.reason === 'no-worker' ? {...limit, cause: maskTask(limit.cause)} : limit
}

/** Masks a task's outputs and summary. */
function maskedChanges(changes: TaskChanges, mask: Mask): TaskChanges {
  return {
    ...changes,
    outputs: new Map([...changes.outputs].map(([name, value]) => [mask(name), mask(value)])),
    summary: mask(changes.summary)
  }
}
