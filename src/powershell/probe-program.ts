import {failure, type Result, success} from '../model/result.ts'
import {type ProgramCall, type ProgramFailure, type ProgramOutput, runProgram} from '../process/run-program.ts'

/** Output limit of each stream, in bytes; a program that prints more is killed. */
const maxOutputBytes = 64 * 1024

/** Extra time for the launcher to report after the program's time limit, in milliseconds. */
const launcherGraceMs = 1000

/** A Node script that runs the program in its arguments and prints the outcome as JSON. */
const launcher = `
const [timeout, maxBuffer, program, ...args] = process.argv.slice(1)
const options = {timeout: Number(timeout), maxBuffer: Number(maxBuffer), killSignal: 'SIGKILL', windowsHide: true, encoding: 'utf8', input: ''}
const {error, status, stdout, stderr} = require('node:child_process').spawnSync(program, args, options)
console.log(JSON.stringify({code: error?.code, message: error?.message, exitCode: status ?? 0, stdout: stdout ?? '', stderr: stderr ?? ''}))
`

/** The output of the launcher. `code` and `message` are set if there was an error. */
interface Outcome extends ProgramOutput {
  readonly code?: string
  readonly message?: string
}

/**
 * As `runProgram`, for an untrusted file, which the system may not be able to start, which may never end, or may print without end. A separate Node
 * process runs it, tells these cases apart and kills it in time. `@actions/exec` cannot be used: if the system refuses to start the program (ENOEXEC,
 * ETXTBSY, or on Windows a file that is not a program), it throws in the async executor of a promise, where nobody can catch the error.
 */
export async function probeProgram(call: ProgramCall): Promise<Result<ProgramOutput, ProgramFailure>> {
  const {program, timeLimitMs, environment = process.env} = call
  const result = await runProgram({
    ...call,
    program: process.execPath,
    arguments: ['-e', launcher, String(timeLimitMs), String(maxOutputBytes), program, ...call.arguments],
    // Node would otherwise preload the modules of the step here too.
    environment: {...environment, NODE_OPTIONS: undefined},
    timeLimitMs: timeLimitMs + launcherGraceMs
  })
  if (!result.ok) return result.error.reason === 'timed-out' ? failure({reason: 'timed-out', timeLimitMs}) : result
  // A killed launcher has printed nothing.
  if (result.value.stdout === '') return failure({reason: 'not-started', message: result.value.stderr.trim()})
  const {code, message = '', exitCode, stdout, stderr}: Outcome = JSON.parse(result.value.stdout)
  if (code === 'ETIMEDOUT') return failure({reason: 'timed-out', timeLimitMs})
  if (code !== undefined && code !== 'ENOBUFS') return failure({reason: 'not-started', message})
  return success({exitCode, stdout, stderr})
}
