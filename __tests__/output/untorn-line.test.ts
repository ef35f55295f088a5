import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {textSize} from '../../src/output/line-cutter.ts'
import {UntornLine} from '../../src/output/untorn-line.ts'
import {Masker} from '../../src/text/masker.ts'
import {runs} from '../support/runs.ts'

function maskerOf(values: readonly string[]): Masker {
  const masker = new Masker()
  for (const value of values) masker.add(value)
  return masker
}

function piecesOf(line: UntornLine, chunks: readonly Buffer[]): string[] {
  const pieces: string[] = []
  for (const chunk of chunks) for (const piece of line.take(chunk, true)) pieces.push(piece.toString())
  for (const piece of line.take(Buffer.alloc(0), false)) pieces.push(piece.toString())
  return pieces
}

describe('UntornLine', () => {
  test('gives the line again in pieces, none of which tears a character or a value, however it comes', () => {
    const secrets = ['s3cret', 'é🔑', 'aa']
    const masker = maskerOf(secrets)
    const part = fc.oneof(fc.constantFrom('x', 'é', '🔑', '漢', ' ', 's3', 'cret', '-'), fc.constantFrom(...secrets))
    const filler = fc.constantFrom('', 'x'.repeat(textSize - 20), 'é'.repeat(textSize))
    fc.assert(
      fc.property(
        fc.array(fc.tuple(filler, fc.array(part)), {maxLength: 6}),
        fc.array(fc.oneof(fc.integer({min: 1, max: 9}), fc.constant(textSize)), {minLength: 1, maxLength: 5}),
        (parts, sizes) => {
          const line = Buffer.from(parts.map(([before, words]) => `${before} ${words.join(' ')}`).join(''))
          const chunks: Buffer[] = []
          for (let at = 0, i = 0; at < line.length; i++) {
            const size = i < 200 ? (sizes[i % sizes.length] ?? 1) : textSize
            chunks.push(line.subarray(at, at + size))
            at += size
          }
          const pieces = piecesOf(new UntornLine(masker), chunks)
          expect(pieces.join('')).toBe(line.toString())
          expect(pieces.map(piece => masker.mask(piece)).join('')).toBe(masker.mask(line.toString()))
        }
      ),
      {numRuns: runs(200)}
    )
  })

  test('gives small pieces of a line that comes at once, and waits while a value that is as long may have begun', () => {
    const line = Buffer.from('x'.repeat(5 * textSize))
    expect(piecesOf(new UntornLine(maskerOf([])), [line]).map(piece => piece.length)).toEqual(Array(5).fill(textSize))
    const masker = maskerOf(['y'.repeat(3 * textSize)])
    expect([...new UntornLine(masker).take(line, true)]).toEqual([])
    expect(piecesOf(new UntornLine(masker), [line]).join('')).toBe(line.toString())
  })

  test('knows a value that is announced while it has the beginning of it', () => {
    const masker = maskerOf(['something-else'])
    const line = new UntornLine(masker)
    const first = [...line.take(Buffer.from(`${'x'.repeat(100)}s3c`), true)].join('')
    masker.add('s3cret')
    const rest = [...line.take(Buffer.from('ret!'), false)].join('')
    expect(masker.mask(first) + masker.mask(rest)).toBe(`${'x'.repeat(100)}***!`)
  })
})
