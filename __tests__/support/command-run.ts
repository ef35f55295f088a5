import {type ChildProcess, spawn} from 'node:child_process'
import path from 'node:path'
import {findPwsh} from '../../scripts/find-pwsh.mjs'

const ownBundle = path.join(import.meta.dirname, '..', '..', 'dist', 'cli.js')

/** What a shell has of a command when it is over. */
export interface CommandRun {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command on its way. */
export interface StartedCommand {
  readonly process: ChildProcess
  /** What it has printed so far. */
  readonly stdout: () => string
  readonly done: Promise<CommandRun>
}

/** Where and how a command is given. */
export interface Surroundings {
  readonly folder: string
  /** Standard input, which is at its end otherwise. */
  readonly input?: string | Buffer
  readonly environment?: NodeJS.ProcessEnv
  /** The built command, that of the project otherwise. */
  readonly bundle?: string
}

/** Starts the bundle as a shell does, its output going to pipes. `--shell` is the PowerShell at hand unless the arguments name one. */
export async function startCommand(
  args: readonly string[],
  {folder, input = '', environment = {}, bundle = ownBundle}: Surroundings
): Promise<StartedCommand> {
  const {NO_COLOR: _, FORCE_COLOR: __, ...inherited} = process.env
  const env = {...inherited, ...environment}
  const shell = args.includes('--shell') ? [] : ['--shell', (await findPwsh()).path]
  const child = spawn(process.execPath, [bundle, ...shell, ...args], {cwd: folder, env, stdio: 'pipe'})
  const texts = {stdout: '', stderr: ''}
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
    })
  }
  // A command that is wrong ends without reading it.
  child.stdin.on('error', () => {}).end(input)
  const done = new Promise<CommandRun>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', exitCode => resolve({exitCode, ...texts}))
  })
  return {process: child, stdout: () => texts.stdout, done}
}

/** As `startCommand`, to its end. */
export async function runCommand(args: readonly string[], surroundings: Surroundings): Promise<CommandRun> {
  return (await startCommand(args, surroundings)).done
}
