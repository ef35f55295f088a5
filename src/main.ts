import {availableParallelism, tmpdir} from 'node:os'
import path from 'node:path'
import {getInput} from '@actions/core'
import {onCancel} from './process/signals.ts'
import {writeTo} from './process/standard-output.ts'
import {runAction} from './runner/action.ts'

const {env} = process

// Never process.exit: it would cut off what is still on its way to the log.
process.exitCode = await runAction({
  environment: env,
  inputs: {
    read: name => getInput(name, {trimWhitespace: false}),
    workspace: path.resolve(env.GITHUB_WORKSPACE || '.'),
    processors: availableParallelism()
  },
  temporaryFolder: env.RUNNER_TEMP || tmpdir(),
  write: writeTo(process.stdout),
  onCancel
})
