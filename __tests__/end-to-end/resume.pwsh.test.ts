import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {type ActionRun, runAction} from '../support/action-run.ts'
import {runCommand} from '../support/command-run.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const workspace = temporaryFolder()
const broken = path.join(workspace, 'broken')
const commit = {GITHUB_REPOSITORY: 'o/r', GITHUB_SHA: 'abcdef0123456789'}

const list = `
- id: build
  run: |
    "version=1.2" >> $env:GITHUB_OUTPUT
    '# Built 1.2' >> $env:GITHUB_STEP_SUMMARY
- id: each
  name: check $_
  foreach: [${Array.from({length: 30}, (_, i) => i + 1).join()}]
  run: if ($_ -le 10 -and (Test-Path broken)) {"$_ is broken"; exit 3}
- id: tell
  needs: [build, each]
  when: always
  run: |
    "told $($needs.build.outputs.version) $($needs.build.result) $($needs.build.kept) $(@($needs.each).Where({$_.kept}).Count)"
`

describe('a run that is resumed', () => {
  let first: ActionRun
  let second: ActionRun
  let third: ActionRun

  beforeAll(async () => {
    const inputs = {tasks: list, isolation: 'none', 'max-parallel': '2', 'json-report': 'report.json', 'resume-from': 'old/report.json'}
    writeFileSync(broken, '')
    first = await runAction(inputs, workspace, commit)
    rmSync(broken)
    const resumed = {...inputs, 'resume-from': 'report.json', 'json-report': 'second.json', 'junit-report': 'second.xml'}
    second = await runAction(resumed, workspace, commit)
    third = await runAction({...resumed, 'dry-run': 'true'}, workspace, {...commit, GITHUB_SHA: 'fff'})
  }, 120_000)

  test('runs everything where there is no report yet', () => {
    expect(first.log).toContain('::notice::resume-from: the report "old/report.json" does not exist, so all tasks run')
    expect(first.outputs).toMatchObject({result: 'failure', total: '32', failed: '10', succeeded: '22', kept: '0'})
  })

  test('runs what failed and what needs that; the rest is kept, and counted', () => {
    expect(second.outputs).toMatchObject({
      result: 'success',
      total: '32',
      failed: '0',
      succeeded: '11',
      skipped: '0',
      kept: '21',
      version: '1.2'
    })
    const results: {id: string; status: string}[] = JSON.parse(second.outputs.results ?? '')
    expect(results.filter(({status}) => status === 'success').map(({id}) => id)).toEqual([
      ...Array.from({length: 10}, (_, i) => `each_${i + 1}`),
      'tell'
    ])
    expect(second.log).toMatch(/^resume-from: 21 of 32 tasks kept from the run of .* UTC; 11 run: 10 did not succeed, 1 in need of those$/m)
    expect(second.log).toMatch(/^::group::✓ 21 tasks kept: not run again$/m)
    expect(second.log).toMatch(/^11 succeeded, 21 kept in /m)
  })

  test('tells tasks what the kept ones wrote, and that they are kept', () => {
    expect(first.log).toContain('told 1.2 success False 0')
    expect(second.log).toContain('told 1.2 success True 20')
  })

  test('says on the page what ran and what is kept, with the summaries of both', () => {
    expect(second.summary).toContain('## ✅ 32 tasks done')
    expect(second.summary).toContain('11 succeeded, 21 kept in')
    expect(second.summary).toMatch(/\| ✅ \| check 11 \| kept&#58; succeeded in the run of .* \| {2}\| {2}\|/)
    expect(second.summary).toContain('# Built 1.2')
    expect(readFileSync(path.join(workspace, 'second.xml'), 'utf8')).toMatch(/tests="32" failures="0"/)
    expect(JSON.parse(readFileSync(path.join(workspace, 'second.json'), 'utf8')).counts).toMatchObject({success: 11, kept: 21})
  })

  test('keeps nothing of another commit, and says so', () => {
    expect(third.log).toContain('::notice::resume-from: the report is of another commit (abcdef0123, not fff), so all tasks run')
    expect(third.log).toContain('Plan: 32 tasks in 2 waves\n')
  })

  test('is planned without being run', async () => {
    writeFileSync(path.join(workspace, 'list.yml'), list)
    const run = await runCommand(['--resume-from', 'second.json', '--dry-run', 'list.yml', '--isolation', 'none'], {
      folder: workspace,
      environment: commit
    })
    expect(run).toMatchObject({exitCode: 0, stdout: expect.stringContaining('resume-from: 32 of 32 tasks kept from the run of ')})
    expect(run.stdout).toContain('Plan: 32 tasks in 2 waves, 32 of them kept')
  })

  test('with --failed runs what did not succeed, of any commit, and claims no more', async () => {
    const args = ['--failed', 'report.json', 'list.yml', '--isolation', 'none', '--json-report', 'failed.json']
    const run = await runCommand(args, {folder: workspace})
    expect(run.stdout.trimEnd().split('\n').at(-1)).toMatch(/^10 ran, 22 not run again \(report of \d\d:\d\d\)$/)
    expect(run.exitCode).toBe(0)
    expect(JSON.parse(readFileSync(path.join(workspace, 'failed.json'), 'utf8'))).toMatchObject({listed: 32, tasks: {length: 10}})
    const missing = await runCommand(['--failed', 'none.json', 'list.yml'], {folder: workspace})
    expect(missing).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--failed: expected the report of a run, got "none.json", which does not exist')
    })
  })
})
