import {type EnvironmentChanges, variableKey} from '../model/environment.ts'
import {failure, type Result, success} from '../model/result.ts'
import {decoded, encoded} from '../text/percent-encoding.ts'

/**
 * What a worker and the pool say to each other on their own connection, in lines of UTF-8: a worker a line for each message, its fields separated
 * by tabs, the pool a line for each field. `src/powershell/scripts/ready.ps1` is the other half, `src/powershell/scripts/warm.ps1` that of a worker that runs task after task;
 * docs/architecture.md has the table.
 */
export type WorkerMessage =
  /** `home`: the folder that PowerShell is in, its `$PSHOME`. */
  /** `pid`: of PowerShell itself, which may have been started by what `shell` names. */
  | {
      readonly type: 'ready'
      readonly version: string
      readonly token: string
      readonly home: string
      readonly pid: number | undefined
    }
  /** The task begins with the next thing that the worker does. A worker for one task closes the connection after it. */
  | {readonly type: 'started'}
  /** The worker could not prepare itself for the task, and ends. `because`: in the words of PowerShell. */
  | {readonly type: 'refused'; readonly because: string}
  | ({readonly type: 'done'} & TaskDone)

/** What a warm worker tells of a task that is over. */
export interface TaskDone {
  /** As a process of its own would have ended. */
  readonly exitCode: number
  /** Of the worker, in bytes, as of lately; so are the numbers of threads and of open handles. */
  readonly workingSet: number
  readonly threads: number
  readonly handles: number
  /** Why the worker can take no other task and ends by itself; empty if it can. */
  readonly unfitBecause: string
  /** Whether any process lives that did not when the task began, whoever has started it. Only told on Windows. */
  readonly mayHaveStarted: boolean | undefined
}

/** The version that both halves have to agree on; they are published together, so another one is a bug. */
export const protocolVersion = '2'

/** What hands a worker its task. `workingDirectory`: absolute, or empty where the worker is in it. */
export function runMessage(workingDirectory: string, changes: EnvironmentChanges): string {
  return message(['run', encoded(workingDirectory)], changes)
}

/** The same for a warm worker. `nonce`: hexadecimal; stands in the marks around the output of the task. Both paths are absolute. */
export function taskMessage(nonce: string, taskFile: string, workingDirectory: string, changes: EnvironmentChanges): string {
  return message(['task', nonce, encoded(taskFile), encoded(workingDirectory)], changes)
}

// Most names and values go as they are, because a worker has first to compile what decodes them.
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

/** Stands for a variable that is to be removed; no encoded value is a lone percent sign. */
const removed = '%'

/**
 * Puts the folder of PowerShell first in a PATH that is set, as PowerShell does when it starts, so that `pwsh` in a task is this one. Windows
 * PowerShell, which is no `pwsh`, does not: its `home` is passed over. Source: PowerShell, ConsoleHost.cs.
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

/** A line from a worker, without its end. The error says what was wrong with it. */
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
    const [unfitBecause = '', started = ''] = fields.slice(4)
    const mayHaveStarted = started === '' ? undefined : started !== '0'
    return success({type, exitCode, workingSet, threads, handles, unfitBecause, mayHaveStarted})
  }
  return failure(`a worker said "${line.slice(0, 100)}"`)
}
