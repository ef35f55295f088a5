import {failure, type Result, success} from '../model/result.ts'
import {type ProgramCall, type ProgramFailure, type ProgramOutput, runProgram} from '../process/run-program.ts'

/** What is read of an answer at most, in bytes of each stream; a program that says more is ended. */
const maxOutputBytes = 64 * 1024

/** How much later than the program itself the one that runs it is given up, in milliseconds. */
const launcherGraceMs = 1000

/** Starts the program in its arguments, and prints as JSON what came of it. */
const launcher = `
const [timeout, maxBuffer, program, ...args] = process.argv.slice(1)
const options = {timeout: Number(timeout), maxBuffer: Number(maxBuffer), killSignal: 'SIGKILL', windowsHide: true, encoding: 'utf8', input: ''}
const {error, status, stdout, stderr} = require('node:child_process').spawnSync(program, args, options)
console.log(JSON.stringify({code: error?.code, message: error?.message, exitCode: status ?? 0, stdout: stdout ?? '', stderr: stderr ?? ''}))
`

/** What the launcher prints. `code` and `message` are of the error, where there was one. */
interface Outcome extends ProgramOutput {
  readonly code?: string
  readonly message?: string
}

/**
 * As `runProgram`, for a file that may be anything: one that the system cannot start, that never ends, or that prints without end. It is run by a Node
 * of its own, which tells all of that apart and ends it in time. `@actions/exec` does neither, and where the system refuses a program outright (ENOEXEC,
 * ETXTBSY, on Windows a file that is no program) it throws where nobody can catch it: in the async executor of a promise.
 */
export async function probeProgram(call: ProgramCall): Promise<Result<ProgramOutput, ProgramFailure>> {
  const {program, timeLimitMs, environment = process.env} = call
  const result = await runProgram({
    ...call,
    program: process.execPath,
    arguments: ['-e', launcher, String(timeLimitMs), String(maxOutputBytes), program, ...call.arguments],
    // What the step loads into each Node would run here as well.
    environment: {...environment, NODE_OPTIONS: undefined},
    timeLimitMs: timeLimitMs + launcherGraceMs
  })
  if (!result.ok) return result.error.reason === 'timed-out' ? failure({reason: 'timed-out', timeLimitMs}) : result
  // A Node that was killed has printed nothing.
  if (result.value.stdout === '') return failure({reason: 'not-started', message: result.value.stderr.trim()})
  const {code, message = '', exitCode, stdout, stderr}: Outcome = JSON.parse(result.value.stdout)
  if (code === 'ETIMEDOUT') return failure({reason: 'timed-out', timeLimitMs})
  if (code !== undefined && code !== 'ENOBUFS') return failure({reason: 'not-started', message})
  return success({exitCode, stdout, stderr})
}
