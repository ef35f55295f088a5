import {getExecOutput} from '@actions/exec'
import {failure, type Result, success} from '../model/result.ts'

/** A program to run once for its output. */
export interface ProgramCall {
  /** Absolute path of a program that the system can start. */
  readonly program: string
  readonly arguments: readonly string[]
  /** Its whole environment; default: that of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Time limit, in milliseconds, from 1. */
  readonly timeLimitMs: number
  /** Aborts the wait for it. */
  readonly signal?: AbortSignal | undefined
}

/** The output of a finished program. */
export interface ProgramOutput {
  /** 0 as well where a signal ended it. */
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** The reason there is no output. After a time limit or an abort the program may still be running. */
export type ProgramFailure =
  | {readonly reason: 'not-started'; readonly message: string}
  | {readonly reason: 'timed-out'; readonly timeLimitMs: number}
  | {readonly reason: 'cancelled'}

/** Time that descendants of a program may keep its output open after its end, in milliseconds. */
const outputGraceMs = 1000

/**
 * Runs a program once and returns its output. Its stdin is empty, and nothing is shown. Never rejects. `@actions/exec` neither ends a program nor
 * returns its pid: one that does not answer in time keeps running and keeps the event loop alive, so the entries exit explicitly once all is written
 * (`endWhenWritten`).
 * Source: actions/toolkit, packages/exec/src/toolrunner.ts.
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

// `@actions/exec` parses the path as a command line, with quotes and with backslashes before quotes.
const asCommandLine = (program: string): string => `"${program.replaceAll('"', '\\"')}"`

function definedOnly(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}
