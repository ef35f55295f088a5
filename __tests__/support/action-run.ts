import {type ChildProcess, spawn} from 'node:child_process'
import {mkdirSync, mkdtempSync, readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {findPwsh} from '../../scripts/find-pwsh.mjs'
import {type AppliedFiles, applyStepFiles, createStepFiles, type StepFile, type StepFiles, stepFilesFolder} from './runner-files.ts'
import {RunnerMasks} from './runner-masks.ts'
import {type RunnerView, runnerView} from './runner-view.ts'

/*
 * The runner, as far as an action can tell. Source: actions/runner 2.336.0, src/Runner.Sdk/ProcessInvoker.cs (`P:`) and
 * src/Runner.Worker/Handlers/NodeScriptActionHandler.cs (`N:`).
 */

const bundle = path.join(import.meta.dirname, '..', '..', 'dist', 'index.js')

/** How much of a log is kept, in UTF-16 units: a string cannot hold what a flood prints. */
const longestKeptLog = 64 * 1024 * 1024

/** When a step that is cancelled gets its next signal (P:32-33, 443-465), and when one that has ended is not read any more (P:485-505), in ms. */
const clock = {interruptToTerminate: 7500, terminateToKill: 2500, exitToClose: 5000} as const

/** What the runner hands to actions and not to scripts (N:54-92). A test that finds one of these in a task has found a leak. */
export const actionSecrets = {
  ACTIONS_RUNTIME_URL: 'https://runtime.invalid/',
  ACTIONS_RUNTIME_TOKEN: 'runtime-token',
  ACTIONS_RESULTS_URL: 'https://results.invalid/',
  ACTIONS_CACHE_URL: 'https://cache.invalid/',
  ACTIONS_CACHE_SERVICE_V2: 'True',
  STATE_mine: 'state-of-the-action'
} as const

/** What the runner has of a step when it is over. */
export interface ActionRun {
  readonly exitCode: number | null
  /** The signal that it ended by, if it did. */
  readonly endedBy: NodeJS.Signals | null
  readonly log: string
  readonly stderr: string
  readonly summary: string
  readonly outputs: Readonly<Record<string, string>>
  /** The step's files by the variable that names them, as text. */
  readonly files: Readonly<Record<StepFile, string>>
  /** Their paths. */
  readonly stepFiles: StepFiles
  /** What is left in the runner's temporary folder besides these, relative to it. */
  readonly leftFiles: readonly string[]
  /** Whether something kept its output open after it had ended. */
  readonly hadOpenPipes: boolean
  /** Whether the job is debugged. */
  readonly isDebug: boolean
  /** What was sent to it, in order. */
  readonly signals: readonly NodeJS.Signals[]
}

/** What the runner makes of a step. */
export interface StepResult {
  readonly conclusion: 'success' | 'failure'
  readonly view: RunnerView
  readonly applied: AppliedFiles
}

/** A step on its way. */
export interface StartedAction {
  readonly process: ChildProcess
  readonly done: Promise<ActionRun>
  /** Cancels it as the runner does: SIGINT, SIGTERM, SIGKILL, each to the process alone (P:829-869) and only while it lives. */
  cancel(): void
}

/**
 * Starts the bundle as the runner does: inputs in the environment, standard input at its end (P:318-328), both streams read, the step's files
 * read once when it is over. `shell` is the PowerShell at hand unless the inputs name one.
 */
export async function startAction(
  inputs: Readonly<Record<string, string>>,
  workspace: string,
  overrides: Readonly<Record<string, string>> = {}
): Promise<StartedAction> {
  const temporary = path.join(mkdtempSync(path.join(workspace, 'runner-')), 'temp')
  mkdirSync(temporary)
  const files = createStepFiles(temporary)
  const given = {shell: (await findPwsh()).path, ...inputs}
  const env = {
    ...process.env,
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value])),
    ...actionSecrets,
    ...files,
    GITHUB_ACTIONS: 'true',
    CI: 'true',
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temporary,
    ...overrides
  }
  const child = spawn(process.execPath, [bundle], {cwd: workspace, env, stdio: ['ignore', 'pipe', 'pipe']})
  const signals: NodeJS.Signals[] = []
  const done = finish(child, temporary, files, signals).then(run => ({...run, isDebug: overrides.RUNNER_DEBUG === '1'}))
  return {process: child, done, cancel: () => cancel(child, signals)}
}

/** As `startAction`, to its end. */
export async function runAction(...step: Parameters<typeof startAction>): Promise<ActionRun> {
  return (await startAction(...step)).done
}

/** What the runner makes of a run: the log read as it reads it, the files applied, and whether the step has failed (N:189-192). */
export function resultOf({log, stderr, exitCode, stepFiles, isDebug}: ActionRun, secrets: readonly string[] = []): StepResult {
  const view = runnerView({stdout: log, stderr}, secrets, isDebug)
  const applied = applyStepFiles(stepFiles, view.masks)
  return {conclusion: exitCode !== 0 || view.hasFailed || applied.hasFailed ? 'failure' : 'success', view, applied}
}

function cancel(child: ChildProcess, signals: NodeJS.Signals[]): void {
  const send = (signal: NodeJS.Signals) => {
    signals.push(signal)
    child.kill(signal)
  }
  send('SIGINT')
  let next = setTimeout(() => {
    send('SIGTERM')
    next = setTimeout(() => send('SIGKILL'), clock.terminateToKill)
  }, clock.interruptToTerminate)
  child.once('exit', () => clearTimeout(next))
}

async function finish(
  child: ChildProcess,
  temporary: string,
  stepFiles: StepFiles,
  signals: NodeJS.Signals[]
): Promise<Omit<ActionRun, 'isDebug'>> {
  const texts = {stdout: '', stderr: ''}
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      if (texts[stream].length < longestKeptLog) texts[stream] += text
    })
  }
  const ended = await end(child)
  const names = Object.keys(stepFiles) as StepFile[]
  const files = Object.fromEntries(names.map(name => [name, readFileSync(stepFiles[name], 'utf8')])) as StepFiles
  return {
    ...ended,
    signals,
    log: texts.stdout,
    stderr: texts.stderr,
    summary: files.GITHUB_STEP_SUMMARY,
    outputs: applyStepFiles(stepFiles, new RunnerMasks()).outputs,
    files,
    stepFiles,
    leftFiles: readdirSync(temporary, {recursive: true, encoding: 'utf8'}).filter(file => !file.startsWith(stepFilesFolder))
  }
}

function end(child: ChildProcess): Promise<Pick<ActionRun, 'exitCode' | 'endedBy' | 'hadOpenPipes'>> {
  return new Promise((resolve, reject) => {
    let hadOpenPipes = false
    let limit: NodeJS.Timeout | undefined
    child.once('error', reject)
    child.once('exit', () => {
      limit = setTimeout(() => {
        hadOpenPipes = true
        child.stdout?.destroy()
        child.stderr?.destroy()
      }, clock.exitToClose)
    })
    child.once('close', (exitCode, endedBy) => {
      clearTimeout(limit)
      resolve({exitCode, endedBy, hadOpenPipes})
    })
  })
}
