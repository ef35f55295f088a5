import type {ListedProcess} from '../process/process-list.ts'
import {decoded} from '../text/percent-encoding.ts'

/** Parses the output of `src/powershell/scripts/list-processes.ps1`. */
export function parseWindowsList(lines: readonly string[]): readonly ListedProcess[] {
  const processes = lines.flatMap(line => parseWindowsLine(line) ?? [])
  const parents = new Set(processes.map(({parent}) => parent))
  return processes.filter(({pid, name}) => parents.has(pid) || !isConsole(name))
}

// A console host is listed as a child of the first program in its console, but no program has started it; it ends with the last program in the
// console.
const isConsole = (name: string): boolean => /^(?:conhost|openconsole)\.exe$/i.test(name)

/** A listed process; `undefined` for other lines, and for system processes without a start time. */
export function parseWindowsLine(line: string): ListedProcess | undefined {
  const [pid, parent, time = '', name = ''] = line.split('\t')
  const createdAt = timeOf(time)
  if (createdAt === undefined) return undefined
  return {pid: Number(pid), parent: Number(parent), group: 0, identity: time, createdAt, name: decoded(name), isMarked: false}
}

/**
 * Converts a WMI time to milliseconds since 1970, with its microseconds: `20261130160536.123456+060`, where the last part is minutes east of
 * Greenwich.
 * Source: MOF data types, CIM_DATETIME.
 */
function timeOf(text: string): number | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.(\d{6})([+-]\d{3})$/.exec(text)?.slice(1).map(Number)
  if (found === undefined) return undefined
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, microsecond = 0, east = 0] = found
  return Date.UTC(year, month - 1, day, hour, minute - east, second) + microsecond / 1000
}
