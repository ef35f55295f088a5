import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {MarkedOutput, type MarkedParts, markOf} from '../../src/worker/marked-output.ts'
import {runs} from '../support/runs.ts'

const nonce = '0123456789abcdef'
const mark = markOf(nonce)

/** A character for each byte, since Jest compares the bytes of buffers one property at a time. */
const textOf = (bytes: Buffer): string => bytes.toString('latin1')

function partsOf(chunks: readonly Buffer[], output = new MarkedOutput(nonce)): Record<keyof MarkedParts, string> {
  const all = chunks.map(chunk => {
    const {before, task, after} = output.take(Buffer.from(chunk))
    const parts = {before: Buffer.from(before), task: Buffer.from(task), after: Buffer.from(after)}
    return parts
  })
  all.push(output.finish() as (typeof all)[number])
  const joined = (part: keyof MarkedParts) => textOf(Buffer.concat(all.map(parts => parts[part])))
  return {before: joined('before'), task: joined('task'), after: joined('after')}
}

/** `bytes` in pieces that end at these places. */
function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map(place => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...ends].map((start, i) => bytes.subarray(start, ends[i] ?? bytes.length))
}

// Anything, but more often what looks like the beginning of a mark.
const bytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({maxLength: 30}).map(part => Buffer.from(part)),
      fc
        .constantFrom(
          '\n',
          '\x1e',
          '\n\x1e',
          '\x1e\x1e',
          `\x1e${nonce.slice(0, -1)}`,
          `\x1e\n${nonce}`,
          `\x1e${nonce.slice(0, 8)}\n`,
          `${nonce}\x1e`
        )
        .map(text => Buffer.from(text))
    )
  )
  .map(parts => Buffer.concat(parts))
  .filter(all => !all.includes(mark))
const places = fc.array(fc.nat(), {maxLength: 20})

describe('the output of one task among others', () => {
  test('is separated from output before and after it, wherever chunks are cut', () => {
    fc.assert(
      fc.property(bytes, bytes, bytes, places, (before, task, after, cuts) => {
        const all = Buffer.concat([before, mark, task, mark, after])
        // Bytes at a seam may make a mark of their own with the real one.
        fc.pre(
          all.indexOf(mark) === before.length &&
            all.indexOf(mark, before.length + mark.length) === before.length + mark.length + task.length
        )
        expect(partsOf(cutAt(all, cuts))).toEqual({before: textOf(before), task: textOf(task), after: textOf(after)})
      }),
      {numRuns: runs(600)}
    )
  })

  test('loses nothing when the second mark never comes', () => {
    fc.assert(
      fc.property(bytes, places, (task, cuts) => {
        fc.pre(Buffer.concat([mark, task]).indexOf(mark, 1) < 0)
        expect(partsOf(cutAt(Buffer.concat([mark, task]), cuts))).toEqual({before: '', task: textOf(task), after: ''})
      }),
      {numRuns: runs(400)}
    )
  })

  test('is handed on at once but for what may begin a mark', () => {
    const output = new MarkedOutput(nonce)
    output.take(mark)
    expect(output.take(Buffer.from('no line end')).task.toString()).toBe('no line end')
    expect(output.take(Buffer.from('held\n\x1e0123')).task.toString()).toBe('held\n')
    expect(output.take(Buffer.from('4 not a mark')).task.toString()).toBe('\x1e01234 not a mark')
    expect(output.take(Buffer.from('\x1e\x1e')).task.toString()).toBe('\x1e')
  })

  test('is handed on up to the end of its last whole line with each chunk, whatever it is', () => {
    fc.assert(
      fc.property(bytes, places, (task, cuts) => {
        const output = new MarkedOutput(nonce)
        output.take(mark)
        const given: Buffer[] = []
        const taken: Buffer[] = []
        for (const chunk of cutAt(task, cuts)) {
          taken.push(chunk)
          given.push(Buffer.from(output.take(Buffer.from(chunk)).task))
          const written = Buffer.concat(taken)
          const whole = Math.max(written.lastIndexOf('\n'), written.lastIndexOf('\r')) + 1
          expect(textOf(Buffer.concat(given).subarray(0, whole))).toBe(textOf(written.subarray(0, whole)))
        }
      }),
      {numRuns: runs(1000)}
    )
  })

  test('begins at the only mark of a worker that runs one task, and is all where there is none', () => {
    fc.assert(
      fc.property(bytes, bytes, places, (before, task, cuts) => {
        const all = Buffer.concat([before, mark, task])
        fc.pre(all.indexOf(mark) === before.length)
        expect(partsOf(cutAt(all, cuts), new MarkedOutput(nonce, 1))).toEqual({before: textOf(before), task: textOf(task), after: ''})
        expect(partsOf(cutAt(all, cuts), new MarkedOutput(nonce, 0))).toEqual({before: '', task: textOf(all), after: ''})
      }),
      {numRuns: runs(1000)}
    )
  })

  test('is over at its second mark', () => {
    const output = new MarkedOutput(nonce)
    output.take(mark)
    expect(output.isOver).toBe(false)
    output.take(mark)
    expect(output.isOver).toBe(true)
  })
})
