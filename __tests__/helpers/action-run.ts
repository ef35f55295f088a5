import {type ChildProcess, spawn} from 'node:child_process'
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {findPwsh} from '../../embedded-pwsh/find-pwsh.mjs'

const bundle = path.join(import.meta.dirname, '..', '..', 'dist', 'index.js')

/** How much of a log is kept, in UTF-16 units: a string cannot hold what a flood prints. */
const longestKeptLog = 64 * 1024 * 1024

const stepFiles = ['GITHUB_STEP_SUMMARY', 'GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_PATH'] as const
type StepFile = (typeof stepFiles)[number]
type StepFiles = Readonly<Record<StepFile, string>>

/** What the runner has of a step when it is over. */
export interface ActionRun {
  readonly exitCode: number | null
  readonly log: string
  readonly stderr: string
  readonly summary: string
  readonly outputs: Readonly<Record<string, string>>
  /** The step's files by the variable that names them, as text. */
  readonly files: Readonly<Record<StepFile, string>>
  /** What is left in the runner's temporary folder, relative to it. */
  readonly leftFiles: readonly string[]
}

/** A step on its way. */
export interface StartedAction {
  readonly process: ChildProcess
  readonly done: Promise<ActionRun>
}

/**
 * Starts the bundle as the runner does: inputs in the environment, standard input at its end, both streams read, the step's files read once
 * when it is over. `shell` is the PowerShell at hand unless the inputs name one.
 */
export async function startAction(inputs: Readonly<Record<string, string>>, workspace: string): Promise<StartedAction> {
  const runner = mkdtempSync(path.join(workspace, 'runner-'))
  const temporary = path.join(runner, 'temp')
  mkdirSync(temporary)
  const files = Object.fromEntries(stepFiles.map(name => [name, path.join(runner, name)])) as StepFiles
  for (const file of Object.values(files)) writeFileSync(file, '')
  const given = {shell: (await findPwsh()).path, ...inputs}
  const env = {
    ...process.env,
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    ...files,
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temporary
  }
  const child = spawn(process.execPath, [bundle], {cwd: os.tmpdir(), env, stdio: ['ignore', 'pipe', 'pipe']})
  return {process: child, done: finish(child, temporary, files)}
}

/** As `startAction`, to its end. */
export async function runAction(inputs: Readonly<Record<string, string>>, workspace: string): Promise<ActionRun> {
  return (await startAction(inputs, workspace)).done
}

async function finish(child: ChildProcess, temporary: string, paths: StepFiles): Promise<ActionRun> {
  const texts = {stdout: '', stderr: ''}
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    if (texts.stdout.length < longestKeptLog) texts.stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    texts.stderr += text
  })
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const files = Object.fromEntries(stepFiles.map(name => [name, readFileSync(paths[name], 'utf8')])) as StepFiles
  return {
    exitCode,
    log: texts.stdout,
    stderr: texts.stderr,
    summary: files.GITHUB_STEP_SUMMARY,
    outputs: parseOutputs(files.GITHUB_OUTPUT),
    files,
    leftFiles: readdirSync(temporary, {recursive: true, encoding: 'utf8'})
  }
}

/** `NAME<<DELIMITER`, lines, `DELIMITER`. Source: actions/runner, src/Runner.Worker/FileCommandManager.cs. */
function parseOutputs(text: string): Record<string, string> {
  const blocks = text.matchAll(/^(?<name>[^\n]+?)<<(?<delimiter>[^\r\n]+)\r?\n(?<value>.*?)\r?\n\k<delimiter>\r?$/gms)
  return Object.fromEntries([...blocks].map(({groups}) => [groups?.name ?? '', groups?.value ?? '']))
}
