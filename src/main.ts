import {availableParallelism, tmpdir} from 'node:os'
import path from 'node:path'
import {isDebug, setFailed} from '@actions/core'
import {onCancelSignal} from './process/signals.ts'
import {endWhenWritten, writeTo} from './process/standard-output.ts'
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
    isDebug: isDebug()
  })
} catch (error) {
  // What was expected to fail has been told of. This is a mistake of ours, or a log that nobody reads any more.
  setFailed(`pwsh-pool failed by a mistake of its own: ${error instanceof Error ? error.stack : error}`)
}
cancellation.atSecond(() => setTimeout(() => process.exit(), lastWordsMs).unref())
endWhenWritten([process.stdout])
