import fs, {existsSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {OutputStream} from '../../src/model/output-listener.ts'
import {longestPiece} from '../../src/output/line-cutter.ts'
import {PartReader} from '../../src/output/part-reader.ts'
import {verbatimLog} from '../../src/output/verbatim-log.ts'
import {memoryShare} from '../../src/spool/kept-output.ts'
import {OutputMemory} from '../../src/spool/output-memory.ts'
import type {FileWriting} from '../../src/spool/spilled-output.ts'
import {TaskOutput} from '../../src/spool/task-output.ts'
import {Masker} from '../../src/text/masker.ts'
import {runs} from '../support/runs.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()
let files = 0
const nextFile = (): string => path.join(folder, `${files++}.output`)

async function bytesOf(output: TaskOutput, masker = new Masker()): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of verbatimLog(output, masker)) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

const readers = new WeakMap<TaskOutput, PartReader>()

function readerOf(output: TaskOutput): PartReader {
  const reader = readers.get(output) ?? new PartReader({mode: 'forward', isDebug: false, onMeaning: () => {}})
  readers.set(output, reader)
  return reader
}

function append(output: TaskOutput, stream: OutputStream, chunk: string | Buffer): void {
  for (const part of readerOf(output).take(stream, Buffer.from(chunk))) output.add(part)
}

function finish(output: TaskOutput): void {
  for (const part of readerOf(output).end()) output.add(part)
  output.finish()
}

type Piece = ['stdout' | 'stderr', string]

const recorded = (...pieces: Piece[]): Promise<string> => record(new TaskOutput({file: nextFile()}), pieces)

async function record(output: TaskOutput, pieces: readonly Piece[], masker?: Masker): Promise<string> {
  for (const [stream, text] of pieces) append(output, stream, text)
  finish(output)
  return (await bytesOf(output, masker)).toString()
}

describe('TaskOutput', () => {
  test('keeps the order in which lines of both streams arrived', async () => {
    expect(await recorded(['stdout', 'a\n'], ['stderr', 'b\n'], ['stdout', 'c\n'])).toBe('a\nb\nc\n')
  })

  test('never puts a line of one stream inside a line of the other', async () => {
    expect(await recorded(['stdout', 'one '], ['stderr', 'error\n'], ['stdout', 'line\n'])).toBe('error\none line\n')
  })

  test('records last lines that have no end, each on a line of its own', async () => {
    expect(await recorded(['stdout', 'out'], ['stderr', 'err'])).toBe('out\nerr')
  })

  test('hands on a line that is too long to wait for, and starts a new line for the other stream', async () => {
    const long = 'x'.repeat(longestPiece + 1)
    expect(await recorded(['stdout', long], ['stderr', 'e\n'], ['stdout', 'y\n'])).toBe(`${long}\ne\ny\n`)
  })

  test('cuts no value of a line that is too long to wait for, however it arrives and whatever else is in the line', async () => {
    const secret = 's3cret-€'
    const masker = new Masker()
    masker.add(secret)
    const filler = fc.constantFrom('x', 'é', '😀', 's3cret', '\xff')
    await fc.assert(
      fc.asyncProperty(filler, fc.nat({max: 2 * secret.length}), fc.integer({min: 1, max: 11}), async (unit, before, cut) => {
        const encoding = unit === '\xff' ? 'latin1' : 'utf8'
        const start = Buffer.from(unit.repeat(longestPiece + before), encoding)
        const bytes = Buffer.concat([start, Buffer.from(secret)])
        const output = new TaskOutput({file: nextFile()})
        append(output, 'stdout', bytes.subarray(0, start.length + Math.min(cut, 9)))
        append(output, 'stderr', 'e\n')
        append(output, 'stdout', Buffer.concat([bytes.subarray(start.length + Math.min(cut, 9)), Buffer.from('\n')]))
        finish(output)
        const lines = (await bytesOf(output, masker)).toString().split('\n')
        expect(lines.filter(line => line.includes('***'))).toHaveLength(1)
        expect(lines.join('')).not.toMatch(/s3cret-€|-€/)
        expect(lines[0]?.length).toBeGreaterThan(longestPiece / 4)
      }),
      {numRuns: runs(20)}
    )
  })

  test('waits with a line that is too long for more of it while a value that is as long may have begun', async () => {
    const masker = new Masker()
    const secret = 'y'.repeat(longestPiece)
    masker.add(secret)
    const output = new TaskOutput({file: nextFile()})
    const text = await record(
      output,
      [
        ['stdout', `x${secret.slice(1)}`],
        ['stdout', 'x'],
        ['stdout', secret.slice(0, -1)],
        ['stderr', 'e\n'],
        ['stdout', 'y\n']
      ],
      masker
    )
    expect(text.split('\n')).toEqual(['e', `x${secret.slice(1)}x***`, ''])
  })

  test('keeps little in memory, the rest in a file that is gone after the discard', async () => {
    const file = nextFile()
    const output = new TaskOutput({file})
    const line = Buffer.from(`${'0123456789'.repeat(100)}\n`)
    const lines = Math.ceil((4 * memoryShare) / line.length)
    for (let i = 0; i < lines; i++) append(output, 'stdout', line)
    finish(output)
    expect(existsSync(file)).toBe(true)
    expect(output.size).toBe(lines * line.length)
    expect((await bytesOf(output)).equals(Buffer.concat(Array.from({length: lines}, () => line)))).toBe(true)
    await output.discard()
    expect(existsSync(file)).toBe(false)
  })

  test('makes no file for a task that prints little', async () => {
    const file = nextFile()
    const output = new TaskOutput({file})
    append(output, 'stdout', 'little\n')
    finish(output)
    expect(existsSync(file)).toBe(false)
    await output.discard()
  })

  test('frees what it held in memory when it goes to a file, and with the discard', async () => {
    const memory = new OutputMemory(memoryShare)
    const first = new TaskOutput({file: nextFile(), memory})
    append(first, 'stdout', Buffer.alloc(memoryShare, 'x\n'))
    expect(memory.take(1)).toBe(false)
    append(first, 'stdout', 'more\n')
    finish(first)
    expect((await bytesOf(first)).toString()).toBe(`${'x\n'.repeat(memoryShare / 2)}more\n`)
    const second = new TaskOutput({file: nextFile(), memory})
    append(second, 'stdout', Buffer.alloc(memoryShare, 'y\n'))
    finish(second)
    expect((await bytesOf(second)).toString()).toBe('y\n'.repeat(memoryShare / 2))
    await first.discard()
    expect(memory.take(1)).toBe(false)
    await second.discard()
    expect(memory.take(memoryShare)).toBe(true)
  })

  test('never keeps more of a run in memory than its budget, however many attempts wait for their readers, and loses nothing', async () => {
    const limit = 64 * 1024
    const step = fc.record({
      attempt: fc.nat({max: 11}),
      act: fc.constantFrom('print', 'print', 'print', 'print', 'end', 'read'),
      size: fc.oneof(fc.nat({max: 80}), fc.nat({max: limit}))
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, {maxLength: 80}), async steps => {
        const memory = new OutputMemory(limit)
        const attempts = Array.from({length: 12}, () => {
          const file = nextFile()
          return {file, output: new TaskOutput({file, memory}), printed: '', state: 'runs'}
        })
        const inMemory = () =>
          attempts.reduce((sum, {file, printed, state}) => sum + (state === 'is discarded' || existsSync(file) ? 0 : printed.length), 0)
        for (const {attempt: index, act, size} of steps) {
          const attempt = attempts[index]
          if (attempt === undefined) continue
          if (act === 'print' && attempt.state === 'runs') {
            const line = `${String.fromCharCode(97 + index).repeat(size)}\n`
            attempt.printed += line
            append(attempt.output, 'stdout', line)
          } else if (act === 'end' && attempt.state === 'runs') {
            finish(attempt.output)
            attempt.state = 'waits'
          } else if (act === 'read' && attempt.state === 'waits') {
            expect((await bytesOf(attempt.output)).toString()).toBe(attempt.printed)
            await attempt.output.discard()
            attempt.state = 'is discarded'
          }
          expect(inMemory()).toBeLessThanOrEqual(limit)
        }
        for (const {output, printed, state} of attempts) {
          if (state === 'is discarded') continue
          if (state === 'runs') finish(output)
          expect((await bytesOf(output)).toString()).toBe(printed)
          await output.discard()
        }
        expect(memory.take(limit)).toBe(true)
      }),
      {numRuns: runs(100)}
    )
  })

  const refused = (code: string): Error => Object.assign(new Error(`${code}: refused, write`), {code, syscall: 'write'})

  /** Writes that are refused once so many bytes have been written, of which a part still goes through. */
  const fullAfter = (bytes: number): FileWriting => {
    let room = bytes
    return {
      ...fs,
      writeSync: ((descriptor: number, piece: Buffer, at: number) => {
        if (room === 0) throw refused('ENOSPC')
        const written = fs.writeSync(descriptor, piece, at, Math.min(room, piece.length - at))
        room -= written
        return written
      }) as typeof fs.writeSync
    }
  }

  test.each([
    ['before the first byte', 0],
    ['in what was in memory', memoryShare / 2],
    ['in a line', memoryShare + 3]
  ])('keeps the lines that it has and says what is missing where the disk is full: %s', async (_, room) => {
    const output = new TaskOutput({file: nextFile(), writing: fullAfter(room)})
    const line = `${'a secret '.repeat(14)}\n`
    for (let size = 0; size < 2 * memoryShare; size += line.length) append(output, 'stdout', line)
    finish(output)
    const lines = (await bytesOf(output)).toString().split('\n')
    expect(lines.splice(-3)).toEqual(['', '[pwsh-pool: the rest of the output could not be kept: ENOSPC: refused, write]', ''])
    expect(lines).toEqual(Array(Math.floor(memoryShare / line.length)).fill(line.slice(0, -1)))
    await output.discard()
  })

  test('says so where its file cannot be closed', async () => {
    const closeSync = () => {
      throw refused('EDQUOT')
    }
    const output = new TaskOutput({file: nextFile(), writing: {...fs, closeSync}})
    append(output, 'stdout', Buffer.alloc(memoryShare + 2, 'x\n'))
    finish(output)
    expect((await bytesOf(output)).toString()).toMatch(
      /x\n\n\[pwsh-pool: the rest of the output could not be kept: EDQUOT: refused, write\]\n$/
    )
  })

  test('says so where its file is gone when it is read', async () => {
    const file = nextFile()
    const output = new TaskOutput({file})
    append(output, 'stdout', Buffer.alloc(memoryShare + 2, 'x\n'))
    finish(output)
    fs.rmSync(file)
    expect((await bytesOf(output)).toString()).toMatch(/^\n\[pwsh-pool: the rest of the output could not be read: ENOENT: .*\]\n$/)
  })

  test('says so where the file cannot be written, and goes on', async () => {
    const output = new TaskOutput({file: path.join(folder, 'no such folder', 'x.output')})
    append(output, 'stdout', Buffer.alloc(memoryShare + 1, 'x\n'))
    append(output, 'stdout', 'more\n')
    finish(output)
    expect((await bytesOf(output)).toString()).toMatch(/the rest of the output could not be kept: ENOENT/)
  })

  test('gives chunks that stay as they are when the record is discarded: a log may still be writing them', async () => {
    const output = new TaskOutput({file: nextFile()})
    append(output, 'stdout', 'kept\n')
    finish(output)
    const parts: Buffer[] = []
    for await (const some of output.parts()) parts.push(...some.map(({bytes}) => bytes))
    await output.discard()
    expect(Buffer.concat(parts).toString()).toBe('kept\n')
  })

  test('loses no byte of either stream, however it is cut', async () => {
    const piece = fc.tuple(
      fc.constantFrom('stdout' as const, 'stderr' as const),
      fc.uint8Array({maxLength: 60}).map(bytes => Buffer.from(bytes))
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, {maxLength: 40}), async pieces => {
        // Each stream has letters of its own, so that what came from where can be told afterwards.
        const output = new TaskOutput({file: nextFile()})
        const sent = {stdout: '', stderr: ''}
        for (const [stream, bytes] of pieces) {
          const text = bytes.toString('latin1').replace(/[^\n]/g, c => (c.charCodeAt(0) % 5 === 0 ? '\n' : stream === 'stdout' ? 'o' : 'e'))
          sent[stream] += text
          append(output, stream, text)
        }
        finish(output)
        const all = (await bytesOf(output)).toString()
        expect(all).not.toMatch(/oe|eo/)
        expect(all.replace(/[^o]/g, '')).toBe(sent.stdout.replaceAll('\n', ''))
        expect(all.replace(/[^e]/g, '')).toBe(sent.stderr.replaceAll('\n', ''))
        const ends = (text: string) => text.split('\n').length - 1
        expect(ends(all) - ends(sent.stdout) - ends(sent.stderr)).toBeLessThanOrEqual(1)
      }),
      {numRuns: runs(200)}
    )
  })
})
