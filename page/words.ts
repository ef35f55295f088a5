import {percentChange} from '../src/text/percent-change.ts'
import type {Row, Status} from './run-model.ts'
import {visibleText} from './visible-text.ts'

/** A duration such as `3.2 s`, `1 min 5 s` or `2 h 3 min`; below a tenth of a second `80 ms`. */
export function duration(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `1 task`, `3 tasks`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`
}

/** `1.2 MiB`, `3.4 KiB`, `12 bytes`. */
export function size(bytes: number): string {
  if (bytes >= 1024 * 1024) return `${(bytes / 1024 / 1024).toFixed(1)} MiB`
  return bytes >= 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : count(bytes, 'byte')
}

/** The name of a shard, counted from 1: `shard 2`. `shard`: from 0. */
export const shardName = (shard: number): string => `shard ${shard + 1}`

/** The change of a success against its recorded median, such as `recorded 40.0 s, +23 %`; `undefined` if nothing is recorded. */
export function recordedText({task, status}: Row): string | undefined {
  const last = task.attempts.at(-1)
  if (task.recorded === null || last === undefined || status !== 'success') return undefined
  const {medianMs} = task.recorded
  return [`recorded ${duration(medianMs)}`, percentChange(last.durationMs, medianMs)].filter(Boolean).join(', ')
}

/** The sign of a status, as in the log. */
export function sign(status: Status): string {
  switch (status as Status | 'kept') {
    case 'success':
      return '✓'
    case 'kept':
      return '↺'
    case 'failure':
    case 'timed-out':
      return '✗'
    case 'running':
      return '…'
    default:
      return '⊘'
  }
}

/** The CSS class for the color of a status: `success`, `failed`, `allowed`, `flaky`, `cancelled`, `skipped`, `kept` or `running`. */
export function tone({status, task, isFlaky}: Pick<Row, 'status' | 'task' | 'isFlaky'>): string {
  if (isFlaky) return 'flaky'
  if (status === 'failure' || status === 'timed-out') return task.allowed ? 'allowed' : 'failed'
  return status
}

/** A status in words, such as `failed (allowed)`. */
export function statusText(row: Row): string {
  if (row.isFlaky) return 'flaky'
  if (row.status === 'success') return 'succeeded'
  if (row.status === 'timed-out') return row.task.allowed ? 'timed out (allowed)' : 'timed out'
  if (row.status === 'failure') return row.task.allowed ? 'failed (allowed)' : 'failed'
  return row.status
}

/** The name of a task; its id if the name has no visible character. */
export function nameOf({task}: Row): string {
  return visibleText(task.name).trim() || task.id
}
