import {availableParallelism, tmpdir} from 'node:os'
import path from 'node:path'
import {isDebug, setFailed} from '@actions/core'
import {describeFault} from './bug.ts'
import {onCancelSignal} from './process/signals.ts'
import {endWhenWritten, writeTo} from './process/standard-output.ts'
import {UncaughtFaults} from './process/uncaught-faults.ts'
import {keepYoungGenerationSmall} from './process/young-generation.ts'
import {runAction} from './runner/action.ts'
import {Cancellation} from './runner/cancellation.ts'
import {stepInputs} from './runner/inputs.ts'

const {env} = process

/** How long a step that has been signalled twice waits for somebody to read its log, in milliseconds. */
const lastWordsMs = 500

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
  // A log that nobody reads any more, as a rule.
  setFailed(describeFault(error))
}
cancellation.atSecond(() => setTimeout(() => process.exit(), lastWordsMs).unref())
endWhenWritten([process.stdout])
