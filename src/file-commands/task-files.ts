import {lstatSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {envIgnoresCase} from '../model/environment.ts'
import {foldCase} from '../model/name-table.ts'
import {failure, type Result, success} from '../model/result.ts'
import type {TaskChanges} from '../model/task-changes.ts'
import {readAtMost} from '../system/bounded-read.ts'
import {fileLines, fileText} from '../text/file-text.ts'
import {quoted} from '../text/quoted.ts'
import {artifactMistake, maxArtifactBytes} from './artifact-lines.ts'
import {halfLine, type KeyValueRules, readKeyValues} from './key-values.ts'
import {readSummary} from './task-summary.ts'

/** Absolute paths of the file-command files of one attempt, by variable name. */
export interface TaskFilePaths {
  readonly GITHUB_OUTPUT: string
  readonly GITHUB_ENV: string
  readonly GITHUB_PATH: string
  readonly GITHUB_STEP_SUMMARY: string
  readonly GITHUB_ARTIFACTS: string
  /** Discarded: the state of the step belongs to the action. */
  readonly GITHUB_STATE: string
}

/** Size limit of each of GITHUB_OUTPUT, GITHUB_ENV and GITHUB_PATH, in bytes. */
export const maxKeyValueBytes = 16 * 1024 * 1024

/**
 * Creates the empty files of an attempt in `folder` (absolute, existing) and returns them with the variables that name them. Untouched files of an
 * earlier attempt are reused. GITHUB_ARTIFACTS_LIST is not included: a task reads that of the step. Throws file system errors.
 */
export function createTaskFiles(folder: string): {readonly variables: Readonly<Record<string, string>>; readonly files: TaskFilePaths} {
  const files: TaskFilePaths = {
    GITHUB_OUTPUT: path.join(folder, 'output'),
    GITHUB_ENV: path.join(folder, 'env'),
    GITHUB_PATH: path.join(folder, 'path'),
    GITHUB_STEP_SUMMARY: path.join(folder, 'step-summary'),
    GITHUB_ARTIFACTS: path.join(folder, 'artifacts'),
    GITHUB_STATE: path.join(folder, 'state')
  }
  const wanted = new Set(Object.values(files))
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name)
    // Checking a file costs a tenth of creating one, and most tasks write to none.
    if (wanted.has(file) && isUntouched(file)) wanted.delete(file)
    else rmSync(file, {recursive: true, force: true})
  }
  for (const file of wanted) writeFileSync(file, '')
  return {variables: {...files}, files}
}

/** `true` if every file in `folder` is unchanged since it was created, so that another attempt can use it. Throws file system errors. */
export function areUntouched(folder: string): boolean {
  return readdirSync(folder).every(name => isUntouched(path.join(folder, name)))
}

function isUntouched(file: string): boolean {
  const stats = lstatSync(file)
  return stats.isFile() && stats.size === 0 && stats.nlink === 1 && (stats.mode & ownerMayReadAndWrite) === ownerMayReadAndWrite
}

const ownerMayReadAndWrite = 0o600

/**
 * The changes of a successful attempt. This is stricter than the runner, which would already have applied the pairs before a mistake: one mistake or
 * one oversized file fails the task and discards all its files. A missing file counts as empty, as for the runner. The error is a sentence with the
 * file, the line, the rule and the value.
 */
export function readTaskFiles(files: TaskFilePaths, platform: NodeJS.Platform): Result<TaskChanges, string> {
  const changes = readUsable(files, platform, false)
  const [mistake] = changes.fileErrors
  return mistake === undefined ? success(changes) : failure(mistake)
}

/**
 * The usable changes of an attempt that failed or was ended: everything before a mistake, as for the runner. `isCut`: the task may have been ended
 * while writing, so a last line without a line end counts as a mistake, except in a summary.
 */
export function readUnfinishedFiles(files: TaskFilePaths, platform: NodeJS.Platform, isCut: boolean): TaskChanges {
  return readUsable(files, platform, isCut)
}

function readUsable(files: TaskFilePaths, platform: NodeJS.Platform, isCut: boolean): TaskChanges {
  const fileErrors: string[] = []
  const usable = <T>(name: Name, {value, mistake}: Usable<T>): T => {
    if (mistake !== undefined) fileErrors.push(`${name} ${mistake}`)
    return value
  }
  const pairs = (name: Name, rules: KeyValueRules) => usable(name, readPairs(files[name], rules, isCut))
  const outputs = pairs('GITHUB_OUTPUT', {ignoresCase: true, platform, objection: () => undefined})
  const env = pairs('GITHUB_ENV', {ignoresCase: envIgnoresCase(platform), platform, objection: envObjection})
  const paths = usable('GITHUB_PATH', readLines(files.GITHUB_PATH, maxKeyValueBytes, pathMistake, isCut))
  const artifacts = usable('GITHUB_ARTIFACTS', readLines(files.GITHUB_ARTIFACTS, maxArtifactBytes, artifactMistake, isCut))
  const summary = readSummary(files.GITHUB_STEP_SUMMARY)
  return {
    outputs,
    env,
    paths: fileLines(paths).filter(line => line !== ''),
    summary: usable('GITHUB_STEP_SUMMARY', summary.ok ? {value: summary.value} : {value: '', mistake: summary.error}),
    artifacts,
    fileErrors
  }
}

type Name = Exclude<keyof TaskFilePaths, 'GITHUB_STATE'>

/** The usable part of a file. `mistake`: what is wrong with the rest, as the end of a sentence that begins with the file. */
interface Usable<T> {
  readonly value: T
  readonly mistake?: string | undefined
}

function readWhole(file: string, maxBytes: number): Result<string, string> {
  const read = readAtMost(file, maxBytes)
  if (!read.ok) return read
  const {bytes, size} = read.value
  return size > maxBytes
    ? failure(`has ${size.toLocaleString('en')} bytes, expected at most ${maxBytes / 1024 / 1024} MiB`)
    : success(fileText(bytes))
}

function readPairs(file: string, rules: KeyValueRules, isCut: boolean): Usable<ReadonlyMap<string, string>> {
  const text = readWhole(file, maxKeyValueBytes)
  if (!text.ok) return {value: new Map(), mistake: text.error}
  const {pairs, mistake} = readKeyValues(text.value, rules, isCut)
  return {value: pairs, mistake}
}

// Source: actions/runner, src/Runner.Worker/FileCommandManager.cs (`_setEnvBlockList`); a NUL would keep every later process from starting.
function envObjection(name: string, value: string): string | undefined {
  if (foldCase(name) === 'NODE_OPTIONS') return `${quoted(name)} cannot be set for later steps, the runner refuses it`
  if (name.includes('\0')) return `the name ${quoted(name)} has a NUL character, which no environment variable can have`
  return value.includes('\0') ? `the value of ${quoted(name)} has a NUL character, which no environment variable can have` : undefined
}

/** The lines of a file up to the first mistake. */
function readLines(file: string, maxBytes: number, objection: (line: string) => string | undefined, isCut: boolean): Usable<string> {
  const text = readWhole(file, maxBytes)
  if (!text.ok) return {value: '', mistake: text.error}
  const lines = fileLines(text.value)
  const half = isCut && lines.length > 0 && !/[\r\n]$/.test(text.value) ? lines.length - 1 : -1
  for (const [index, line] of lines.entries()) {
    const mistake = index === half ? halfLine(line) : objection(line)
    if (mistake === undefined) continue
    const before = lines.slice(0, index).map(line => `${line}\n`)
    return {value: before.join(''), mistake: `line ${index + 1}: ${mistake}`}
  }
  return {value: text.value}
}

// Source: actions/runner, src/Runner.Worker/FileCommandManager.cs (`AddPathFileCommand`).
function pathMistake(line: string): string | undefined {
  return line.includes('\0') ? `${quoted(line)} has a NUL character, which no path can have` : undefined
}
