import {mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {afterEach, describe, expect, test} from '@jest/globals'
import type {TaskRecord} from '../../src/model/event.ts'
import type {Task} from '../../src/model/task.ts'
import {renderJobSummary} from '../../src/pages/job-summary.ts'
import {renderTimeline} from '../../src/pages/timeline.ts'
import type {ReadableLog} from '../../src/recording/readable-log.ts'
import {plannedTasks} from '../../src/recording/run-details.ts'
import {traceEvents} from '../../src/recording/trace-report.ts'
import {writeRecording} from '../../src/recording/write-recording.ts'
import type {RunReport} from '../../src/report/report-schema.ts'
import {renderRunReport} from '../../src/report/run-report.ts'
import {closeReports, findReports} from '../../src/shards/find-reports.ts'
import {mergeReports} from '../../src/shards/merge-reports.ts'
import {mergedCapture} from '../../src/shards/merged-capture.ts'
import {planTasks} from '../../src/shards/plan-tasks.ts'
import {createRecord, exited, ranFor, succeeded} from '../support/create-record.ts'
import {createTasks} from '../support/create-task.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const settings = {workspace: '/work', timingsFile: undefined, maxParallel: 2, resumeFrom: undefined, modules: [], setup: '', setupOnce: ''}
const folder = temporaryFolder()
const same = (text: string) => text
const lock = {name: 'db', variable: 'PWSH_POOL_LOCK_DB', room: 2, per: 'all'} as const
const list = createTasks(
  {id: 'build', isInEachShard: true},
  ...Array.from({length: 8}, (_, index) => ({id: `task_${index}`, needs: [0], locks: [lock], recorded: {medianMs: 10, samples: 5}}))
)

const ran = (task: Task): TaskRecord =>
  ranFor(task, [{ms: 5 + task.position, end: task.position % 4 === 3 ? exited(3) : succeeded}], 1000 + 10 * task.position)

/** What a shard leaves: its report, and its recording, of which the log of each task says who it is. */
async function shardOf(index: number, count: number): Promise<{readonly report: string; readonly zip: Buffer}> {
  const {tasks, plan} = planTasks(list, {...settings, shard: {index, count}})
  const record = createRecord(tasks.map(ran), {plan, startedAt: 1000, endedAt: 2000})
  const report = renderRunReport({record, tails: new Map()})
  const logs = tasks.map(
    ({id}, task): ReadableLog => ({
      task,
      attempt: 1,
      isFailed: false,
      length: id.length + 10,
      leftOut: 0,
      async *chunks() {
        yield Buffer.from(`log of ${id}@${index}\n`)
      }
    })
  )
  const bytes: Buffer[] = []
  const parsed = JSON.parse(report) as RunReport
  await writeRecording(
    {
      report: parsed,
      plan: {tasks: plannedTasks(record, same), boots: [{worker: 1, from: 1, to: 2}], waits: [{worker: 0, from: 3, to: 4}]},
      logs,
      logsLeftOut: null,
      timings: undefined
    },
    async data => {
      bytes.push(Buffer.from(data))
    }
  )
  return {report, zip: Buffer.concat(bytes)}
}

/** Puts files where `download-artifact` would. */
function laidDown(files: Readonly<Record<string, string | Buffer>>): string {
  const root = path.join(folder, String(Math.random()))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), {recursive: true})
    writeFileSync(path.join(root, name), content)
  }
  return root
}

const textOf = async ({chunks}: ReadableLog): Promise<string> => {
  let text = ''
  for await (const chunk of chunks()) text += Buffer.from(chunk).toString()
  return text
}

describe('recordings of shards', () => {
  let close = () => {}
  afterEach(() => close())

  async function merged(root: string) {
    const found = await findReports(['**/*'], root)
    if (!found.ok) throw new Error(found.error.join('\n'))
    close = () => closeReports(found.value)
    const run = mergeReports(found.value)
    if (!run.ok) throw new Error(run.error.join('\n'))
    return {...run.value, captured: mergedCapture(run.value)}
  }

  test('are one run with all logs, what the list says, and the times of all workers', async () => {
    const shards = await Promise.all([0, 1, 2, 3].map(index => shardOf(index, 4)))
    const {captured, run} = await merged(laidDown(Object.fromEntries(shards.map(({zip}, i) => [`recording-${i}-1/run.zip`, zip]))))
    const {report, plan, logs, logsLeftOut} = captured
    expect(logsLeftOut).toBeNull()
    expect(report.tasks.map(({id}) => id)).toEqual(list.map(({id}) => id))
    expect(plan.tasks.map(task => [task?.needs, task?.locks[0]?.name])).toEqual([[[], undefined], ...Array(8).fill([[0], 'db'])])
    expect(plan.boots.map(({worker}) => worker)).toEqual([1, 3, 5, 7])
    expect(plan.waits.map(({worker}) => worker)).toEqual([0, 2, 4, 6])
    // The build ran in each shard; that of the first counts.
    expect(await Promise.all(logs.map(textOf))).toEqual(report.tasks.map(({id, shard}) => `log of ${id}@${shard}\n`))
    expect(report.tasks[0]).toMatchObject({id: 'build', shard: 0})
    expect(report.tasks[1]?.recorded).toEqual({medianMs: 10, samples: 5})
    const sections = renderTimeline(run.record)?.mermaid.match(/^section .*$/gm)
    expect(sections).toEqual(
      ['shard 1, worker 0', 'shard 2, worker 2', 'shard 3, worker 4', 'shard 4, worker 6'].map(text => `section ${text}`)
    )
    expect(renderJobSummary(run)).toContain('(recorded 0.0 s, +30 %)')
    expect([...traceEvents(report, plan)].filter(({name}) => name === 'boot')).toHaveLength(8)
  })

  test('give way to nothing: a report beside its recording counts once, and a shard with a report alone is said to have no logs', async () => {
    const [first, second, third] = await Promise.all([0, 1, 2].map(index => shardOf(index, 3)))
    const {captured, parts} = await merged(
      laidDown({
        'a/report.json': first?.report ?? '',
        'a/run.zip': first?.zip ?? '',
        'b/report.json': second?.report ?? '',
        // By what is in it, whatever it is called.
        'c/run': third?.zip ?? ''
      })
    )
    const bare = captured.report.tasks.flatMap(({shard}, position) => (shard === 1 ? [position] : []))
    expect(parts.map(({recording}) => recording === undefined)).toEqual([false, true, false])
    expect(captured.logsLeftOut).toBe(
      `${bare.length} tasks (shard 2 of 3) have no log here: a report has none, and there was no recording.`
    )
    expect(captured.plan.tasks.flatMap((task, position) => (task === null ? [position] : []))).toEqual(bare)
    expect(captured.logs.map(({task}) => task)).toEqual(captured.report.tasks.map((_, i) => i).filter(i => !bare.includes(i)))
  })

  test('can be merged into a recording that is merged again', async () => {
    const shards = await Promise.all([0, 1].map(index => shardOf(index, 2)))
    const {captured} = await merged(laidDown(Object.fromEntries(shards.map(({zip, report}, i) => [`${i}`, i === 0 ? zip : report]))))
    const bytes: Buffer[] = []
    await writeRecording({...captured, timings: undefined}, async data => {
      bytes.push(Buffer.from(data))
    })
    close()
    const again = await merged(laidDown({'run.zip': Buffer.concat(bytes)}))
    expect(again.captured.report).toEqual(captured.report)
    expect(again.captured.plan).toEqual(captured.plan)
    expect(again.captured.logsLeftOut).toBe(captured.logsLeftOut)
  })

  test('that are hostile are one clear error each', async () => {
    const {zip, report} = await shardOf(0, 1)
    const escaping = Buffer.from(zip)
    for (let at = escaping.indexOf('logs/1.1.log'); at >= 0; at = escaping.indexOf('logs/1.1.log', at + 1))
      escaping.write('../../../.lo', at)
    const noReport = await writtenZip('{"schemaVersion":1}')
    const otherPlan = await writtenZip(report)
    const root = laidDown({'1.zip': 'no zip', '2.zip': zip.subarray(0, -30), '3.zip': escaping, '4.zip': noReport, '5.zip': otherPlan})
    const found = await findReports(['*.zip'], root)
    expect(found).toMatchObject({ok: false})
    if (found.ok) return
    const starts = [
      '"1.zip" is no recording: ',
      '"2.zip" is no recording: ',
      '"3.zip" is no recording: invalid relative path',
      '"4.zip" has a report that is no report of pwsh-pool: ',
      '"5.zip" contradicts itself: its plan has 0 tasks, and its report 9'
    ]
    expect(found.error.map((error, i) => error.startsWith(starts[i] ?? '?'))).toEqual(starts.map(() => true))
  })

  /** A recording with this text as its report, and an empty plan. */
  async function writtenZip(text: string): Promise<Buffer> {
    const bytes: Buffer[] = []
    const report = JSON.parse(text)
    await writeRecording(
      {
        report: {tasks: [], startedAt: '2026-01-01T00:00:00Z', ...report},
        plan: {tasks: [], boots: [], waits: []},
        logs: [],
        logsLeftOut: null,
        timings: undefined
      },
      async data => {
        bytes.push(Buffer.from(data))
      }
    )
    return Buffer.concat(bytes)
  }
})
