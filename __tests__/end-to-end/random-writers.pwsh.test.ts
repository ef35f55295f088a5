import {readFileSync} from 'node:fs'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {Isolation} from '../../src/model/task.ts'
import {listenForWriters, type Write, type WriterServer} from '../support/commanded-writer.ts'
import {blockOf, startLoggedRun} from '../support/logged-run.ts'
import {runs} from '../support/runs.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {until} from '../support/until.ts'

const workspace = temporaryFolder()
const isolations: readonly Isolation[] = ['process', 'runspace', 'none']
let writers: WriterServer

beforeAll(async () => {
  writers = await listenForWriters()
})
afterAll(() => writers.close())

/** What is written to one stream at once, and where it is cut in two; or a pause, after which all that is to be seen has been seen. */
type Step =
  | {readonly kind: 'words' | 'mask' | 'secret'; readonly stream: Write['stream']; readonly ending: string; readonly cut: number}
  | {readonly kind: 'pause'}

const step: fc.Arbitrary<Step> = fc.oneof(
  {arbitrary: fc.constant<Step>({kind: 'pause'}), weight: 1},
  {
    arbitrary: fc.record({
      kind: fc.constantFrom('words', 'words', 'mask', 'secret'),
      stream: fc.constantFrom('stdout', 'stderr'),
      ending: fc.constantFrom('\n', '\n', '\r\n', '\r', '', '\x1e', '\x1e0123456789abcdef', ' é'),
      cut: fc.nat()
    }),
    weight: 4
  }
)

/** What a task has written so far, and what is to be seen of it. */
class Written {
  readonly #bytes: Record<Write['stream'], Buffer> = {stdout: Buffer.alloc(0), stderr: Buffer.alloc(0)}
  /** Values that are announced, with the only stream on which they may be written before a pause; `undefined` for both. */
  #values: {value: string; only: Write['stream'] | undefined}[] = []
  #count = 0

  get masks(): readonly string[] {
    return this.#values.map(({value}) => value)
  }

  /** What a step writes, one piece after the other. */
  writes(step: Exclude<Step, {kind: 'pause'}>): Write[] {
    const {stream, ending, cut} = step
    const bytes = Buffer.from(this.#text(step) + (step.kind === 'mask' ? '' : ending))
    this.#bytes[stream] = Buffer.concat([this.#bytes[stream], bytes])
    const at = cut % (bytes.length + 1)
    return [bytes.subarray(0, at), bytes.subarray(at)].filter(text => text.length > 0).map(text => ({stream, text}))
  }

  /** Lines without an end are at their end. */
  end(): Write[] {
    return (['stdout', 'stderr'] as const).flatMap(stream => this.writes({kind: 'words', stream, ending: '\n', cut: 0}))
  }

  pause(): void {
    this.#values = this.#values.map(({value}) => ({value, only: undefined}))
  }

  /** The lines of a stream that are complete, as they are to be seen, but for empty ones. */
  lines(stream: Write['stream']): string[] {
    const lines = this.#bytes[stream].toString().split(/\r\n|\n|\r/)
    return lines
      .slice(0, -1)
      .filter(line => line !== '' && !line.startsWith('::add-mask::'))
      .map(line => line.replace(/S3CRET-\d+-/g, '***'))
  }

  #text({kind, stream}: Exclude<Step, {kind: 'pause'}>): string {
    const name = stream === 'stdout' ? 'out' : 'err'
    const number = this.#count++
    if (kind === 'mask') {
      const value = `S3CRET-${number}-`
      this.#values.push({value, only: stream === 'stderr' ? stream : undefined})
      return `${name}${number}\n::add-mask::${value}\n`
    }
    const known = kind === 'secret' ? this.#values.findLast(({only}) => only === undefined || only === stream) : undefined
    return `${name}${number} ${known?.value ?? 'word'} `
  }
}

/** Lines of a log by the stream that they were written to. */
function linesByStream(lines: readonly string[]): Record<Write['stream'], string[]> {
  return {stdout: lines.filter(line => line.startsWith('out')), stderr: lines.filter(line => line.startsWith('err'))}
}

describe.each(isolations)('whatever a task writes to both streams at isolation %s, and whenever', isolation => {
  test('each line is shown as soon as it is complete, in the order of its stream, without a value that was announced', async () => {
    const {shown, log, done} = await startLoggedRun(workspace, [writers.script], isolation, 'live')
    const writer = await writers.next()
    const written = new Written()
    const isShown = () => {
      const {stdout, stderr} = linesByStream(shown())
      return [stdout, stderr].join('\n') === [written.lines('stdout'), written.lines('stderr')].join('\n')
    }
    await fc.assert(
      fc.asyncProperty(fc.array(step, {minLength: 1, maxLength: 12}), async steps => {
        let batch: Write[] = []
        const pause = async () => {
          if (batch.length > 0) await writer.write(...batch)
          batch = []
          await until('all complete lines are shown', isShown)
          expect(linesByStream(shown())).toEqual({stdout: written.lines('stdout'), stderr: written.lines('stderr')})
          written.pause()
        }
        for (const each of steps) {
          if (each.kind === 'pause') await pause()
          else batch.push(...written.writes(each))
        }
        await pause()
      }),
      {numRuns: runs(30), endOnFailure: true}
    )
    writer.end()
    await done
    for (const value of written.masks) expect(log().replaceAll(`::add-mask::${value}\n`, '')).not.toContain(value)
  })

  test('its block has all lines in the order of each stream, and its complete log as well', async () => {
    const logs = path.join(workspace, `logs of ${isolation}`)
    const {log, done} = await startLoggedRun(workspace, [writers.script], isolation, 'grouped', {logs})
    const writer = await writers.next()
    const written = new Written()
    await fc.assert(
      fc.asyncProperty(fc.array(step, {minLength: 1, maxLength: 12}), async steps => {
        await writer.write(...steps.flatMap(each => (each.kind === 'pause' ? [] : written.writes(each))), ...written.end())
        written.pause()
        await until('all masks are forwarded', () => written.masks.every(value => log().includes(`::add-mask::${value}\n`)))
      }),
      {numRuns: runs(30), endOnFailure: true}
    )
    writer.end()
    const all = {stdout: written.lines('stdout'), stderr: written.lines('stderr')}
    const text = await done
    expect(linesByStream(blockOf(text, 'task_0'))).toEqual(all)
    const file = readFileSync(path.join(logs, '1-task_0.1.log'), 'utf8')
    expect(linesByStream(file.split(/\r\n|\n|\r/))).toEqual(all)
    for (const value of written.masks) expect(text.replaceAll(`::add-mask::${value}\n`, '') + file).not.toContain(value)
  })
})
