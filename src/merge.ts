import {tmpdir} from 'node:os'
import path from 'node:path'
import {getInput, setFailed} from '@actions/core'
import {runMergeAction} from './action/merge-action.ts'
import {endWhenWritten, writeTo} from './system/standard-output.ts'
import {describeFault} from './text/bug.ts'

const {env} = process

try {
  process.exitCode = await runMergeAction({
    inputs: {read: name => getInput(name), workspace: path.resolve(env.GITHUB_WORKSPACE || '.')},
    environment: env,
    temporaryFolder: env.RUNNER_TEMP || tmpdir(),
    write: writeTo(process.stdout)
  })
} catch (error) {
  setFailed(describeFault(error))
}
endWhenWritten([process.stdout])
