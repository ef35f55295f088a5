import {existsSync, mkdirSync, mkdtempSync} from 'node:fs'
import path from 'node:path'
import {expect, test} from '@jest/globals'
import {runAction, startAction} from '../support/action-run.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {until} from '../support/until.ts'

const parent = temporaryFolder()
const workspace = () => {
  const folder = mkdtempSync(path.join(parent, 'workspace-'))
  mkdirSync(path.join(folder, 'tool'))
  return folder
}

const signIn = `
'signed in'
'::add-mask::s3cret'
"ACCOUNT=mine" >> $env:GITHUB_ENV
"$env:GITHUB_WORKSPACE/tool" >> $env:GITHUB_PATH
"modules: $(@(Get-Variable FromSetup -ErrorAction Ignore).Count)"`

test('runs once before the list is made; what it sets holds for the list, the tasks and the step, what it masks is masked, and it counts nowhere', async () => {
  const folder = workspace()
  const {exitCode, log, outputs, files, summary} = await runAction(
    {
      'setup-once': signIn,
      setup: '$FromSetup = 1',
      'tasks-script': `1..2 | ForEach-Object { @{name = "$env:ACCOUNT $_"; run = '"secret s3cret of $env:ACCOUNT, $(($env:PATH -split [IO.Path]::PathSeparator) -contains "$env:GITHUB_WORKSPACE/tool")"'} }`,
      isolation: 'none',
      'max-parallel': '1'
    },
    folder
  )
  expect(exitCode).toBe(0)
  expect(log.match(/signed in/g)).toHaveLength(1)
  expect(log).toContain('::group::✓ setup-once (')
  expect(log).toContain('modules: 0')
  expect(log.match(/secret \*\*\* of mine, True/g)).toHaveLength(2)
  expect(log.indexOf('signed in')).toBeLessThan(log.indexOf('mine 1'))
  expect([outputs.total, outputs.result]).toEqual(['2', 'success'])
  expect(summary).not.toContain('setup-once')
  expect(files.GITHUB_ENV).toMatch(/^\s*ACCOUNT<<(.+)\r?\nmine\r?\n\1/)
  expect(files.GITHUB_PATH.trim()).toBe(`${folder}/tool`)
})

test('that fails is shown with its own text, nothing is run, and later steps find what it set', async () => {
  const folder = workspace()
  const marker = path.join(folder, 'ran')
  const {exitCode, log, outputs, files} = await runAction(
    {'setup-once': `"HALF=1" >> $env:GITHUB_ENV; 'no account'; exit 3`, tasks: `- "'' > '${marker}'"`},
    folder
  )
  expect(exitCode).toBe(1)
  expect(log).toContain('::error::setup-once: no account (exit code 3)')
  expect(log).toContain('Nothing was run.')
  expect(outputs).toMatchObject({result: 'failure', total: '0'})
  expect(existsSync(marker)).toBe(false)
  expect(files.GITHUB_ENV).toContain('HALF')
})

test('does not run where the list is wrong, nor in a dry run', async () => {
  const folder = workspace()
  const marker = path.join(folder, 'ran')
  const once = {'setup-once': `'' > '${marker}'`}
  const wrong = await runAction({...once, tasks: '- rum: 1'}, folder)
  expect(wrong.exitCode).toBe(1)
  const dry = await runAction({...once, tasks: '- run: 1', 'dry-run': 'true'}, folder)
  expect(dry.log).toContain('Plan: 1 task in 1 wave, after setup-once')
  expect(existsSync(marker)).toBe(false)
})

test('ends after setup-timeout, and when the step is cancelled', async () => {
  const folder = workspace()
  const late = await runAction({'setup-once': 'Start-Sleep 600', 'setup-timeout': '5s', tasks: '- run: 1'}, folder)
  expect(late.exitCode).toBe(1)
  expect(late.log).toMatch(/setup-once: (timed out after 5 s|skipped: .*5 s of "setup-timeout")/)
  expect(late.outputs.result).toBe('failure')
  if (process.platform === 'win32') return
  const begun = path.join(folder, 'begun')
  const step = await startAction({'setup-once': `'' > '${begun}'; Start-Sleep 600`, tasks: '- run: 1'}, folder)
  await until('setup-once has begun', () => existsSync(begun))
  step.cancel()
  const cancelled = await step.done
  expect(cancelled.outputs).toMatchObject({result: 'cancelled', total: '0'})
  expect(cancelled.log).toMatch(/\nThe run was cancelled before its tasks began\.\nNothing was run\.\n$/)
})
