import {statSync} from 'node:fs'
import path from 'node:path'
import {defaultSuccessCodes, exitCodeLimits} from '../model/exit-code.ts'
import {failure, type Result, success} from '../model/result.ts'
import {
  type CommandMode,
  type FailFast,
  type FlakyMode,
  type Leftovers,
  type ListSource,
  type LogMode,
  type MaxFailures,
  type ModuleToImport,
  maxFailuresLimit,
  maxParallelLimit,
  maxShards,
  maxTasksPerWorkerLimit,
  type NamedFile,
  noRetry,
  objectsFileForm,
  type Settings,
  type ShardChoice,
  type SummaryMode
} from '../model/settings.ts'
import type {Isolation, RetryPolicy} from '../model/task.ts'
import {unreachable} from '../model/unreachable.ts'
import {parseDuration} from '../text/duration.ts'
import {didYouMean} from '../text/nearest.ts'
import {quotedList} from '../text/quoted.ts'
import {parseSlow, slowNeedsTimings} from '../text/slow-limit.ts'
import {describeInput, type InputName} from './input-table.ts'

/** An input that breaks its rule. */
export interface InputMistake {
  readonly input: InputName
  /** The rule, and the value that broke it. */
  readonly message: string
}

/** The source of the inputs. */
export interface InputSource {
  /** The raw input; empty if it was not given. */
  readonly read: (name: InputName) => string
  /** The lines of an input, if there is a better way than splitting `read`. */
  readonly readLines?: ((name: InputName) => readonly string[]) | undefined
  /** The list, if it does not come from `tasks`, `tasks-file` or `tasks-script`. */
  readonly list?: ListSource | undefined
  /** Absolute: `GITHUB_WORKSPACE`, or the current folder. */
  readonly workspace: string
  /** Processors of the machine, from 1: the value of `max-parallel: auto`. */
  readonly processors: number
}

/** What a value must be, such as `a number from 1`. The object form adds `hint`, the end of the sentence, which names the nearest valid value. */
export type Rule = string | {readonly rule: string; readonly hint: string}

type Parse<T> = (value: string) => Result<T, Rule>

/** The end of a message about a wrong value: the rule and the value. */
export function wrongValue(right: Rule, value: string): string {
  const {rule, hint} = typeof right === 'string' ? {rule: right, hint: ''} : right
  return `expected ${rule}, got "${value}"${hint}`
}

/** Turns inputs or options into settings. Only this function reads them. The error lists every mistake. */
export function loadSettings(source: InputSource): Result<Settings, readonly InputMistake[]> {
  const mistakes: InputMistake[] = []
  const given = (name: InputName) => source.read(name).trim() || (describeInput(name).default ?? '')
  const parsed = <T>(input: InputName, parse: Parse<T>, whenWrong: T): T => {
    const value = given(input)
    const result = parse(value)
    if (result.ok) return result.value
    mistakes.push({input, message: wrongValue(result.error, value)})
    return whenWrong
  }
  const settings: Settings = {
    list: listSource(source, mistakes),
    workspace: source.workspace,
    workingDirectory: workingDirectory(source, mistakes),
    maxParallel: parsed('max-parallel', value => parseMaxParallel(value, source.processors), 1),
    processors: source.processors,
    minParallel: parsed('min-parallel', wholeNumber(0, maxParallelLimit), 0),
    isolation: parsed('isolation', oneOf(isolations), 'process'),
    maxTasksPerWorker: parsed('max-tasks-per-worker', wholeNumber(1, maxTasksPerWorkerLimit), 1),
    shell: given('shell'),
    modules: linesOf(source, 'modules').map(line => moduleToImport(line, source.workspace)),
    setup: source.read('setup'),
    setupOnce: source.read('setup-once'),
    setupTimeoutMs: parsed('setup-timeout', parseDuration, 0),
    leftovers: parsed('leftovers', oneOf(leftoverModes), 'keep'),
    failFast: parsed('fail-fast', parseFailFast, 'false'),
    flaky: parsed('flaky', oneOf(flakyModes), 'warn'),
    maxFailures: parsed('max-failures', parseMaxFailures, firstFailure),
    timeoutMs: parsed('timeout', parseDuration, 0),
    totalTimeoutMs: parsed('total-timeout', parseDuration, 0),
    retry: parsed('retry', parseRetry, noRetry),
    slow: parsed('slow', parseSlow, {ms: 0}),
    successCodes: parsed('success-codes', parseExitCodes, defaultSuccessCodes),
    objects: parsed('objects', parseBoolean, false),
    log: parsed('log', oneOf(logModes), 'grouped'),
    heartbeatMs: parsed('heartbeat', parseDuration, 0),
    logs: filePath(source, 'logs'),
    objectsFile: objectsFile(source, mistakes),
    annotations: parsed('annotations', parseBoolean, true),
    workflowCommands: parsed('workflow-commands', oneOf(commandModes), 'forward'),
    summary: parsed('summary', oneOf(summaryModes), 'all'),
    jsonReport: filePath(source, 'json-report'),
    junitReport: filePath(source, 'junit-report'),
    shard: parsed('shard', parseShard, undefined),
    timingsFile: filePath(source, 'timings-file'),
    htmlReport: filePath(source, 'html-report'),
    recording: filePath(source, 'recording'),
    traceReport: filePath(source, 'trace-report'),
    resumeFrom: namedFile(source, 'resume-from'),
    dryRun: parsed('dry-run', parseBoolean, false)
  }
  if (settings.failFast === 'false' && !isFirstFailure(settings.maxFailures) && !mistakes.some(({input}) => input === 'fail-fast'))
    mistakes.push({
      input: 'max-failures',
      message: `expected "fail-fast" to be no-new or true, which is what acts after so many failures, got "${given('max-failures')}" with "fail-fast: false"`
    })
  if ('times' in settings.slow && settings.timingsFile === undefined)
    mistakes.push({input: 'slow', message: `${slowNeedsTimings}, got "${given('slow')}"`})
  return mistakes.length === 0 ? success(settings) : failure(mistakes)
}

function linesOf({read, readLines}: InputSource, input: InputName): readonly string[] {
  const lines = readLines?.(input) ?? read(input).split(/\r?\n/)
  return lines.map(line => line.trim()).filter(line => line !== '')
}

const listInputs = ['tasks', 'tasks-file', 'tasks-script'] as const

function listSource(inputs: InputSource, mistakes: InputMistake[]): ListSource {
  const {read, list} = inputs
  if (list !== undefined) return list
  const given = listInputs.filter(name => read(name).trim() !== '')
  const [source = 'tasks', second] = given
  if (second !== undefined)
    mistakes.push({input: second, message: `expected one of "tasks", "tasks-file" and "tasks-script", got ${quotedList(given)}`})
  if (given.length === 0)
    mistakes.push({input: 'tasks', message: 'expected a list of tasks here, in "tasks-file" or by "tasks-script", got nothing'})
  switch (source) {
    case 'tasks':
      return {kind: 'inline', source, text: read(source)}
    case 'tasks-file':
      return {kind: 'files', source, patterns: linesOf(inputs, source)}
    case 'tasks-script':
      return {kind: 'script', source, text: read(source)}
    default:
      return unreachable(source)
  }
}

function workingDirectory({read, workspace}: InputSource, mistakes: InputMistake[]): string {
  const given = read('working-directory').trim()
  const folder = path.resolve(workspace, given)
  if (statSync(folder, {throwIfNoEntry: false})?.isDirectory() !== true) {
    mistakes.push({input: 'working-directory', message: `expected an existing folder, got "${given}", which is ${folder}`})
  }
  return folder
}

function filePath({read, workspace}: InputSource, input: InputName): string | undefined {
  return pathIn(read(input), workspace)
}

/** Resolves a path against `workspace`; `undefined` if it is blank. */
export function pathIn(given: string, workspace: string): string | undefined {
  return given.trim() === '' ? undefined : path.resolve(workspace, given.trim())
}

function namedFile(source: InputSource, input: InputName): NamedFile | undefined {
  const file = filePath(source, input)
  return file === undefined ? undefined : {file, shown: source.read(input).trim()}
}

function objectsFile(source: InputSource, mistakes: InputMistake[]): string | undefined {
  const file = filePath(source, 'objects-file')
  if (file === undefined || objectsFileForm(file) !== undefined) return file
  mistakes.push({
    input: 'objects-file',
    message: `expected a file that ends with .json, .ndjson or .csv, got "${source.read('objects-file').trim()}"`
  })
  return undefined
}

function parseMaxParallel(value: string, processors: number): Result<number, string> {
  if (value === 'auto') return success(Math.min(processors, maxParallelLimit))
  const number = wholeNumber(1, maxParallelLimit)(value)
  return number.ok ? number : failure(`"auto" or ${number.error}`)
}

/** `Name`, `Name@1.2.3`, or a path, which is relative to the workspace. */
function moduleToImport(line: string, workspace: string): ModuleToImport {
  const exact = /^(?<name>.+)@(?<version>\d+(?:\.\d+){0,3})$/.exec(line)?.groups
  if (exact?.name !== undefined) return {name: exact.name, version: exact.version}
  const isPath = /[\\/]|\.(?:psd1|psm1|dll)$/i.test(line)
  return {name: isPath ? path.resolve(workspace, line) : line, version: undefined}
}

const flakyModes: readonly FlakyMode[] = ['pass', 'warn', 'fail']
const leftoverModes: readonly Leftovers[] = ['keep', 'end']
const isolations: readonly Isolation[] = ['process', 'runspace', 'none', 'thread']
const logModes: readonly LogMode[] = ['grouped', 'live']
const commandModes: readonly CommandMode[] = ['forward', 'ignore']
/** Every value of `summary`. */
export const summaryModes: readonly SummaryMode[] = ['all', 'failures', 'none']

/** A parser that accepts only the words in `known`. */
export function oneOf<T extends string>(known: readonly T[]): Parse<T> {
  return value => {
    const found = known.find(name => name === value)
    const rule = `${known.slice(0, -1).join(', ')} or ${known.at(-1)}`
    return found === undefined ? failure({rule, hint: didYouMean(value, known)}) : success(found)
  }
}

function parseRetry(value: string): Result<RetryPolicy, Rule> {
  const times = wholeNumber(0, 100)(value)
  return times.ok ? success({...noRetry, times: times.value}) : times
}

/** Exit codes as `0`, as `0, 1, 3010`, one on each line, or as a YAML list. */
function parseExitCodes(value: string): Result<readonly number[], string> {
  const codes = value
    .replace(/^\[(.*)\]$/s, '$1')
    .split(/[\s,]+/)
    .filter(code => code !== '')
  const numbers = codes.map(code => (/^-?\d{1,10}$/.test(code) ? Number(code) : Number.NaN))
  const isRight = numbers.length > 0 && numbers.every(number => number >= exitCodeLimits.least && number <= exitCodeLimits.most)
  return isRight ? success(numbers) : failure('exit codes with commas between them, such as "0, 3010"')
}

function wholeNumber(least: number, most: number): Parse<number> {
  return value => {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : undefined
    return number !== undefined && number >= least && number <= most ? success(number) : failure(`a whole number from ${least} to ${most}`)
  }
}

const shardRule = 'i/n, with n shards and i from 0 to n - 1, such as 0/4'

/** A shard as `0/4`; empty means the whole list. */
function parseShard(value: string): Result<ShardChoice | undefined, string> {
  if (value === '') return success(undefined)
  const [, index, count] = (/^(\d{1,6})\s*\/\s*(\d{1,6})$/.exec(value) ?? []).map(Number)
  if (index === undefined || count === undefined) return failure(shardRule)
  if (count === 0 || count > maxShards) return failure(`${shardRule}, and n from 1 to ${maxShards}`)
  if (index >= count) return failure(`${shardRule} (shards count from 0: the last of ${count} is ${count - 1}/${count})`)
  return success({index, count})
}

const failFastModes: readonly FailFast[] = ['false', 'no-new', 'true']

function parseFailFast(value: string): Result<FailFast, Rule> {
  const mode = failFastModes.find(known => known === value.toLowerCase())
  return mode === undefined ? failure({rule: 'false, no-new or true', hint: didYouMean(value, failFastModes)}) : success(mode)
}

const firstFailure: MaxFailures = {kind: 'count', count: 1}

const isFirstFailure = (limit: MaxFailures): boolean => limit.kind === 'count' && limit.count === 1

function parseMaxFailures(value: string): Result<MaxFailures, string> {
  const rule = `a whole number from 1 to ${maxFailuresLimit.toLocaleString('en')}, or a percentage such as 10%`
  const percent = /^(\d{1,3}(?:\.\d{1,2})?) ?%$/.exec(value)?.[1]
  if (percent !== undefined) {
    const share = Number(percent)
    return share > 0 && share <= 100 ? success({kind: 'percentage', percent: share}) : failure(`${rule} (above 0%, at most 100%)`)
  }
  const number = wholeNumber(1, maxFailuresLimit)(value)
  return number.ok ? success({kind: 'count', count: number.value}) : failure(rule)
}

/** Parses `true` or `false` in the spellings of GitHub's own `getBooleanInput`. */
export function parseBoolean(value: string): Result<boolean, string> {
  if (['true', 'True', 'TRUE'].includes(value)) return success(true)
  if (['false', 'False', 'FALSE'].includes(value)) return success(false)
  return failure('true or false')
}
