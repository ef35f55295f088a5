import {readFileSync} from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {readRecording} from '../../src/recording/read-recording.ts'
import {type ActionRun, runAction} from '../support/action-run.ts'
import {startCommand} from '../support/command-run.ts'
import {contentOf} from '../support/page-content.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const workspace = temporaryFolder()
const files = {'html-report': 'out/run.html', recording: 'out/run.zip', 'trace-report': 'out/trace.json'}
const secret = 'hush-hush-42'
const list = `
- id: sign_in
  # In one piece it would be in the list's own text, which is masked by nobody.
  run: |
    $secret = 'hush-' + 'hush-42'
    "::add-mask::$secret"
    "signed in as $secret"
- id: color
  needs: sign_in
  parameters: {Region: west-of-here}
  run: |
    param($Region)
    "$([char]27)[31mred$([char]27)[0m"
    '</script><b>'
    'late hush-' + 'hush-42'
- id: flaky
  needs: sign_in
  retry: 1
  run: '"attempt $env:PWSH_POOL_ATTEMPT"; if ($env:PWSH_POOL_ATTEMPT -eq 1) { exit 3 }'
- id: table
  objects: true
  run: '[pscustomobject]@{Name = "one"; Size = 1}'
`
const read = (name: string) => readFileSync(path.join(workspace, name))
const trace = (
  name: string
): readonly {readonly name: string; readonly ph: string; readonly args?: {readonly id?: string; readonly status?: string}}[] =>
  JSON.parse(read(name).toString()).traceEvents

describe('the page, the recording and the trace of a real run', () => {
  let run: ActionRun

  beforeAll(async () => {
    run = await runAction({...files, tasks: list, isolation: 'none', 'max-parallel': '2', 'json-report': 'out/report.json'}, workspace)
  })

  test('the page has the report, what the list says, and the log of each attempt, masked', () => {
    expect([run.exitCode, run.stderr]).toEqual([0, ''])
    const html = read('out/run.html').toString()
    const {data, logs} = contentOf(html)
    expect(data.report).toEqual(JSON.parse(read('out/report.json').toString()))
    expect(data.logs.map(({task, attempt}, i) => [data.report.tasks[task]?.id, attempt, logs[i]?.replaceAll('\r', '')])).toEqual(
      expect.arrayContaining([
        ['sign_in', 1, expect.stringContaining('signed in as ***\n')],
        ['color', 1, '\u001b[31mred\u001b[0m\n</script><b>\nlate ***\n'],
        ['flaky', 1, 'attempt 1\n'],
        ['flaky', 2, 'attempt 2\n'],
        ['table', 1, expect.stringContaining('Name')]
      ])
    )
    expect(data.plan.tasks[1]).toMatchObject({parameters: ['Region'], needs: [0]})
    expect(data.plan.boots.length).toBeGreaterThan(0)
    expect(data.objects).toMatchObject([{task: 3, columns: ['Name', 'Size'], rows: [['one', '1']]}])
    expect(run.summary).toContain('out/run.html')
    for (const text of [html, JSON.stringify(data), ...logs]) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain('west-of-here')
    }
  })

  test('the recording has the same, and opens', async () => {
    const recording = await readRecording(path.join(workspace, 'out', 'run.zip'))
    if (!recording.ok) throw new Error(recording.error)
    const {report, plan, logs, timings, close} = recording.value
    try {
      const {data, logs: shown} = contentOf(read('out/run.html').toString())
      expect(JSON.parse(report)).toEqual(data.report)
      expect(plan).toEqual(data.plan)
      const texts = new Map<string, string>()
      for (const {task, attempt, chunks} of logs) {
        let text = ''
        for await (const chunk of chunks()) text += Buffer.from(chunk).toString()
        texts.set(`${task}.${attempt}`, text)
      }
      expect(texts).toEqual(new Map(data.logs.map(({task, attempt}, i) => [`${task}.${attempt}`, shown[i] ?? ''])))
      expect(JSON.parse(timings ?? '').tasks).toHaveLength(4)
    } finally {
      close()
    }
  })

  test('the trace has a slice for each attempt', () => {
    const slices = trace('out/trace.json').filter(({ph}) => ph === 'X')
    expect(slices.map(({args}) => `${args?.id} ${args?.status}`)).toEqual([
      'sign_in success',
      'color success',
      'flaky failure',
      'flaky success',
      'table success'
    ])
  })

  test('the command writes them too', async () => {
    const options = Object.keys(files).flatMap(name => [`--${name}`, `cli/${name}`])
    const {done} = await startCommand(['-', '--isolation', 'none', ...options], {folder: workspace, input: list})
    expect(await done).toMatchObject({exitCode: 0})
    const {data, logs} = contentOf(read('cli/html-report').toString())
    expect(data.report.tasks.map(({status}) => status)).toEqual(Array(4).fill('success'))
    expect(logs.join('')).toContain('signed in as ***')
    expect(trace('cli/trace-report').filter(({ph}) => ph === 'X')).toHaveLength(5)
    const recording = await readRecording(path.join(workspace, 'cli', 'recording'))
    expect(recording.ok).toBe(true)
    if (recording.ok) recording.value.close()
  })
})
