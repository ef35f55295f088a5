import {failure, type Result, success} from '../result.ts'

/**
 * What a worker and the pool say to each other on their own connection: lines of UTF-8, fields separated by tabs, what may hold anything in
 * base64. `worker/ready.ps1` is the other half; docs/architecture.md has the table.
 */
export type WorkerMessage =
  | {readonly type: 'ready'; readonly version: string; readonly token: string}
  /** The task begins with the next thing that the worker does; the connection is closed after it. */
  | {readonly type: 'started'}

/** The version that both halves have to agree on; they are published together, so another one is a bug. */
export const protocolVersion = '1'

/** Variables to set, or with null to remove, in a worker's environment. */
export type EnvironmentChanges = ReadonlyMap<string, string | null>

/** The line that hands a worker its task, its end included. `workingDirectory`: absolute. */
export function runMessage(workingDirectory: string, changes: EnvironmentChanges): string {
  const variables = [...changes].flatMap(([name, value]) => [base64(name), value === null ? '-' : base64(value)])
  return `${['run', base64(workingDirectory), ...variables].join('\t')}\n`
}

/** A line from a worker, without its end. The error says what was wrong with it. */
export function parseWorkerMessage(line: string): Result<WorkerMessage, string> {
  const [type, version = '', token = ''] = line.split('\t')
  if (type === 'ready') return success({type, version, token})
  if (type === 'started') return success({type})
  return failure(`a worker said "${line.slice(0, 100)}"`)
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
