import {execFile} from 'node:child_process'
import {readdir, readFile} from 'node:fs/promises'

/** One process of this machine, as far as ending a task needs to know it. */
export interface ListedProcess {
  readonly pid: number
  readonly parent: number
  /** Its process group. */
  readonly group: number
  /** Tells it apart from a later process with the same pid. */
  readonly identity: string
  /** The name of its program. */
  readonly name: string
  /** Whether its environment, as it was when it was started, holds the mark that was asked for. */
  readonly isMarked: boolean
}

/** Lists the processes of this machine; `mark` is looked for in their environments, as `NAME=value`. Never rejects. */
export type ListProcesses = (mark: string) => Promise<readonly ListedProcess[]>

/** The way of listing on a platform. Windows has none that is fast enough: there `taskkill /T` finds the tree by itself. */
export function listProcessesOn(platform: NodeJS.Platform): ListProcesses {
  if (platform === 'win32') return async () => []
  return platform === 'linux' ? listFromProc : listFromPs
}

async function listFromProc(mark: string): Promise<readonly ListedProcess[]> {
  const names = await readdir('/proc').catch(() => [])
  const listed = await Promise.all(names.filter(name => /^\d+$/.test(name)).map(pid => readFromProc(Number(pid), mark)))
  return listed.filter(process => process !== undefined)
}

// A process may end between any two reads: then it is not listed. The environment of somebody else's cannot be read.
async function readFromProc(pid: number, mark: string): Promise<ListedProcess | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const found = parseProcStat(stat)
  if (found === undefined) return undefined
  const environment = await readFile(`/proc/${pid}/environ`).catch(() => Buffer.alloc(0))
  return {pid, ...found, isMarked: environment.includes(`${mark}\0`)}
}

/**
 * What `/proc/PID/stat` tells; `undefined` for a process that is over (a zombie) or no such line. The name may hold spaces and parentheses.
 * Source: proc_pid_stat(5): (2) comm, (3) state, (4) ppid, (5) pgrp, (22) starttime.
 */
export function parseProcStat(stat: string): Pick<ListedProcess, 'name' | 'parent' | 'group' | 'identity'> | undefined {
  const found = /^\d+ \((?<name>.*)\) (?<rest>.*)$/s.exec(stat)?.groups
  const [state, parent, group, ...others] = (found?.rest ?? '').trim().split(' ')
  if (found?.name === undefined || state === undefined || 'ZXx'.includes(state)) return undefined
  return {name: found.name, parent: Number(parent), group: Number(group), identity: others[16] ?? ''}
}

function listFromPs(mark: string): Promise<readonly ListedProcess[]> {
  return new Promise(resolve => {
    const columns = ['pid', 'ppid', 'pgid', 'stat', 'lstart', 'command'].flatMap(column => ['-o', `${column}=`])
    execFile('ps', ['-axEww', ...columns], {maxBuffer: 64 * 1024 * 1024, env: {...process.env, LC_ALL: 'C'}}, (_, stdout) =>
      resolve(stdout.split('\n').flatMap(line => parsePsLine(line, mark) ?? []))
    )
  })
}

/** What a line of `ps -axEww -o pid= -o ppid= -o pgid= -o stat= -o lstart= -o command=` tells; the environment follows the command. */
export function parsePsLine(line: string, mark: string): ListedProcess | undefined {
  const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(\S+)(.*)$/.exec(line)
  if (found === null || found[4]?.startsWith('Z')) return undefined
  const [, pid, parent, group, , identity = '', command = '', rest = ''] = found
  const name = command.slice(command.lastIndexOf('/') + 1)
  return {pid: Number(pid), parent: Number(parent), group: Number(group), identity, name, isMarked: `${rest} `.includes(` ${mark} `)}
}
