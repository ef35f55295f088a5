import {existsSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {resultOf, startAction} from '../support/action-run.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {until} from '../support/until.ts'

const workspace = temporaryFolder()

/*
 * Each of these lines, and the page, once took seconds in which no timer fired: together they would take many times as long as `until` and the test
 * may last.
 */
const hostile = (printed: string, goOn: string) => `
  $spaces, $lineFeed = (' ' * 60000), [string] [char] 10
  foreach ($i in 1..20) {
    foreach ($stream in [Console]::Out, [Console]::Error) { $stream.Write("::error a=\${spaces}x::y\${lineFeed}a\${spaces}b\${lineFeed}") }
  }
  [IO.File]::WriteAllText($env:GITHUB_STEP_SUMMARY, 'above' + $lineFeed * 800000 + 'below')
  [IO.File]::WriteAllText('${printed}', '')
  while (-not [IO.File]::Exists('${goOn}')) { Start-Sleep -Milliseconds 20 }
  'went on'`

describe.each(['grouped', 'live'])('a task that prints lines of 60,000 spaces, with log: %s', log => {
  test('keeps no other from its timeout, and no step from its page', async () => {
    const [printed, goOn] = [path.join(workspace, `${log} printed`), path.join(workspace, `${log} goes on`)]
    const tasks = JSON.stringify([
      {name: 'hostile', run: hostile(printed, goOn)},
      {name: 'sleeps', run: 'Start-Sleep 600', timeout: '2s'}
    ])
    const step = await startAction({tasks, log, 'max-parallel': '2'}, workspace)
    try {
      let shown = ''
      step.process.stdout?.on('data', (text: string) => {
        shown += text
      })
      await until('all is printed', () => existsSync(printed))
      await until('the other task has ended', () => /✗ sleeps · timed out after 2 s/.test(shown))
      expect(shown).not.toContain('went on')
      writeFileSync(goOn, '')
      const run = await step.done
      expect(run.log).toContain('went on')
      expect(run.outputs).toMatchObject({result: 'failure', succeeded: '1', failed: '1'})
      expect(run.summary).toMatch(/above\n{800000}below/)
      expect(resultOf(run).view.issues.error.map(({message}) => message)).toContain('hostile: y')
    } finally {
      step.process.kill('SIGKILL')
    }
  })
})
