import {readFileSync} from 'node:fs'
import path from 'node:path'
import {Readable} from 'node:stream'
import {createDeflateRaw, deflateRawSync} from 'node:zlib'
import {chooseLogs} from '../recording/readable-log.ts'
import type {CapturedRun} from '../recording/run-details.ts'
import type {Append} from '../recording/streamed-file.ts'
import {count} from '../report/wording.ts'
import type {PageData, PageLog} from './page-data.ts'
import type {PageObjects} from './page-objects.ts'

/** Limit of all logs in a page, in bytes. */
export const pageLogLimit = 20 * 1024 * 1024

/**
 * Size of the blocks in which logs are compressed together, in bytes: compressed one by one, thousands of short logs would take several times the
 * space.
 */
const blockSize = 256 * 1024

/** The contents of a page, masked. */
export interface PageSource extends CapturedRun {
  readonly objects?: readonly PageObjects[] | undefined
}

/** The page without data, split where the data goes. */
export interface PageTemplate {
  readonly before: string
  readonly after: string
}

/** Where the build puts the page without data: beside the bundle, or in `dist` when run from the source. */
const templateFiles = [path.join(import.meta.dirname, 'page.html'), path.join(import.meta.dirname, '..', '..', 'dist', 'page.html')]

/** The placeholder for the data. */
const dataMark = '<!--data-->'

/** Reads the page without data. Throws file system errors. */
function pageTemplate(): PageTemplate {
  let failure: unknown
  for (const file of templateFiles) {
    try {
      return splitTemplate(readFileSync(file, 'utf8'))
    } catch (error) {
      failure ??= error
    }
  }
  throw failure
}

/** Splits a page without data at the placeholder. */
export function splitTemplate(html: string): PageTemplate {
  const [before, after, more] = html.split(dataMark)
  if (before === undefined || after === undefined || more !== undefined)
    throw new Error('Internal error: the page has no place for its data')
  return {before, after}
}

/**
 * Writes the page of a run. The data is compressed and encoded as base64, inside elements that browsers do not run, so no output or name of a task is
 * markup or code there. Logs of failures come first, as many as fit into `limit` (bytes before compression).
 */
export async function writeHtmlReport(
  {report, plan, objects = [], logs, logsLeftOut}: PageSource,
  append: Append,
  {template = pageTemplate(), limit = pageLogLimit}: {readonly template?: PageTemplate | undefined; readonly limit?: number} = {}
): Promise<void> {
  await append(template.before)
  const kept: PageLog[] = []
  let block: Uint8Array[] = []
  let [blockBytes, blocks] = [0, 0]
  const endBlock = async () => {
    if (blockBytes === 0) return
    await append(dataElement(`log-${blocks}`, Buffer.concat(block)))
    blocks++
    block = []
    blockBytes = 0
  }
  const chosen = chooseLogs(logs, limit)
  for (const {task, attempt, leftOut, chunks} of chosen.logs) {
    const offset = blockBytes
    for await (const chunk of chunks()) {
      block.push(Buffer.from(chunk))
      blockBytes += chunk.length
    }
    kept.push({task, attempt, block: blocks, offset, length: blockBytes - offset, leftOut})
    if (blockBytes >= blockSize) await endBlock()
  }
  await endBlock()
  const data: PageData = {report, plan, objects, logs: kept, logsLeftOut: joinedReasons(leftOutText(chosen.leftOut, limit), logsLeftOut)}
  await append(openElement('data'))
  await appendCompressed(dataPieces(data), append)
  await append(closeElement)
  await append(template.after)
}

function leftOutText(logs: number, limit: number): string | null {
  if (logs === 0) return null
  return `${count(logs, 'log')} of successful or later attempts ${logs === 1 ? 'is' : 'are'} left out: this page holds ${limit / 1024 / 1024} MiB of logs, failures first.`
}

const joinedReasons = (...reasons: readonly (string | null)[]): string | null => reasons.filter(reason => reason !== null).join(' ') || null

/** `id`: letters, digits, `-`. Base64 has no character that could end the element. */
const openElement = (id: string): string => `<script type="application/octet-stream" id="${id}">`
const closeElement = '</script>\n'

const dataElement = (id: string, bytes: Uint8Array): string =>
  `${openElement(id)}${deflateRawSync(bytes, {level: 6}).toString('base64')}${closeElement}`

/** Number of tasks that are converted to text at once: the text of all of them would take ten times the memory of the page. */
const tasksAtOnce = 500

/** The data as JSON, in pieces. */
function* dataPieces({report, plan, ...rest}: PageData): Iterable<string> {
  const {tasks, ...run} = report
  yield `{"report":${JSON.stringify(run).slice(0, -1)},"tasks":[`
  yield* listPieces(tasks)
  const {tasks: planned, ...times} = plan
  yield `]},"plan":${JSON.stringify(times).slice(0, -1)},"tasks":[`
  yield* listPieces(planned)
  yield `]},${JSON.stringify(rest).slice(1)}`
}

function* listPieces(list: readonly unknown[]): Iterable<string> {
  for (let at = 0; at < list.length; at += tasksAtOnce) {
    yield `${at === 0 ? '' : ','}${JSON.stringify(list.slice(at, at + tasksAtOnce)).slice(1, -1)}`
  }
}

/** Appends the compressed concatenation of texts, in base64. */
async function appendCompressed(texts: Iterable<string>, append: Append): Promise<void> {
  const deflate = createDeflateRaw({level: 6})
  Readable.from(texts, {objectMode: false}).pipe(deflate)
  let rest: Buffer = Buffer.alloc(0)
  for await (const bytes of deflate as AsyncIterable<Buffer>) {
    const all = Buffer.concat([rest, bytes])
    // Encodes a multiple of three bytes at a time, so that there is no padding in the middle.
    const whole = all.length - (all.length % 3)
    await append(all.toString('base64', 0, whole))
    rest = all.subarray(whole)
  }
  await append(rest.toString('base64'))
}
