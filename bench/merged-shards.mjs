import {mkdirSync} from 'node:fs'
import path from 'node:path'
import {writeRunFiles} from '../lib/pages/run-files.js'
import {closeReports, findReports} from '../lib/shards/find-reports.js'
import {mergeReports} from '../lib/shards/merge-reports.js'
import {mergedCapture} from '../lib/shards/merged-capture.js'
import {simulatedRun} from './simulated-run.mjs'
import {writtenRun} from './written-run.mjs'

const hash = '0'.repeat(32)

/**
 * Writes the page of a simulated run of `tasks` tasks in shards as the merge does: from a recording of each shard, which has some of the run's workers.
 * @param {{tasks: number, shards: number, workers: number, file: string}} options `workers`: of each shard
 */
export async function writeMergedShards({tasks: count, shards, workers, file}) {
  const {record, log} = simulatedRun({tasks: count, failures: 3, workers: shards * workers})
  const shardOf = (/** @type {typeof record.tasks[number]} */ {attempts}) => Math.floor((attempts.at(-1)?.worker ?? 0) / workers)
  const parts = Array.from({length: shards}, (_, shard) =>
    record.tasks
      .filter(each => each.task.index === 0 || shardOf(each) === shard)
      .map(each => ({
        ...each,
        task: {...each.task, fingerprint: null, isInEachShard: each.task.index === 0},
        attempts: each.attempts.map(attempt => ({...attempt, worker: attempt.worker % workers}))
      }))
  )
  const sizes = parts.map(({length}) => length)
  const folder = path.dirname(file)
  for (const [index, part] of parts.entries()) {
    const plan = {listed: count, hashes: {list: hash, timings: hash, plan: hash}, shard: {index, sizes}}
    mkdirSync(path.join(folder, `report-${index}-1`), {recursive: true})
    const endedAt = part.reduce((latest, {attempts}) => Math.max(latest, attempts.at(-1)?.endedAt ?? 0), 0)
    await writtenRun(
      {record: {...record, plan, maxParallel: workers, endedAt, tasks: part}, log},
      path.join(folder, `report-${index}-1`, 'run.zip')
    )
  }
  const found = await findReports(['report-*/run.zip'], folder)
  if (!found.ok) throw new Error(found.error.join('\n'))
  const merged = mergeReports(found.value)
  if (!merged.ok) throw new Error(merged.error.join('\n'))
  const files = {htmlReport: path.resolve(file), recording: undefined, traceReport: undefined}
  const warnings = await writeRunFiles(files, mergedCapture(merged.value), merged.value.run, {mask: text => text})
  closeReports(found.value)
  if (warnings.length > 0) throw new Error(warnings.join('\n'))
}
