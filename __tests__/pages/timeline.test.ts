import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {marked} from 'marked'
import type {TaskRecord} from '../../src/model/event.ts'
import {renderTimeline, timelineBudget} from '../../src/pages/timeline.ts'
import {createRecord, exited, ranFor, skippedBecause, succeeded} from '../support/create-record.ts'
import {createTask, createTasks} from '../support/create-task.ts'
import {hostileText} from '../support/hostile-text.ts'
import {ganttBars} from '../support/mermaid.ts'
import {runs} from '../support/runs.ts'

describe('renderTimeline', () => {
  test('has a section for each worker and a bar for each attempt, failed ones critical', async () => {
    const tasks = [
      ranFor(createTask({id: 'build'}), [{ms: 3000, end: succeeded}]),
      onWorker(
        1,
        ranFor(createTask({id: 'unit', index: 1}), [
          {ms: 1000, end: exited(3)},
          {ms: 1500, end: succeeded}
        ])
      ),
      skippedBecause(createTask({id: 'lint', index: 2}), {status: 'skipped', reason: 'cancelled'})
    ]
    const timeline = renderTimeline(createRecord(tasks, {ms: 3000}))
    expect(timeline?.leftOut).toBeUndefined()
    expect(await ganttBars(timeline?.mermaid ?? '')).toEqual([
      {section: 'worker 0', name: '✓ build', from: 0, to: 3000, isCritical: false},
      {section: 'worker 1', name: '✗ unit (attempt 1)', from: 0, to: 1000, isCritical: true},
      {section: 'worker 1', name: '✓ unit (attempt 2)', from: 1000, to: 2500, isCritical: false}
    ])
  })

  test('is not there when nothing ran', () => {
    expect(renderTimeline(createRecord([]))).toBeUndefined()
    expect(renderTimeline(createRecord([skippedBecause(createTask(), {status: 'skipped', reason: 'cancelled'})]))).toBeUndefined()
  })

  test.each([
    [1900, '%Q ms', 1900],
    [9000, '%s s\ntickInterval 1second', 9000],
    [599_000, '%s s', 599_000],
    [3_600_000, '%s min', 60_000],
    [86_400_000, '%s h', 24_000]
  ])('shows a run of %d ms in %s', async (ms, format, drawnMs) => {
    const timeline = renderTimeline(createRecord([ranFor(createTask(), [{ms, end: succeeded}])], {ms}))
    expect(timeline?.mermaid).toContain(`axisFormat ${format}\n`)
    expect((await ganttBars(timeline?.mermaid ?? '')).map(({to}) => to)).toEqual([drawnMs])
  })

  test('of 5,000 attempts with long names draws the failed and the longest within its budget, and says so', async () => {
    const tasks = createTasks(...Array.from({length: 5000}, (_, i) => ({name: `task ${i} ${'x'.repeat(300)}`})))
    const records = tasks.map((task, i) => onWorker(i % 8, ranFor(task, [{ms: 1 + i, end: i === 7 ? exited(1) : succeeded}], i * 10)))
    const timeline = renderTimeline(createRecord(records, {ms: 55_000}))
    const bars = await ganttBars(timeline?.mermaid ?? '')
    expect(timeline?.mermaid.length).toBeLessThanOrEqual(timelineBudget)
    expect(bars.length).toBeGreaterThan(500)
    expect(bars.filter(({isCritical}) => isCritical)).toHaveLength(1)
    expect(timeline?.leftOut).toBe(
      `Drawn are the failed and the longest of 5000 attempts: ${5000 - bars.length} shorter ones are left out.`
    )
  })

  test('fits any budget that has room for a bar', () => {
    const records = createTasks(...Array.from({length: 60}, () => ({}))).map(task => ranFor(task, [{ms: 500, end: succeeded}]))
    expect(renderTimeline(createRecord(records), 300)?.mermaid.length).toBeLessThanOrEqual(300)
    expect(renderTimeline(createRecord(records), 50)).toBeUndefined()
  })

  test('is the same chart whatever tasks are called', async () => {
    const names = fc.array(fc.oneof(hostileText, fc.constantFrom(...mermaidWords)), {minLength: 1, maxLength: 50})
    await fc.assert(
      fc.asyncProperty(names, async list => {
        const tasks = createTasks(...list.map(name => ({name})))
        const timeline = renderTimeline(createRecord(tasks.map(task => ranFor(task, [{ms: 500, end: succeeded}]))))
        const text = timeline?.mermaid ?? ''
        expect(marked.lexer(`\`\`\`mermaid\n${text}\n\`\`\``).map(({type}) => type)).toEqual(['code'])
        const bars = await ganttBars(text)
        expect(bars).toHaveLength(tasks.length)
        expect(bars.every(({section, from, to}) => section === 'worker 0' && from === 0 && to === 500)).toBe(true)
      }),
      {numRuns: runs(100)}
    )
  })
})

const mermaidWords = [
  'gantt',
  'section x',
  'title x',
  'click a href "https://x.y"',
  'dateFormat YYYY',
  'axisFormat %H',
  'done, 0, 5ms',
  'a:crit,1,2',
  'accTitle: x',
  'accDescr { x',
  'todayMarker off',
  '2020-01-01',
  '%%{init: {"theme": "dark"}}%%',
  '%% gone',
  '#quot;',
  '---',
  'end'
]

function onWorker(worker: number, record: TaskRecord): TaskRecord {
  return {...record, attempts: record.attempts.map(attempt => ({...attempt, worker}))}
}
