import {readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {ZipFile} from 'yazl'
import {readRecording, recordingLimits} from '../../src/recording/read-recording.ts'
import type {ReadableLog} from '../../src/recording/readable-log.ts'
import {plannedTasks, type RunDetails} from '../../src/recording/run-details.ts'
import {writeStreamed} from '../../src/recording/streamed-file.ts'
import {writeRecording} from '../../src/recording/write-recording.ts'
import {reportOf} from '../../src/report/run-report.ts'
import {createRecord, exited, ranFor, succeeded} from '../support/create-record.ts'
import {createTasks} from '../support/create-task.ts'
import {hostileText} from '../support/hostile-text.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const tasks = createTasks({parameters: new Map([['Name', 'value']])}, {needs: [0]})
const record = createRecord(tasks.map(task => ranFor(task, [{ms: 1, end: task.index === 0 ? succeeded : exited(1)}])))
const report = reportOf({record, tails: new Map()})
const plan: RunDetails = {tasks: plannedTasks(record, text => text), boots: [{worker: 0, from: 1, to: 2}], waits: []}

function logOf(task: number, text: string): ReadableLog {
  const bytes = Buffer.from(text)
  const chunks = async function* () {
    yield bytes
  }
  return {task, attempt: 1, isFailed: task === 1, leftOut: 0, length: bytes.length, chunks}
}

async function recorded(logs: readonly ReadableLog[], limit?: number): Promise<string> {
  const file = path.join(folder, 'run.zip')
  await writeStreamed(file, append => writeRecording({report, plan, timings: '{}', logs, logsLeftOut: null}, append, limit))
  return file
}

async function textOf(log: ReadableLog | undefined): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of log?.chunks() ?? []) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

async function opened(file: string, limits = recordingLimits) {
  const recording = await readRecording(file, limits)
  if (!recording.ok) throw new Error(recording.error)
  return recording.value
}

describe('a recording', () => {
  test('gives back what was recorded: report, plan, timings and logs', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, hostileText, async (one, two) => {
        const recording = await opened(await recorded([logOf(0, one), logOf(1, two)]))
        try {
          expect(JSON.parse(recording.report)).toEqual(report)
          expect(recording.plan).toEqual(plan)
          expect(recording.timings).toBe('{}')
          expect(recording.logsLeftOut).toBeNull()
          expect(await Promise.all(recording.logs.map(textOf))).toEqual([one, two].map(text => Buffer.from(text).toString()))
          expect(recording.logs.map(({task, attempt, isFailed}) => [task, attempt, isFailed])).toEqual([
            [0, 1, false],
            [1, 1, true]
          ])
        } finally {
          recording.close()
        }
      }),
      {numRuns: 20}
    )
  })

  test('says which logs are left out for their size', async () => {
    const recording = await opened(await recorded([logOf(0, 'a'.repeat(5000)), logOf(1, 'b'.repeat(5000))], 5500))
    expect(recording.logs.map(({task}) => task)).toEqual([1])
    expect(recording.logsLeftOut).toContain('1 log is left out')
    recording.close()
  })

  test('has no value of a parameter', async () => {
    expect(JSON.stringify((await opened(await recorded([]))).plan)).toContain('"Name"')
    expect(readFileSync(path.join(folder, 'run.zip')).includes('value"')).toBe(false)
  })
})

describe('a recording from elsewhere', () => {
  /** A recording whose bytes are changed, all that there are of them. */
  async function changed(from: string | Buffer, to: string | Buffer): Promise<string> {
    const bytes = readFileSync(await recorded([logOf(0, 'one'), logOf(1, 'two')]))
    const [wanted, other] = [Buffer.from(from), Buffer.from(to)]
    expect(wanted.length).toBe(other.length)
    let count = 0
    for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) {
      other.copy(bytes, at)
      count++
    }
    expect(count).toBeGreaterThan(0)
    const file = path.join(folder, 'changed.zip')
    writeFileSync(file, bytes)
    return file
  }

  const errorOf = async (file: string, limits = recordingLimits) => {
    const read = await readRecording(file, limits)
    if (read.ok) read.value.close()
    return read.ok ? 'none' : read.error
  }

  test.each([
    ['a path that leaves its folder', 'logs/1.1.log', '../../../.lo', 'is no recording: invalid relative path'],
    ['an absolute path', 'logs/1.1.log', '/etc/1.1.log', 'is no recording: absolute path'],
    ['a path of Windows', 'logs/1.1.log', 'logs\\1.1.log', 'is no recording: invalid characters in fileName'],
    ['a name twice', 'logs/1.1.log', 'logs/2.1.log', 'has "logs/2.1.log" twice'],
    ['no report', 'report.json', 'rep0rt.json', 'has no report.json'],
    ['no manifest', 'recording.json', 'rec0rding.json', 'has no recording.json']
  ])('is refused for %s', async (_, from, to, error) => {
    expect(await errorOf(await changed(from, to))).toContain(error)
  })

  test('is refused for a file that is encrypted', async () => {
    const file = await recorded([logOf(0, 'one')])
    const bytes = readFileSync(file)
    const name = bytes.lastIndexOf('logs/1.1.log')
    // The flags in the directory: 8 bytes behind the start of an entry, whose name follows 46 bytes.
    bytes.writeUInt16LE(bytes.readUInt16LE(name - 46 + 8) | 1, name - 46 + 8)
    writeFileSync(file, bytes)
    expect(await errorOf(file)).toContain('encrypted')
  })

  test('does not believe a size: a log that is longer ends with a note, and so does one that is damaged', async () => {
    for (const offset of [24, 20]) {
      const file = await recorded([logOf(0, 'one'.repeat(1000))])
      const bytes = readFileSync(file)
      bytes.writeUInt32LE(5, bytes.lastIndexOf('logs/1.1.log') - 46 + offset)
      writeFileSync(file, bytes)
      const recording = await opened(file)
      expect(await textOf(recording.logs[0])).toContain('[pwsh-pool: the rest of this log cannot be read')
      recording.close()
    }
  })

  test.each([
    ['files', {files: 3}, 'has 6 files, 3 at most'],
    ['a log', {log: 2}, 'of 3 bytes, 2 at most'],
    ['all logs', {logs: 5}, 'has more than 5 bytes of logs'],
    ['another file', {other: 1}, 'bytes, 1 at most']
  ])('is refused past the limit of %s', async (_, limits, error) => {
    expect(
      await errorOf(await recorded([logOf(0, 'one'), logOf(1, 'two')]), {...recordingLimits, ...limits} as typeof recordingLimits)
    ).toContain(error)
  })

  test('is refused if it is no zip, is cut off, or is not there', async () => {
    const file = path.join(folder, 'no.zip')
    writeFileSync(file, 'hello')
    expect(await errorOf(file)).toContain('is no recording')
    writeFileSync(file, readFileSync(await recorded([])).subarray(0, -10))
    expect(await errorOf(file)).toContain('is no recording')
    expect(await errorOf(path.join(folder, 'nothing.zip'))).toContain('cannot be read')
  })

  async function zipOf(files: Readonly<Record<string, string>>): Promise<string> {
    const zip = new ZipFile()
    for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name, {forceZip64Format: true})
    zip.end({forceZip64Format: true, comment: ''})
    const chunks: Buffer[] = []
    for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer)
    const file = path.join(folder, 'made.zip')
    writeFileSync(file, Buffer.concat(chunks))
    return file
  }

  const whole = {
    'recording.json': JSON.stringify({version: 1, logs: [{task: 7, attempt: 1, isFailed: true, length: 1, leftOut: 0}], logsLeftOut: null}),
    'report.json': '{}',
    'plan.json': JSON.stringify({tasks: [], boots: [], waits: []})
  }

  test('may be zip64, and may have files and logs of nobody, which are passed over', async () => {
    const recording = await opened(await zipOf({...whole, 'logs/9.1.log': 'x', 'logs/0.1.log': 'x', 'other/thing.exe': 'x'}))
    expect(recording.logs).toEqual([])
    recording.close()
  })

  test.each([
    ['recording.json', '[', 'has a recording.json that is no JSON'],
    ['recording.json', '{"version":2,"logs":[],"logsLeftOut":null}', 'has a wrong recording.json'],
    ['plan.json', '{"tasks":[{}],"boots":[],"waits":[]}', 'has a wrong plan.json']
  ])('is refused for what is in %s: %s', async (name, text, error) => {
    expect(await errorOf(await zipOf({...whole, [name]: text}))).toContain(error)
  })
})
