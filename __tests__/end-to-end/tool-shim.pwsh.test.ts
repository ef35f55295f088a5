import {existsSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import type {Isolation} from '../../src/model/task.ts'
import {type ProcessControl, processControl} from '../../src/process/process-control.ts'
import {runAction} from '../support/action-run.ts'
import {createTask} from '../support/create-task.ts'
import {isAlive} from '../support/is-alive.ts'
import {powershellAtHand} from '../support/powershell.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {until} from '../support/until.ts'
import {withWorkforce} from '../support/workforce.ts'

/** The `pwsh` of the .NET tool `PowerShell`, as `dotnet tool install` lays it out. */
const {PWSH_POOL_TOOL_SHIM: shell = ''} = process.env
const onUnix = process.platform === 'win32' ? test.skip : test
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

  // As a script of the user's starts it, so that nobody can see that it only starts the real one. It passes no signal on.
  onUnix.each<Isolation>(['process', 'runspace', 'none'])(
    'is left alone at isolation %s when a task is ended, whose PowerShell is interrupted itself and cleans up',
    async isolation => {
      const powershells = new Map([['pwsh', {...(await powershellAtHand()), command: shell, leadingArguments: []}]])
      const interrupted: number[] = []
      const kill: ProcessControl['kill'] = (pid, signal) => {
        // Once PowerShell is gone, what has started it may be asked to go as well.
        if (signal === 'SIGINT' && isAlive(Number(readFileSync(`${workspace}/${isolation}-runs`, 'utf8')))) interrupted.push(pid)
        processControl.kill(pid, signal)
      }
      await withWorkforce(workspace, {powershells, control: {...processControl, kill}}, async ({start}) => {
        const ready = path.join(workspace, `${isolation}-runs`)
        const text = `try { [IO.File]::WriteAllText("$env:READY.new", "$PID"); [IO.File]::Move("$env:READY.new", $env:READY); while ($true) { } }
          finally { bash -c 'sleep 0.2'; [Console]::WriteLine('cleaned') }`
        const {running, finished} = start(createTask({isolation, env: new Map([['READY', ready]]), script: {kind: 'run', text}}))
        await until('the task runs', () => existsSync(ready))
        running.end()
        expect((await finished).text).toBe('cleaned\n')
        expect(interrupted).toEqual([Number(readFileSync(ready, 'utf8'))])
      })
    }
  )
})
