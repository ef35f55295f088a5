import {spawnSync} from 'node:child_process'
import {copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {type ActionRun, runAction} from '../support/action-run.ts'
import {contentOf} from '../support/page-content.ts'
import {applyStepFiles, createStepFiles} from '../support/runner-files.ts'
import {RunnerMasks} from '../support/runner-masks.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const workspace = temporaryFolder()
const dist = path.join(import.meta.dirname, '..', '..', 'dist')
const environment = {GITHUB_REPOSITORY: 'o/r', GITHUB_SHA: 'abc', GITHUB_RUN_ID: '7', GITHUB_RUN_ATTEMPT: '1'}
const list = `
- id: each
  foreach: [${Array.from({length: 200}, (_, i) => i + 1).join()}]
  run: |
    Start-Sleep -Milliseconds 5
    "o$_=$_" >> $env:GITHUB_OUTPUT
    "page $_" >> $env:GITHUB_STEP_SUMMARY
    if ($_ % 50 -eq 0) { "$_ is broken"; exit 3 }
`

/** The step `pwsh-pool/merge` of these reports. */
function mergeAction(reports: string, inputs: Readonly<Record<string, string>> = {}) {
  const temporary = path.join(workspace, `merge-${Math.random()}`)
  mkdirSync(temporary)
  const files = createStepFiles(temporary)
  const env = {
    ...process.env,
    ...files,
    ...Object.fromEntries(Object.entries({reports, ...inputs}).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temporary
  }
  const {status, stdout, stderr} = spawnSync(process.execPath, [path.join(dist, 'merge.js')], {cwd: workspace, env, encoding: 'utf8'})
  const {outputs} = applyStepFiles(files, new RunnerMasks())
  return {status, stdout, stderr, outputs, summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8')}
}

const mergeCommand = (...args: string[]) =>
  spawnSync(process.execPath, [path.join(dist, 'cli.js'), ...args], {cwd: workspace, encoding: 'utf8'})

const reportOf = (index: number) => path.join(workspace, 'reports', `report-${index}-1`, 'report.json')
const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'))

describe('shards of a list, merged', () => {
  let whole: ActionRun
  let merged: ReturnType<typeof mergeAction>

  beforeAll(async () => {
    const inputs = {tasks: list, isolation: 'none', 'max-parallel': '2'}
    whole = await runAction({...inputs, 'json-report': 'whole.json', 'junit-report': 'whole.xml'}, workspace, environment)
    for (const index of [0, 1, 2, 3]) {
      const report = path.relative(workspace, reportOf(index))
      const recording = report.replace('report.json', 'run.zip')
      await runAction({...inputs, shard: `${index}/4`, 'json-report': report, recording, summary: 'none'}, workspace, environment)
    }
    merged = mergeAction('reports/**/*.json', {'json-report': 'merged.json', 'junit-report': 'merged.xml', 'timings-file': 'timings.json'})
  }, 240_000)

  test('are what one run of the list is, but for times and workers', () => {
    const timeless = (text: string) => text.replace(/(?:time|timestamp)="[^"]*"/g, '')
    const plain = ({results, ...outputs}: Readonly<Record<string, string>>) => ({
      ...outputs,
      'duration-ms': '',
      speedup: '',
      'report-path': '',
      results: JSON.parse(results ?? '').map((task: object) => ({...task, durationMs: 0}))
    })
    expect(merged.status).toBe(1)
    expect(merged.stderr).toBe('')
    expect(plain(merged.outputs)).toEqual(plain(whole.outputs))
    expect(timeless(readFileSync(path.join(workspace, 'merged.xml'), 'utf8'))).toBe(
      timeless(readFileSync(path.join(workspace, 'whole.xml'), 'utf8'))
    )
    expect(merged.stdout).toContain('pwsh-pool merge: 4 reports, 200 tasks')
    expect(merged.stdout).toContain('Failed: 4 of 200')
    expect(merged.stdout).not.toContain('::error')
    expect(merged.summary).toContain('## ❌ 4 of 200 tasks failed')
    expect(merged.summary).toContain('50 is broken')
    expect(merged.summary).toContain('page 199')
    expect(json(path.join(workspace, 'merged.json'))).toMatchObject({maxParallel: 8, listed: 200, shard: null})
    const timed: {durations: number[]}[] = json(path.join(workspace, 'timings.json')).tasks
    expect(timed.filter(({durations}) => durations.length === 1)).toHaveLength(196)
  })

  test('are merged by the command too', () => {
    const run = mergeCommand('merge', 'reports/report-*/*.json', '--summary', 'page.md', '--json-report', 'cli.json')
    expect(run).toMatchObject({status: 1, stderr: ''})
    expect(run.stdout).toMatch(/^196 succeeded, 4 failed in /m)
    expect(json(path.join(workspace, 'cli.json'))).toEqual(json(path.join(workspace, 'merged.json')))
    expect(mergeCommand('merge', 'nothing/*.json')).toMatchObject({
      status: 2,
      stderr: 'no file is "nothing/*.json"\nNothing was merged.\n'
    })
  })

  test('are one page with the log of each task, if they have recordings', () => {
    const files = {'html-report': 'merged.html', 'trace-report': 'trace.json', recording: 'merged.zip', 'json-report': 'recorded.json'}
    // A report beside its recording counts once.
    const run = mergeAction('reports/report-0-1/*\nreports/**/run.zip', files)
    expect([run.status, run.stderr]).toEqual([1, ''])
    expect(run.summary).toContain('Timeline and logs: open <code>merged.html</code> in a browser.')
    expect(run.summary).toContain('\nsection shard 4, worker 6\n')
    const {data, logs} = contentOf(readFileSync(path.join(workspace, 'merged.html'), 'utf8'))
    expect(data.report).toEqual(json(path.join(workspace, 'merged.json')))
    expect(json(path.join(workspace, 'recorded.json'))).toEqual(data.report)
    expect(data.logsLeftOut).toBeNull()
    expect(data.plan.tasks.map(task => task?.group)).toEqual(Array(200).fill('each'))
    expect(new Set(data.report.tasks.map(({shard}) => shard))).toEqual(new Set([0, 1, 2, 3]))
    // Of all tasks these alone print something.
    expect(data.logs.map(({task}, i) => [data.report.tasks[task]?.id, logs[i]])).toEqual(
      ['50', '100', '150', '200'].map(number => [`each_${number}`, `${number} is broken\n`])
    )
    const threads = new Set(json(path.join(workspace, 'trace.json')).traceEvents.flatMap(({tid}: {tid?: number}) => tid ?? []))
    expect(threads.size).toBeGreaterThan(3)
    const again = mergeCommand('merge', 'merged.zip', '--html-report', 'again.html')
    expect([again.status, again.stderr]).toEqual([1, ''])
    expect(contentOf(readFileSync(path.join(workspace, 'again.html'), 'utf8')).logs).toEqual(logs)
  })

  test('are not merged with a recording that is none', () => {
    writeFileSync(path.join(workspace, 'broken.zip'), readFileSync(reportOf(1).replace('report.json', 'run.zip')).subarray(0, 500))
    const run = mergeAction('reports/**/run.zip\nbroken.zip', {'html-report': 'none.html'})
    expect(run.status).toBe(1)
    expect(run.stdout.match(/^::error.*$/gm)).toEqual([expect.stringMatching(/^::error::"broken\.zip" is no recording: /)])
    expect(existsSync(path.join(workspace, 'none.html'))).toBe(false)
  })

  test.each<[string, () => void, RegExp]>([
    ['missing', () => rmSync(reportOf(1)), /^::error::shard 2 of 4 has no report: 50 tasks$/m],
    ['double', () => copyFileSync(reportOf(1), `${reportOf(1)}.copy.json`), /^::error::shard 2 of 4 has 2 reports: .*copy.json/m],
    [
      'of another list',
      () => copyFileSync(path.join(workspace, 'other.json'), reportOf(1)),
      /^::error::"reports\/report-1-1\/report.json" \(shard 2 of 4\) is of another plan: its hash of the list differs from that of /m
    ],
    [
      'unfinished',
      () => {
        const report = json(reportOf(1))
        const [first, ...others] = report.tasks
        const counts = {...report.counts, [first.status]: report.counts[first.status] - 1}
        const open = {...first, status: null, reason: null, attempts: [], flaky: false}
        writeFileSync(reportOf(1), JSON.stringify({...report, result: null, endedAt: null, counts, tasks: [open, ...others]}))
      },
      /^::error::shard 2 of 4 did not finish: 1 of 50 tasks has no result/m
    ]
  ])('fail if one report is %s', async (name, spoil, message) => {
    const kept = readFileSync(reportOf(1), 'utf8')
    if (name === 'of another list') {
      const inputs = {tasks: list.replace('is broken', 'is not well'), isolation: 'none', 'max-parallel': '2', shard: '1/4'}
      await runAction({...inputs, 'json-report': 'other.json'}, workspace, environment)
    }
    spoil()
    const run = mergeAction('reports/**/*.json')
    writeFileSync(reportOf(1), kept)
    rmSync(`${reportOf(1)}.copy.json`, {force: true})
    expect(run.status).toBe(1)
    expect(run.stdout).toMatch(message)
    expect(run.outputs).toMatchObject({result: 'failure', results: '[]', total: '0'})
    expect(run.summary).toContain('## ❌ Nothing was merged')
  })
})
