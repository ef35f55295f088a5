import {type EnvironmentChanges, variableKey} from '../model/environment.ts'
import type {TaskError} from '../model/process-end.ts'
import {failure, type Result, success} from '../model/result.ts'
import {decoded, encoded} from '../text/percent-encoding.ts'

/**
 * Messages between a worker and the pool, in lines of UTF-8. A worker sends one line for each message, with fields separated by tabs; the pool sends
 * one line for each field. The other half is `src/powershell/scripts/ready.ps1`, for warm workers `warm.ps1`. docs/architecture.md has the tables.
 */
export type WorkerMessage =
  /** `home`: its `$PSHOME`. */
  /** `pid`: PowerShell's own; `shell` may be a script that starts it. */
  | {
      readonly type: 'ready'
      readonly version: string
      readonly token: string
      readonly home: string
      readonly pid: number | undefined
    }
  /** The task begins next. A worker for one task closes the connection after this. */
  | {readonly type: 'started'}
  /** The worker could not prepare for the task, and ends. `because`: PowerShell's message. */
  | {readonly type: 'refused'; readonly because: string}
  | ({readonly type: 'done'} & TaskDone)

/** A warm worker's report on a finished task. */
export interface TaskDone {
  /** The exit code that a process of its own would have had. */
  readonly exitCode: number
  /** Recent memory of the worker, in bytes; likewise its threads and open handles. */
  readonly workingSet: number
  readonly threads: number
  readonly handles: number
  /** The reason it must be retired; empty for none. */
  readonly unfitBecause: string
  /** Whether a process exists that did not when the task began. Only on Windows. */
  readonly mayHaveStarted: boolean | undefined
  /** The error that ended the task, if it was an error of PowerShell. */
  readonly error?: TaskError | undefined
}

/** Protocol version. Both halves are published together, so a mismatch is a bug. */
export const protocolVersion = '3'

/**
 * The message that assigns a task. `workingDirectory`: absolute, or empty if unchanged. `errorFile`: absolute path of the file for the error report,
 * or empty if none is requested.
 */
export function runMessage(workingDirectory: string, errorFile: string, changes: EnvironmentChanges): string {
  return message(['run', encoded(workingDirectory), encoded(errorFile)], changes)
}

/**
 * The message that assigns a task to a warm worker. `nonce`: hexadecimal, part of the marks around the output of the task. Both paths are absolute.
 */
export function taskMessage(nonce: string, taskFile: string, workingDirectory: string, changes: EnvironmentChanges): string {
  return message(['task', nonce, encoded(taskFile), encoded(workingDirectory)], changes)
}

// Most names and values are sent unencoded, because a worker would first have to compile a decoder.
function message(fields: readonly string[], changes: EnvironmentChanges): string {
  const removals: string[] = []
  const plain: string[] = []
  const broken: string[] = []
  for (const [name, value] of changes) {
    if (/[\r\n]/.test(name + value)) broken.push(encoded(name), value === null ? removed : encoded(value))
    else if (value === null) removals.push(name)
    else plain.push(name, value)
  }
  return [...fields, ...removals, '', ...plain, '', ...broken, '', ''].join('\n')
}

/** The value that removes a variable; no encoded value is a single percent sign. */
const removed = '%'

/**
 * Puts the folder of PowerShell first in PATH, as PowerShell does at its start, so that `pwsh` in a task is the same one. Windows PowerShell does not
 * do so: its `home` is ignored.
 * Source: PowerShell, ConsoleHost.cs.
 */
export function pathsWithHome(changes: EnvironmentChanges, home: string, platform: NodeJS.Platform): EnvironmentChanges {
  const delimiter = platform === 'win32' ? ';' : ':'
  const isPath = (name: string) => variableKey(name, platform) === 'PATH'
  if (/WindowsPowerShell/i.test(home)) return changes
  return new Map(
    [...changes].map(([name, value]) => [
      name,
      isPath(name) && !value?.startsWith(home + delimiter) ? `${home}${delimiter}${value ?? ''}` : value
    ])
  )
}

/** Parses a line from a worker, without its end. The error says what is wrong with it. */
export function parseWorkerMessage(line: string): Result<WorkerMessage, string> {
  const [type, ...fields] = line.split('\t')
  if (type === 'started') return success({type})
  if (type === 'ready') {
    const [version = '', token = '', home = '', pid = ''] = fields
    return success({type, version, token, home, pid: /^\d{1,10}$/.test(pid) ? Number(pid) : undefined})
  }
  if (type === 'refused') return success({type, because: decoded(fields[0] ?? '')})
  const numbers = fields.slice(0, 4)
  if (type === 'done' && numbers.length === 4 && numbers.every(field => /^-?\d+$/.test(field))) {
    const [exitCode = 1, workingSet = 0, threads = 0, handles = 0] = numbers.map(Number)
    const [unfitBecause = '', started = '', types = '', id = ''] = fields.slice(4)
    const mayHaveStarted = started === '' ? undefined : started !== '0'
    return success({type, exitCode, workingSet, threads, handles, unfitBecause, mayHaveStarted, error: parseTaskError(types, id)})
  }
  return failure(`a worker said "${line.slice(0, 100)}"`)
}

/** Size limit of an error report, in bytes: more than a worker writes. */
export const maxErrorReport = 128 * 1024

/** Parses an error report: both fields are percent-encoded, with one type on each line. `undefined` if there are no types. */
export function parseTaskError(types: string, id: string): TaskError | undefined {
  return types === '' ? undefined : {types: decoded(types).split('\n'), id: decoded(id)}
}
