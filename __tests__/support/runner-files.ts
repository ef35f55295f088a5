import {randomUUID} from 'node:crypto'
import {existsSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {eachRunnerPair, type RunnerPair, runnerPrependPath, runnerText} from './file-command-parser.ts'
import {runnerLines} from './runner-commands.ts'
import type {RunnerMasks} from './runner-masks.ts'

/**
 * The files by which a step asks things of the runner, made and read as it does. Source: actions/runner 2.336.0,
 * src/Runner.Worker/FileCommandManager.cs (`F:`), CreateArtifactsFileCommand.cs (`A:`).
 */

/** Prefix of each file's name by the variable that names it. */
const prefixes = {
  GITHUB_ENV: 'set_env_',
  GITHUB_PATH: 'add_path_',
  GITHUB_OUTPUT: 'set_output_',
  GITHUB_STATE: 'save_state_',
  GITHUB_STEP_SUMMARY: 'step_summary_',
  GITHUB_ARTIFACTS: 'artifacts_',
  GITHUB_ARTIFACTS_LIST: 'artifacts_list_'
} as const

/** The name of one of the step's files. */
export type StepFile = keyof typeof prefixes

/** Absolute paths by name. */
export type StepFiles = Readonly<Record<StepFile, string>>

/** The folder of the files, in the runner's temporary one. */
export const stepFilesFolder = '_runner_file_commands'

/** Makes the files of a step, empty, each with the same fresh suffix (F:42-73). */
export function createStepFiles(temporary: string): StepFiles {
  const folder = path.join(temporary, stepFilesFolder)
  mkdirSync(folder, {recursive: true})
  const suffix = randomUUID()
  const files = Object.fromEntries(Object.entries(prefixes).map(([name, prefix]) => [name, path.join(folder, prefix + suffix)]))
  for (const file of Object.values(files)) writeFileSync(file, '')
  return files as StepFiles
}

/** What the runner has taken from the files of a step that is over. */
export interface AppliedFiles {
  /** Names as written; a later pair of the same name wins. */
  readonly outputs: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  /** In the order in which they are kept: the last one is searched first. */
  readonly paths: readonly string[]
  readonly state: Readonly<Record<string, string>>
  /** Masked, line by line; `undefined` where there is none or it is too large. */
  readonly summary: string | undefined
  /** Lines that declare something. */
  readonly artifacts: readonly string[]
  /** What it says as errors. */
  readonly errors: readonly string[]
  /** Whether a file has failed the step. */
  readonly hasFailed: boolean
}

/** Reads each file once, after the step, however that ended (ActionRunner.cs:276-283). */
export function applyStepFiles(files: StepFiles, masks: RunnerMasks, platform = process.platform): AppliedFiles {
  const errors: string[] = []
  let hasFailed = false
  // Pairs before a wrong line are applied (F:75-90).
  const pairs = (name: StepFile, accepts: (pair: RunnerPair) => boolean = () => true): Record<string, string> => {
    const applied = new Map<string, string>()
    try {
      for (const pair of eachRunnerPair(textOf(files[name]), platform)) if (accepts(pair)) applied.set(...pair)
    } catch (error) {
      errors.push(`Unable to process file command '${name}' successfully: ${(error as Error).message}`)
      hasFailed = true
    }
    return Object.fromEntries(applied)
  }
  const env = pairs('GITHUB_ENV', ([key]) => {
    const isBlocked = key.toUpperCase() === 'NODE_OPTIONS'
    if (isBlocked) errors.push("Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.") // F:173-192
    return !isBlocked
  })
  const outputs = pairs('GITHUB_OUTPUT', ([key]) => {
    if (key === '') throw new Error('name must not be empty') // ExecutionContext.cs:702
    return true
  })
  const paths = runnerPrependPath(textOf(files.GITHUB_PATH))
  const artifacts = artifactLines(files.GITHUB_ARTIFACTS)
  if (artifacts === undefined) hasFailed = true
  const {summary, error} = stepSummary(files.GITHUB_STEP_SUMMARY, masks)
  if (error !== undefined) errors.push(error)
  return {outputs, env, paths, state: pairs('GITHUB_STATE'), summary, artifacts: artifacts ?? [], errors, hasFailed}
}

const textOf = (file: string): string => (existsSync(file) ? runnerText(readFileSync(file)) : '')

const sizeLimit = 1024 * 1024

/** F:230-292: of more than 1 MiB nothing is uploaded, and the step does not fail. */
function stepSummary(file: string, masks: RunnerMasks): {readonly summary: string | undefined; readonly error: string | undefined} {
  const size = existsSync(file) ? statSync(file).size : 0
  if (size === 0) return {summary: undefined, error: undefined}
  if (size > sizeLimit) return {summary: undefined, error: `$GITHUB_STEP_SUMMARY upload aborted, ${size} bytes`}
  const lines = runnerLines(textOf(file)).map(line => masks.mask(line))
  return {summary: `${lines.join('\n')}\n`, error: undefined}
}

/** A:97-133: a file of more than 1 MiB fails the step; what a line says is not looked at here. */
function artifactLines(file: string): readonly string[] | undefined {
  if (existsSync(file) && statSync(file).size > sizeLimit) return undefined
  return runnerLines(textOf(file))
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
}
