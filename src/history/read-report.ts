import {statSync} from 'node:fs'
import type {z} from 'zod'
import {foldCase} from '../model/name-table.ts'
import {failure, type Result, success} from '../model/result.ts'
import {isNameOfPair} from '../model/task-changes.ts'
import {type RunReport, reportSchema, reportSchemaVersion, type TaskReport} from '../report/report-schema.ts'
import {readAtMost} from '../system/bounded-read.ts'
import {quoted} from '../text/quoted.ts'

/** Largest report that is read, in bytes: about twice the size of a report of the longest list. */
export const maxReportBytes = 256 * 1024 * 1024

/** Most tasks in a report: as many as a list may make. */
const maxReportTasks = 100_000

/** Reads a JSON report, which may be crafted by an attacker. The error is the end of a sentence about the file. */
export function readReport(file: string): Result<RunReport, string> {
  if (statSync(file, {throwIfNoEntry: false}) === undefined) return failure('does not exist')
  const read = readAtMost(file, maxReportBytes)
  if (!read.ok) return read
  const {bytes, size} = read.value
  if (size > maxReportBytes) return failure(`has ${size.toLocaleString('en')} bytes, and 256 MiB is the limit`)
  try {
    return parseReport(new TextDecoder('utf-8', {fatal: true}).decode(bytes))
  } catch {
    return failure('is no text in UTF-8')
  }
}

/** Parses and checks a JSON report; unknown properties are ignored. The error is the end of a sentence about the report. */
export function parseReport(text: string): Result<RunReport, string> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return failure(text.trim() === '' ? 'is empty' : 'is no JSON')
  }
  if (!hasVersion(json)) return failure('is no report of pwsh-pool: it has no schemaVersion')
  const {schemaVersion} = json
  if (schemaVersion !== reportSchemaVersion) {
    return failure(`has the schemaVersion ${quoted(String(schemaVersion))}, and this version of pwsh-pool reads ${reportSchemaVersion}`)
  }
  if (tasksIn(json).length > maxReportTasks) return failure(`has more than ${maxReportTasks.toLocaleString('en')} tasks`)
  const parsed = reportSchema.safeParse(json)
  if (!parsed.success) return failure(`is no report of pwsh-pool: ${issueText(parsed.error.issues[0])}`)
  const report = withAllOutputs(parsed.data, json)
  const contradiction = contradictionIn(report)
  return contradiction === undefined ? success(report) : failure(`contradicts itself: ${contradiction}`)
}

function hasVersion(json: unknown): json is {readonly schemaVersion: unknown} {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, 'schemaVersion')
}

function tasksIn(json: object): readonly unknown[] {
  return 'tasks' in json && Array.isArray(json.tasks) ? json.tasks : []
}

function issueText(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'its form is wrong'
  const place = issue.path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`), '')
  return `${quoted(place.replace(/^\./, '') || 'the whole')} is missing or wrong`
}

// zod drops the key __proto__, which a task may have used as an output name.
function withAllOutputs(report: RunReport, json: object): RunReport {
  const raw = tasksIn(json) as readonly {readonly outputs: Readonly<Record<string, unknown>>}[]
  const tasks = report.tasks.map((task, position): TaskReport => {
    const outputs = Object.entries(raw[position]?.outputs ?? {})
    if (outputs.length === Object.keys(task.outputs).length) return task
    return {...task, outputs: Object.fromEntries(outputs.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))}
  })
  return {...report, tasks}
}

/** The first contradiction in the report, in words; `undefined` for none. */
function contradictionIn(report: RunReport): string | undefined {
  return (
    repeatedIn(report.tasks) ?? countIn(report) ?? shardIn(report) ?? report.tasks.map(taskContradiction).find(text => text !== undefined)
  )
}

/** Whether an id or key is masked, and therefore does not identify a task. */
export const isMasked = (text: string): boolean => text.includes('***')

function repeatedIn(tasks: readonly TaskReport[]): string | undefined {
  const seen = {id: new Set<string>(), key: new Set<string>(), position: new Set<string>()}
  for (const task of tasks) {
    const values = {id: foldCase(task.id), key: task.key, position: String(task.position)}
    for (const name of ['id', 'key', 'position'] as const) {
      if (isMasked(values[name])) continue
      if (seen[name].has(values[name])) return `two tasks have the ${name} ${quoted(String(task[name]))}`
      seen[name].add(values[name])
    }
  }
  return undefined
}

function countIn({counts, tasks}: RunReport): string | undefined {
  for (const [status, expected] of Object.entries(counts)) {
    const found = tasks.filter(task => task.status === status).length
    if (found !== expected) return `it counts ${expected} tasks with the status ${quoted(status)} and has ${found}`
  }
  return undefined
}

function shardIn({listed, shard, tasks}: RunReport): string | undefined {
  const beyond = tasks.find(({position}) => position >= listed)
  if (beyond !== undefined) return `${quoted(beyond.id)} has the position ${beyond.position} in a list of ${listed}`
  if (shard === null) return undefined
  if (shard.sizes.length !== shard.count || shard.index >= shard.count) return 'its shard is none of those that it lists'
  return undefined
}

function taskContradiction({id, status, attempts, allowed, mayFail, outputs}: TaskReport): string | undefined {
  const wrongName = Object.keys(outputs).find(name => !isNameOfPair(name))
  if (wrongName !== undefined) return `${quoted(id)} has the output ${quoted(wrongName)}, which nothing can write`
  const wrong = attempts.findIndex(({number}, position) => number !== position + 1)
  if (wrong !== -1) return `the attempts of ${quoted(id)} are not numbered from 1`
  const open = attempts.findIndex(attempt => attempt.status === null)
  if (open !== -1 && (status !== null || open < attempts.length - 1)) return `an attempt of ${quoted(id)} has not ended, and others have`
  if (status === 'kept' && attempts.length > 0) return `${quoted(id)} is kept, and has run`
  if (status === 'success' && attempts.at(-1)?.status !== 'success') return `${quoted(id)} succeeded without a successful attempt`
  if (allowed && !mayFail) return `${quoted(id)} has an allowed failure, and may not fail`
  if (allowed && status !== 'failure' && status !== 'timed-out') return `${quoted(id)} has an allowed failure, and did not fail`
  return undefined
}
