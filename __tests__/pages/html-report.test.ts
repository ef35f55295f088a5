import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {partsOf} from '../../src/output/shown-lines.ts'
import {verbatimLog} from '../../src/output/verbatim-log.ts'
import {splitTemplate, writeHtmlReport} from '../../src/pages/html-report.ts'
import {RunCapture} from '../../src/pages/run-capture.ts'
import type {LogStore} from '../../src/recording/log-store.ts'
import {readRecording} from '../../src/recording/read-recording.ts'
import {reportOf} from '../../src/report/run-report.ts'
import {Masker} from '../../src/text/masker.ts'
import {createRecord, exited, printed, ranFor, succeeded} from '../support/create-record.ts'
import {createTask} from '../support/create-task.ts'
import {hostileText} from '../support/hostile-text.ts'
import {contentOf} from '../support/page-content.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const noFiles = {htmlReport: undefined, recording: undefined, traceReport: undefined}
const template = splitTemplate('<head><!--data--><foot>')
const show = (masker: Masker) => (output: Parameters<ConstructorParameters<typeof LogStore>[0]['show']>[0]) =>
  verbatimLog('parts' in output ? output : {parts: () => partsOf(output, {mode: 'ignore', isDebug: false, onMask: () => {}})}, masker)

async function pageOf(logs: readonly {readonly text: string; readonly isFailed?: boolean}[], limit?: number) {
  let html = ''
  const tasks = logs.map((_, index) => ranFor(createTask({index}), [{ms: 1, end: succeeded}]))
  await writeHtmlReport(
    {
      report: reportOf({record: createRecord(tasks), tails: new Map()}),
      plan: {tasks: [], boots: [], waits: []},
      logs: logs.map(({text, isFailed = false}, task) => ({
        task,
        attempt: 1,
        isFailed,
        length: Buffer.byteLength(text),
        leftOut: 0,
        async *chunks() {
          yield Buffer.from(text)
        }
      })),
      logsLeftOut: null
    },
    async data => {
      html += data.toString()
    },
    {template, ...(limit === undefined ? {} : {limit})}
  )
  return {html, ...contentOf(html)}
}

describe('writeHtmlReport', () => {
  test('holds nothing but letters and digits of what tasks print, and gives all of it back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostileText), async texts => {
        const {html, logs} = await pageOf(texts.map(text => ({text})))
        expect(html).toMatch(/^<head>(?:<script type="application\/octet-stream" id="[\w-]+">[\w+/=]*<\/script>\n)+<foot>$/)
        expect(logs).toEqual(texts.map(text => Buffer.from(text).toString()))
      })
    )
  })

  test('takes failures first where not all fits, and says what is left out', async () => {
    const text = `${'x'.repeat(63)}\n`.repeat(1024)
    const {data, logs} = await pageOf([{text}, {text}, {text, isFailed: true}], 100 * 1024)
    expect(data.logs.map(({task}) => task)).toEqual([2, 0])
    expect(logs[0]).toBe(text)
    expect(logs[1]).toContain('bytes of this log are left out here')
    expect(data.logsLeftOut).toMatch(/^1 log .* is left out/)
  })

  test('puts short logs together', async () => {
    const {html} = await pageOf(Array.from({length: 100}, (_, i) => ({text: `log ${i}\n`})))
    expect([...html.matchAll(/id="log-/g)]).toHaveLength(1)
  })
})

describe('RunCapture', () => {
  test('masks in the page what was announced after a log was kept, and leaves no other file', async () => {
    const masker = new Masker()
    const htmlReport = path.join(folder, 'new', 'report.html')
    const capture = new RunCapture(
      {...noFiles, htmlReport},
      {temporaryFolder: folder, show: show(masker), mask: text => masker.mask(text), template}
    )
    const task = createTask()
    const record = createRecord([ranFor(task, [{ms: 1, end: exited(1)}])])
    const [attempt] = record.tasks[0]?.attempts ?? []
    if (attempt === undefined) throw new Error('no attempt')
    for (const read of capture.readers)
      await read({type: 'attempt-ended', task, attempt, output: printed('got s3cret\n'), retryInMs: undefined})
    masker.add('s3cret')
    expect(await capture.write({record, tails: new Map()})).toEqual([])
    expect(contentOf(readFileSync(htmlReport, 'utf8')).logs).toEqual(['got ***\n'])
    expect(readdirSync(folder)).toEqual(['new'])
    expect(readdirSync(path.dirname(htmlReport))).toEqual(['report.html'])
  })

  test('has a log that is read in many pieces byte for byte, in the page and in the recording', async () => {
    const files = {...noFiles, htmlReport: path.join(folder, 'many.html'), recording: path.join(folder, 'many.zip')}
    const capture = new RunCapture(files, {temporaryFolder: folder, show: show(new Masker()), mask: text => text, template})
    const task = createTask()
    const record = createRecord([ranFor(task, [{ms: 1, end: exited(1)}])])
    const [attempt] = record.tasks[0]?.attempts ?? []
    if (attempt === undefined) throw new Error('no attempt')
    // No two pieces of it are alike, and none ends at the end of a line.
    const text = Array.from({length: 200_000}, (_, i) => `line ${i}\n`).join('')
    for (const read of capture.readers) await read({type: 'attempt-ended', task, attempt, output: printed(text), retryInMs: undefined})
    expect(await capture.write({record, tails: new Map()})).toEqual([])
    const recording = await readRecording(files.recording)
    if (!recording.ok) throw new Error(recording.error)
    let recorded = ''
    for await (const chunk of recording.value.logs[0]?.chunks() ?? []) recorded += Buffer.from(chunk).toString()
    recording.value.close()
    expect(recorded === text).toBe(true)
    expect(contentOf(readFileSync(files.htmlReport, 'utf8')).logs[0] === text).toBe(true)
  })

  test('says what cannot be written', async () => {
    const capture = new RunCapture(
      {...noFiles, htmlReport: '/dev/null/report.html'},
      {temporaryFolder: folder, show: show(new Masker()), mask: text => text}
    )
    const [warning] = await capture.write({record: createRecord([]), tails: new Map()})
    expect(warning).toContain('The file of "html-report" could not be written')
  })

  test('reads nothing where no file is wanted', () => {
    const capture = new RunCapture(noFiles, {temporaryFolder: folder, show: show(new Masker()), mask: text => text})
    expect(capture.readers).toEqual([])
  })
})
