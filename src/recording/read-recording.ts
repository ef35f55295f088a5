import {type Entry, openPromise, type ZipFile} from 'yauzl'
import type {z} from 'zod'
import {failure, type Result, success} from '../model/result.ts'
import {isSystemError} from '../text/bug.ts'
import {quoted} from '../text/quoted.ts'
import type {ReadableLog} from './readable-log.ts'
import {logFile, manifestSchema, planSchema, recordingFiles} from './recording-schema.ts'
import type {RunDetails} from './run-details.ts'

/** An open recording. Logs are read from the file on demand. */
export interface Recording {
  /** The text of its report, as `json-report` writes it: not checked. */
  readonly report: string
  readonly plan: RunDetails
  /** The text of its file of timings, not checked; `undefined` if it has none. */
  readonly timings: string | undefined
  /** The logs; each belongs to a task of the plan. */
  readonly logs: readonly ReadableLog[]
  /** Why logs are missing; `null` if none is. */
  readonly logsLeftOut: string | null
  /** Closes the file. Logs cannot be read afterwards. */
  close(): void
}

/** Limits of a recording from elsewhere: number of files, and decompressed bytes of one log, of all logs, and of each other file. */
export const recordingLimits = {files: 500_000, log: 512 * 1024 * 1024, logs: 2 * 1024 * 1024 * 1024, other: 256 * 1024 * 1024} as const

/** Limits of a recording. */
export type RecordingLimits = Readonly<Record<keyof typeof recordingLimits, number>>

/**
 * Opens a recording, which may be any file that claims to be a zip. Nothing is extracted to disk, names only select known files, and no more is read
 * than the limits allow, whatever sizes the file claims. The error is the end of a sentence about the file.
 */
export async function readRecording(file: string, limits: RecordingLimits = recordingLimits): Promise<Result<Recording, string>> {
  let zip: ZipFile | undefined
  try {
    // The library rejects names outside the folder, entries whose size is wrong, and files that are not a zip.
    zip = await openPromise(file, {lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true})
    const read = await readZip(zip, limits)
    if (!read.ok) zip.close()
    return read
  } catch (error) {
    zip?.close()
    return failure(isSystemError(error) ? `cannot be read: ${error.message}` : `is no recording: ${(error as Error).message}`)
  }
}

async function readZip(zip: ZipFile, limits: RecordingLimits): Promise<Result<Recording, string>> {
  if (zip.entryCount > limits.files) return failure(`has ${zip.entryCount} files, ${limits.files} at most`)
  const entries = new Map<string, Entry>()
  let logBytes = 0
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName
    const isLog = logFile.test(name)
    // Later versions may add files.
    if (!isLog && !known.has(name)) continue
    if (entries.has(name)) return failure(`has ${quoted(name)} twice`)
    if (entry.isEncrypted()) return failure(`has an encrypted file, ${quoted(name)}`)
    if (!entry.canDecodeFileData()) return failure(`has ${quoted(name)} in a compression that is not read`)
    const limit = isLog ? limits.log : limits.other
    if (entry.uncompressedSize > limit) return failure(`has ${quoted(name)} of ${entry.uncompressedSize} bytes, ${limit} at most`)
    if (isLog) logBytes += entry.uncompressedSize
    if (logBytes > limits.logs) return failure(`has more than ${limits.logs} bytes of logs`)
    entries.set(name, entry)
  }
  const textOf = async (name: string): Promise<string | undefined> => {
    const entry = entries.get(name)
    return entry === undefined ? undefined : (await bytesOf(zip, entry)).toString()
  }
  const manifest = parsed(recordingFiles.manifest, await textOf(recordingFiles.manifest), manifestSchema)
  if (!manifest.ok) return manifest
  const plan = parsed(recordingFiles.plan, await textOf(recordingFiles.plan), planSchema)
  if (!plan.ok) return plan
  const report = await textOf(recordingFiles.report)
  if (report === undefined) return failure(`has no ${recordingFiles.report}`)
  return success({
    report,
    plan: plan.value,
    timings: await textOf(recordingFiles.timings),
    logs: logsOf(zip, entries, manifest.value, plan.value.tasks.length),
    logsLeftOut: manifest.value.logsLeftOut,
    close: () => zip.close()
  })
}

const known: ReadonlySet<string> = new Set(Object.values(recordingFiles))

function parsed<T>(name: string, text: string | undefined, schema: z.ZodType<T>): Result<T, string> {
  if (text === undefined) return failure(`has no ${name}`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return failure(`has a ${name} that is no JSON`)
  }
  const result = schema.safeParse(value)
  if (result.success) return success(result.data)
  const [issue] = result.error.issues
  return failure(`has a wrong ${name}${issue === undefined ? '' : `: ${issue.message} at ${quoted(issue.path.join('.'))}`}`)
}

/** The logs whose files exist. Other logs in the manifest, and duplicates, are ignored. */
function logsOf(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
  manifest: z.infer<typeof manifestSchema>,
  tasks: number
): readonly ReadableLog[] {
  const listed = new Map(manifest.logs.map(log => [`${log.task}.${log.attempt}`, log]))
  const logs = new Map<string, ReadableLog>()
  for (const [name, entry] of entries) {
    const [, number, attemptText] = logFile.exec(name) ?? []
    if (number === undefined) continue
    const [task, attempt] = [Number(number) - 1, Number(attemptText)]
    if (task < 0 || task >= tasks || attempt < 1) continue
    const {isFailed, leftOut} = listed.get(`${task}.${attempt}`) ?? {isFailed: false, leftOut: 0}
    logs.set(`${task}.${attempt}`, {task, attempt, isFailed, leftOut, length: entry.uncompressedSize, chunks: () => logChunks(zip, entry)})
  }
  return [...logs.values()].sort((a, b) => a.task - b.task || a.attempt - b.attempt)
}

/** A damaged log is read up to the damage. */
async function* logChunks(zip: ZipFile, entry: Entry): AsyncIterable<Uint8Array> {
  try {
    yield* chunksOf(zip, entry)
  } catch (error) {
    yield Buffer.from(`\n[pwsh-pool: the rest of this log cannot be read: ${(error as Error).message}]\n`)
  }
}

async function* chunksOf(zip: ZipFile, entry: Entry): AsyncIterable<Uint8Array> {
  yield* (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>
}

async function bytesOf(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of chunksOf(zip, entry)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
