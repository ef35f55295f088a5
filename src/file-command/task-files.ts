import {lstatSync, readdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {envIgnoresCase} from '../environment.ts'
import {foldCase} from '../name-table.ts'
import {quoted} from '../quoted.ts'
import {removePath} from '../remove-path.ts'
import {failure, type Result, success} from '../result.ts'
import type {TaskChanges} from '../task-changes.ts'
import {artifactMistake, maxArtifactBytes} from './artifact-lines.ts'
import {readAtMost} from './bounded-read.ts'
import {fileLines, fileText} from './file-text.ts'
import {type KeyValueRules, parseKeyValues} from './key-values.ts'
import {readSummary} from './task-summary.ts'

/** The file-command files of one attempt: absolute paths by the variable that names each to the task. */
export interface TaskFilePaths {
  readonly GITHUB_OUTPUT: string
  readonly GITHUB_ENV: string
  readonly GITHUB_PATH: string
  readonly GITHUB_STEP_SUMMARY: string
  readonly GITHUB_ARTIFACTS: string
  /** Thrown away: the state of the step belongs to the action. */
  readonly GITHUB_STATE: string
}

/** The most that a task may write to each of GITHUB_OUTPUT, GITHUB_ENV and GITHUB_PATH, in bytes. */
export const maxKeyValueBytes = 16 * 1024 * 1024

/**
 * Makes the empty files of an attempt in `folder`, which is absolute and exists, and tells the variables that name them. Where an attempt before
 * has left its own there, only what is not as it should be is made anew. GITHUB_ARTIFACTS_LIST is not among these: a task reads the step's.
 * Throws what the file system throws.
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
    // To look at a file costs a tenth of what it costs to make one, and most tasks write to none.
    if (wanted.has(file) && isUntouched(file)) wanted.delete(file)
    else removePath(file)
  }
  for (const file of wanted) writeFileSync(file, '')
  return {variables: {...files}, files}
}

/** Whether all in a folder for the files of attempts is as it was made, so that another attempt can use it. Throws what the file system throws. */
export function areUntouched(folder: string): boolean {
  return readdirSync(folder).every(name => isUntouched(path.join(folder, name)))
}

function isUntouched(file: string): boolean {
  const stats = lstatSync(file)
  return stats.isFile() && stats.size === 0 && stats.nlink === 1 && (stats.mode & ownerMayReadAndWrite) === ownerMayReadAndWrite
}

const ownerMayReadAndWrite = 0o600

/**
 * What an attempt that is over has written to its files. Stricter than the runner: a file with a mistake, or one too large to be read, is
 * the failure of its task, and then nothing of any of its files holds, where the runner has already applied the pairs before the mistake.
 * A file that is gone is an empty one, as to the runner. The error is a sentence that names the file, the line, the rule and what was there.
 */
export function readTaskFiles(files: TaskFilePaths, platform: NodeJS.Platform): Result<TaskChanges, string> {
  const outputs = readPairs('GITHUB_OUTPUT', files, {ignoresCase: true, platform, objection: () => undefined})
  if (!outputs.ok) return outputs
  const env = readPairs('GITHUB_ENV', files, {ignoresCase: envIgnoresCase(platform), platform, objection: envObjection})
  if (!env.ok) return env
  const paths = readPaths(files)
  if (!paths.ok) return paths
  const artifacts = readArtifacts(files)
  if (!artifacts.ok) return artifacts
  const summary = readSummary(files.GITHUB_STEP_SUMMARY)
  if (!summary.ok) return failure(`GITHUB_STEP_SUMMARY ${summary.error}`)
  return success({outputs: outputs.value, env: env.value, paths: paths.value, summary: summary.value, artifacts: artifacts.value})
}

type Name = Exclude<keyof TaskFilePaths, 'GITHUB_STATE'>

function readWhole(name: Name, files: TaskFilePaths, maxBytes: number): Result<string, string> {
  const read = readAtMost(files[name], maxBytes)
  if (!read.ok) return failure(`${name} ${read.error}`)
  const {bytes, size} = read.value
  if (size > maxBytes) return failure(`${name} has ${size.toLocaleString('en')} bytes, expected at most ${maxBytes / 1024 / 1024} MiB`)
  return success(fileText(bytes))
}

function readPairs(
  name: 'GITHUB_OUTPUT' | 'GITHUB_ENV',
  files: TaskFilePaths,
  rules: KeyValueRules
): Result<ReadonlyMap<string, string>, string> {
  const text = readWhole(name, files, maxKeyValueBytes)
  if (!text.ok) return text
  const pairs = parseKeyValues(text.value, rules)
  return pairs.ok ? pairs : failure(`${name} ${pairs.error}`)
}

// Source: actions/runner, src/Runner.Worker/FileCommandManager.cs (`_setEnvBlockList`); a NUL would keep every later process from starting.
function envObjection(name: string, value: string): string | undefined {
  if (foldCase(name) === 'NODE_OPTIONS') return `${quoted(name)} cannot be set for later steps, the runner refuses it`
  if (name.includes('\0')) return `the name ${quoted(name)} has a NUL character, which no environment variable can have`
  return value.includes('\0') ? `the value of ${quoted(name)} has a NUL character, which no environment variable can have` : undefined
}

// Source: actions/runner, src/Runner.Worker/FileCommandManager.cs (`AddPathFileCommand`).
function readPaths(files: TaskFilePaths): Result<readonly string[], string> {
  const text = readWhole('GITHUB_PATH', files, maxKeyValueBytes)
  if (!text.ok) return text
  const lines = fileLines(text.value)
  const wrong = lines.findIndex(line => line.includes('\0'))
  if (wrong >= 0) return failure(`GITHUB_PATH line ${wrong + 1}: ${quoted(lines[wrong] ?? '')} has a NUL character, which no path can have`)
  return success(lines.filter(line => line !== ''))
}

function readArtifacts(files: TaskFilePaths): Result<string, string> {
  const text = readWhole('GITHUB_ARTIFACTS', files, maxArtifactBytes)
  const mistake = text.ok ? artifactMistake(text.value) : undefined
  return mistake === undefined ? text : failure(`GITHUB_ARTIFACTS ${mistake}`)
}
