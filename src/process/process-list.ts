import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {runProgram} from './run-program.ts'

/** A process, with what ending a task needs to know. */
export interface ListedProcess {
  readonly pid: number
  readonly parent: number
  /** Its process group; 0 on Windows, which has none. */
  readonly group: number
  /** Distinguishes it from a later process with the same pid. */
  readonly identity: string
  /**
   * Start time, in milliseconds since 1970, on Windows, where `parent` keeps the pid of a process that is over and whose pid may be reused.
   * `undefined` elsewhere.
   */
  readonly createdAt?: number | undefined
  /** Its program's name. */
  readonly name: string
  /** Its environment at its start has the mark. */
  readonly isMarked: boolean
}

/** Lists all processes and searches their environments for `mark` (`NAME=value`). Never rejects. */
export type ListProcesses = (mark: string) => Promise<readonly ListedProcess[]>

/** The list, or `undefined` if it takes longer than `limitMs`. */
export async function listedWithin(
  limitMs: number,
  listing: Promise<readonly ListedProcess[]>
): Promise<readonly ListedProcess[] | undefined> {
  let limit: NodeJS.Timeout | undefined
  const tooLate = new Promise<undefined>(resolve => {
    limit = setTimeout(() => resolve(undefined), limitMs)
  })
  const listed = await Promise.race([listing, tooLate])
  clearTimeout(limit)
  return listed
}

/** The lister of this platform that needs no helper process. On Windows it lists nothing; `ProcessLister` does. */
export function listProcessesOn(platform: NodeJS.Platform): ListProcesses {
  if (platform === 'win32') return async () => []
  return platform === 'linux' ? listFromProc : listFromPs
}

// Synchronous, because these files are in memory: reading one takes some microseconds, a turn of the thread pool ten times that.
async function listFromProc(mark: string): Promise<readonly ListedProcess[]> {
  const names = contentOf(() => readdirSync('/proc')) ?? []
  return names.filter(name => /^\d+$/.test(name)).flatMap(pid => readFromProc(Number(pid), mark) ?? [])
}

function readFromProc(pid: number, mark: string): ListedProcess | undefined {
  const found = parseProcStat(contentOf(() => readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? '')
  if (found === undefined || found.parent === kernelThreads) return undefined
  const environment = contentOf(() => readFileSync(`/proc/${pid}/environ`))
  const name = programName(found.name, () => contentOf(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? '')
  return {pid, ...found, name, isMarked: environment?.includes(`${mark}\0`) ?? false}
}

/**
 * The name of a program by that of its main thread, which is the same unless the program has named the thread, as Node does from version 24 on.
 * `readArguments`: its arguments, each with a NUL after it, the program first.
 */
export function programName(mainThread: string, readArguments: () => string): string {
  if (mainThread !== 'MainThread') return mainThread
  const [program = ''] = readArguments().split('\0')
  return path.posix.basename(program) || mainThread
}

/** Parent of all kernel threads, which have no environment and are half of an idle machine's processes. */
const kernelThreads = 2

// A process may end between any two reads: then it is not listed. Another user's environment cannot be read.
function contentOf<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/**
 * Parses `/proc/PID/stat`; `undefined` for a zombie or another line. The name may contain spaces and parentheses.
 * Source: proc_pid_stat(5): (2) comm, (3) state, (4) ppid, (5) pgrp, (22) starttime.
 */
export function parseProcStat(stat: string): Pick<ListedProcess, 'name' | 'parent' | 'group' | 'identity'> | undefined {
  const found = /^\d+ \((?<name>.*)\) (?<rest>.*)$/s.exec(stat)?.groups
  const [state, parent, group, ...others] = (found?.rest ?? '').trim().split(' ')
  if (found?.name === undefined || state === undefined || 'ZXx'.includes(state)) return undefined
  return {name: found.name, parent: Number(parent), group: Number(group), identity: others[16] ?? ''}
}

/** Time limit of a list, in milliseconds. */
const timeLimitMs = 3000

async function listFromPs(mark: string): Promise<readonly ListedProcess[]> {
  const columns = ['pid', 'ppid', 'pgid', 'stat', 'lstart', 'command'].flatMap(column => ['-o', `${column}=`])
  const environment = {...process.env, LC_ALL: 'C'}
  const answer = await runProgram({program: '/bin/ps', arguments: ['-axEww', ...columns], environment, timeLimitMs})
  return answer.ok ? answer.value.stdout.split('\n').flatMap(line => parsePsLine(line, mark) ?? []) : []
}

/** Length of `Mon Nov  2 10:11:12 2026`, as `ps` prints `lstart` in the C locale. */
const startTimeLength = 24

/** Parses a line of `ps -axEww -o pid= -o ppid= -o pgid= -o stat= -o lstart= -o command=`; the environment follows the command. */
export function parsePsLine(line: string, mark: string): ListedProcess | undefined {
  const numbers = /^ *(\d+) +(\d+) +(\d+) +(\S+) +/.exec(line)
  if (numbers === null || numbers[4]?.startsWith('Z')) return undefined
  const [{length}, pid, parent, group] = numbers
  const identity = line.slice(length, length + startTimeLength)
  if (!/^\w+ \w+ +\d+ [\d:]+ \d+$/.test(identity)) return undefined
  const [command = '', ...others] = line
    .slice(length + startTimeLength)
    .trimStart()
    .split(' ')
  const name = command.slice(command.lastIndexOf('/') + 1)
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    identity,
    name,
    isMarked: ` ${others.join(' ')} `.includes(` ${mark} `)
  }
}
