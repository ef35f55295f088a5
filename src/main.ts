import {availableParallelism, tmpdir} from 'node:os'
import path from 'node:path'
import {isDebug, setFailed} from '@actions/core'
import {runAction} from './action/action.ts'
import {Cancellation} from './action/cancellation.ts'
import {stepInputs} from './action/step-inputs.ts'
import {onCancelSignal} from './system/signals.ts'
import {endWhenWritten, writeTo} from './system/standard-output.ts'
import {UncaughtFaults} from './system/uncaught-faults.ts'
import {keepYoungGenerationSmall} from './system/young-generation.ts'
import {describeFault} from './text/bug.ts'

const {env} = process

/** Time for the log to be read after the second signal, in milliseconds. Then the process exits. */
const flushGraceMs = 500

keepYoungGenerationSmall()
const cancellation = new Cancellation(onCancelSignal)
try {
  process.exitCode = await runAction({
    environment: env,
    inputs: {...stepInputs, workspace: path.resolve(env.GITHUB_WORKSPACE || '.'), processors: availableParallelism()},
    temporaryFolder: env.RUNNER_TEMP || tmpdir(),
    write: writeTo(process.stdout),
    cancellation,
    faults: new UncaughtFaults(),
    isDebug: isDebug()
  })
} catch (error) {
  // Usually a log that is no longer read.
  setFailed(describeFault(error))
}
cancellation.onSecondSignal(() => setTimeout(() => process.exit(), flushGraceMs).unref())
endWhenWritten([process.stdout])
