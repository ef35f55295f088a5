import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {BoundedLog} from '../../src/recording/bounded-log.ts'

function bounded(
  text: string,
  limit: number,
  chunkSize = 7,
  size = Buffer.byteLength(text),
  encoding: BufferEncoding = 'utf8'
): {readonly text: string; readonly leftOut: number} {
  const log = new BoundedLog(size, limit)
  const bytes = Buffer.from(text)
  const kept: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += chunkSize) kept.push(...log.take(bytes.subarray(at, at + chunkSize)))
  kept.push(...log.end())
  return {text: Buffer.concat(kept).toString(encoding), leftOut: log.leftOut}
}

describe('BoundedLog', () => {
  test('passes a log that fits', () => {
    expect(bounded('one\ntwo\n', 8)).toEqual({text: 'one\ntwo\n', leftOut: 0})
  })

  test('keeps the first and the last lines of a longer one, and says how much is left out', () => {
    const lines = Array.from({length: 100}, (_, i) => `line ${String(i).padStart(2, '0')}\n`)
    const {text, leftOut} = bounded(lines.join(''), 80, 64)
    expect(text).toMatch(/^line 00\nline 01\n\[pwsh-pool: \d+ bytes of this log are left out here\]\n(?:line 9\d\n)+$/)
    expect(text).toMatch(/line 99\n$/)
    expect(leftOut).toBeGreaterThan(600)
  })

  test('cuts a line without end between characters', () => {
    expect(bounded('\u20ac'.repeat(1000), 100, 50).text).not.toContain('\ufffd')
  })

  test('keeps less than twice the limit and a note, and counts the rest, whatever the size was said to be', () => {
    fc.assert(
      fc.property(
        fc.string({unit: fc.constantFrom('a', '\n', '\u00e9'), maxLength: 2000}),
        fc.integer({min: 4, max: 500}),
        fc.integer({min: 1, max: 300}),
        fc.nat(3000),
        (text, limit, chunk, size) => {
          // A chunk may end inside a character, of which then half is kept: bytes are counted.
          const {text: kept, leftOut} = bounded(text, limit, chunk, size, 'latin1')
          const own = kept.replace(/\n?\[pwsh-pool: [\d,]+ bytes of this log are left out here\]\n/, '')
          expect(own.length).toBeLessThanOrEqual(2 * limit)
          // The line end before the note may be ours or the log's.
          expect(Math.abs(own.length + leftOut - Buffer.byteLength(text))).toBeLessThanOrEqual(1)
        }
      ),
      {examples: [['\u00e9', 4, 1, 5]]}
    )
  })
})
