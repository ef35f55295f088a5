import {describe, expect, test} from '@jest/globals'
import {runAction} from '../support/action-run.ts'
import {runCommand} from '../support/command-run.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

describe('the verdict of a run that a limit stopped, though every failure was allowed', () => {
  const workspace = temporaryFolder()
  const list = `- {name: lint, continue-on-error: true, run: Start-Sleep 600}
- {name: tests, run: exit 1}
`

  test.each([
    ['setup fails', {setup: "throw 'no sign-in'"}, 'PowerShell ended 3 times in a row before a task began (see lint)'],
    ['the total timeout is over', {'total-timeout': '2s'}, 'the total timeout of 2 s was over']
  ])('is a failure for the action and the command: %s', async (_, inputs, cause) => {
    const step = await runAction({tasks: list, 'max-parallel': '1', ...inputs}, workspace)
    expect([step.exitCode, step.outputs.result]).toEqual([1, 'failure'])
    expect(step.log).toContain(`\n✗ the run was stopped: ${cause}\n`)
    expect(step.summary).toMatch(/^## ❌ /)
    const options = Object.entries(inputs).flatMap(([name, value]) => [`--${name}`, value])
    const command = await runCommand([...options, '--max-parallel', '1', '-'], {folder: workspace, input: list})
    expect(command.exitCode).toBe(1)
    expect(command.stdout).toContain(`\n✗ the run was stopped: ${cause}\n`)
  })
})
