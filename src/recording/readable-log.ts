import {BoundedLog} from './bounded-log.ts'
import {type LogStore, type StoredLog, shareOf} from './log-store.ts'

/** A log that can be read. */
export interface ReadableLog extends Pick<StoredLog, 'attempt' | 'isFailed' | 'length' | 'leftOut'> {
  /** Position of its task in the report. */
  readonly task: number
  /** Reads the log from its start, masked. The next chunk may overwrite the previous one. Rejects with file system errors. */
  readonly chunks: () => AsyncIterable<Uint8Array>
}

/** The logs of a store, in the order of the report. `positions`: maps the `index` of a task to its position in the report. */
export function readableLogs(store: LogStore, positions: ReadonlyMap<number, number>): readonly ReadableLog[] {
  return store.logs
    .flatMap(log => {
      const task = positions.get(log.task)
      return task === undefined ? [] : [{...log, task, chunks: () => store.chunks(log)}]
    })
    .sort((a, b) => a.task - b.task || a.attempt - b.attempt)
}

/** Logs that fit into a limit, and the number of the others. */
export interface ChosenLogs {
  readonly logs: readonly ReadableLog[]
  /** Number of logs that are left out completely. */
  readonly leftOut: number
}

/** Chooses the logs that fit into `limit` bytes, those of failures first. A log that is too long is read without its middle. */
export function chooseLogs(logs: readonly ReadableLog[], limit: number): ChosenLogs {
  let rest = limit
  const chosen: ReadableLog[] = []
  for (const log of [...logs.filter(({isFailed}) => isFailed), ...logs.filter(({isFailed}) => !isFailed)]) {
    const share = shareOf(rest)
    if (share === 0) continue
    const length = Math.min(log.length, share)
    rest -= length
    chosen.push(length === log.length ? log : {...log, length, leftOut: log.leftOut + log.length - length, chunks: () => cut(log, share)})
  }
  return {logs: chosen, leftOut: logs.length - chosen.length}
}

async function* cut(log: ReadableLog, limit: number): AsyncIterable<Uint8Array> {
  const bounded = new BoundedLog(log.length, limit)
  for await (const chunk of log.chunks()) yield* bounded.take(chunk)
  yield* bounded.end()
}
