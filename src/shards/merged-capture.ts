import type {ReadableLog} from '../recording/readable-log.ts'
import type {CapturedRun, PlannedTask, WorkerBoot, WorkerWait} from '../recording/run-details.ts'
import {reportOf} from '../report/run-report.ts'
import {count} from '../report/wording.ts'
import type {MergedPart, MergedRun} from './merge-reports.ts'
import {shardName} from './shard-text.ts'

/** The merged run, with the logs and details from the recordings of its shards. Logs are read from the recordings, which must stay open. */
export function mergedCapture({run, parts}: MergedRun): CapturedRun {
  const planned = run.record.tasks.map((): PlannedTask | null => null)
  const boots: WorkerBoot[] = []
  const waits: WorkerWait[] = []
  const logs: ReadableLog[] = []
  for (const {recording, tasks: own, workersBefore} of parts) {
    if (recording === undefined) continue
    const {plan} = recording
    for (const [index, {position, counts}] of own.entries()) {
      const task = plan.tasks[index]
      if (!counts || task == null) continue
      planned[position] = {...task, needs: task.needs.flatMap(need => own[need]?.position ?? [])}
    }
    for (const boot of plan.boots) boots.push({...boot, worker: boot.worker + workersBefore})
    for (const wait of plan.waits) waits.push({...wait, worker: wait.worker + workersBefore})
    for (const log of recording.logs) {
      const place = own[log.task]
      if (place?.counts === true) logs.push({...log, task: place.position})
    }
  }
  return {
    report: reportOf(run),
    plan: {tasks: planned, boots, waits},
    logs: logs.sort((a, b) => a.task - b.task || a.attempt - b.attempt),
    logsLeftOut: leftOutText(parts)
  }
}

function leftOutText(parts: readonly MergedPart[]): string | null {
  const sentences = parts.flatMap(part => part.recording?.logsLeftOut ?? [])
  const bare = parts.filter(({recording}) => recording === undefined)
  const names = bare.flatMap(({shard}) => (shard === null ? [] : [shardName(shard)]))
  const tasks = bare.reduce((sum, part) => sum + part.tasks.filter(({counts}) => counts).length, 0)
  const of = bare.length === parts.length || names.length === 0 ? 'all' : namesText(names)
  const without =
    bare.length === 0
      ? []
      : [`${count(tasks, 'task')} (${of}) ${tasks === 1 ? 'has' : 'have'} no log here: a report has none, and there was no recording.`]
  return [...new Set([...without, ...sentences])].join(' ') || null
}

/** Most shards that are named; the others are counted. */
const mostNamed = 5

function namesText(names: readonly string[]): string {
  const more = names.length - mostNamed
  return more > 0 ? `${names.slice(0, mostNamed).join(', ')} and ${more} more` : names.join(', ')
}
