import {readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import type {RunRecord} from '../../src/model/event.ts'
import {splitTemplate, writeHtmlReport} from '../../src/pages/html-report.ts'
import type {ReadableLog} from '../../src/recording/readable-log.ts'
import {type CapturedRun, plannedTasks, type RunDetails} from '../../src/recording/run-details.ts'
import {reportOf} from '../../src/report/run-report.ts'

/** Writes the page of a run into a folder, with the page that `PWSH_POOL_PAGE` names. `logs`: what attempts printed, by `id/number`. Returns its address. */
export async function writtenPage(
  folder: string,
  record: RunRecord,
  logs: Readonly<Record<string, string>> = {},
  {logsLeftOut = null, ...details}: Partial<RunDetails> & Partial<Pick<CapturedRun, 'logsLeftOut'>> = {}
): Promise<string> {
  const file = path.join(folder, `report-${record.tasks.length}-${Object.keys(logs).length}.html`)
  const template = splitTemplate(readFileSync(process.env.PWSH_POOL_PAGE ?? '', 'utf8'))
  const parts: (string | Uint8Array)[] = []
  const readable = record.tasks.flatMap(({task, attempts}, position) =>
    attempts.flatMap(({number, end}): ReadableLog[] => {
      const text = logs[`${task.id}/${number}`]
      if (text === undefined) return []
      const bytes = Buffer.from(text)
      const chunks = async function* () {
        yield bytes
      }
      return [{task: position, attempt: number, isFailed: end.status !== 'success', length: bytes.length, leftOut: 0, chunks}]
    })
  )
  await writeHtmlReport(
    {
      report: reportOf({record, tails: new Map()}),
      plan: {tasks: plannedTasks(record, text => text), boots: [], waits: [], ...details},
      logs: readable,
      logsLeftOut
    },
    async data => {
      parts.push(data)
    },
    {template}
  )
  writeFileSync(file, Buffer.concat(parts.map(part => Buffer.from(part))))
  return `file://${file}`
}
