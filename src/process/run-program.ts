import {getExecOutput} from '@actions/exec'
import {failure, type Result, success} from '../model/result.ts'

/** A program that is run once, for what it prints. */
export interface ProgramCall {
  /** Absolute path of a program that the system can start. */
  readonly program: string
  readonly arguments: readonly string[]
  /** All that its environment has; ours unless it is given. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** How long its output is waited for, in milliseconds, from 1. */
  readonly timeLimitMs: number
  /** Aborted when the output is not wanted any more. */
  readonly signal?: AbortSignal | undefined
}

/** What a program printed until it ended. */
export interface ProgramOutput {
  /** 0 as well where a signal ended it. */
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Why there is no output. After a time limit or a cancel the program may still be running. */
export type ProgramFailure =
  | {readonly reason: 'not-started'; readonly message: string}
  | {readonly reason: 'timed-out'; readonly timeLimitMs: number}
  | {readonly reason: 'cancelled'}

/** How long what a program has started may hold its output open after its end, in milliseconds. */
const outputGraceMs = 1000

/**
 * Runs a program once and gives what it printed. Its standard input is at its end, and none of it is shown. Never rejects.
 *
 * `@actions/exec` neither ends a program nor tells its pid: what does not output in time is left to itself, and holds the event loop until it ends. So
 * the entries end their process by themselves once all is written (`endWhenWritten`). Source: actions/toolkit, packages/exec/src/toolrunner.ts.
 */
export async function runProgram(call: ProgramCall): Promise<Result<ProgramOutput, ProgramFailure>> {
  const {timeLimitMs, signal} = call
  if (signal?.aborted) return failure({reason: 'cancelled'})
  let giveUp: (error: ProgramFailure) => void = () => {}
  const givenUp = new Promise<Result<ProgramOutput, ProgramFailure>>(resolve => {
    giveUp = error => resolve(failure(error))
  })
  const limit = setTimeout(() => giveUp({reason: 'timed-out', timeLimitMs}), timeLimitMs)
  const cancel = () => giveUp({reason: 'cancelled'})
  signal?.addEventListener('abort', cancel)
  const result = await Promise.race([execute(call), givenUp])
  signal?.removeEventListener('abort', cancel)
  clearTimeout(limit)
  return result
}

async function execute({program, arguments: args, environment = process.env}: ProgramCall): Promise<Result<ProgramOutput, ProgramFailure>> {
  try {
    const output = await getExecOutput(asCommandLine(program), [...args], {
      silent: true,
      ignoreReturnCode: true,
      // It ends standard input only where there is something to write, even if that is nothing.
      input: Buffer.alloc(0),
      delay: outputGraceMs,
      env: definedOnly(environment)
    })
    return success(output)
  } catch (error) {
    return failure({reason: 'not-started', message: error instanceof Error ? error.message : String(error)})
  }
}

// The path is taken for a command line, with quotes and, before a quote, backslashes of its own.
const asCommandLine = (program: string): string => `"${program.replaceAll('"', '\\"')}"`

function definedOnly(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}
