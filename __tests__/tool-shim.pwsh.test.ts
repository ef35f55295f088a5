import {describe, expect, test} from '@jest/globals'
import {runAction} from './helpers/action-run.ts'
import {temporaryFolder} from './helpers/temporary-folder.ts'

/** The `pwsh` of the .NET tool `PowerShell`, as `dotnet tool install` lays it out. */
const {PWSH_POOL_TOOL_SHIM: shell = ''} = process.env
const describeTool = shell === '' ? describe.skip : describe

describeTool('the pwsh of a .NET tool', () => {
  const workspace = temporaryFolder()
  const tasks = JSON.stringify(['"in $PID"', '"in $PID"', '"in $PID"'])

  test.each([
    ['process', 3],
    ['runspace', 1],
    ['none', 1]
  ])('runs tasks at isolation %s as a release does, and nothing of it is left', async (isolation, workers) => {
    const run = await runAction({tasks, shell, isolation, 'max-parallel': '1'}, workspace, {RUNNER_DEBUG: '1'})
    expect([run.exitCode, run.stderr, run.hadOpenPipes]).toEqual([0, '', false])
    expect(run.log).not.toMatch(/left running|takes no more tasks/)
    expect(new Set(run.log.match(/^in \d+$/gm))).toHaveProperty('size', workers)
  })
})
