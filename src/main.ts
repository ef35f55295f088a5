import {availableParallelism, tmpdir} from 'node:os'
import path from 'node:path'
import {onCancelSignal} from './process/signals.ts'
import {endWhenWritten, writeTo} from './process/standard-output.ts'
import {keepYoungGenerationSmall} from './process/young-generation.ts'
import {runAction} from './runner/action.ts'
import {Cancellation} from './runner/cancellation.ts'

const {env} = process

/** How long a step that has been signalled twice waits for somebody to read its log, in milliseconds. */
const lastWordsMs = 500

keepYoungGenerationSmall()
const cancellation = new Cancellation(onCancelSignal)
process.exitCode = await runAction({
  environment: env,
  inputs: {
    // As the runner hands them over. Source: actions/runner, Handler.cs.
    read: name => env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '',
    workspace: path.resolve(env.GITHUB_WORKSPACE || '.'),
    processors: availableParallelism()
  },
  temporaryFolder: env.RUNNER_TEMP || tmpdir(),
  write: writeTo(process.stdout),
  cancellation
})
cancellation.atSecond(() => setTimeout(() => process.exit(), lastWordsMs).unref())
endWhenWritten([process.stdout])
