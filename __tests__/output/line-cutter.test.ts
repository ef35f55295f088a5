import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {type Cut, LineCutter, longestPiece, smallerPieces, withoutLineEnd} from '../../src/output/line-cutter.ts'
import {runnerLines} from '../support/runner-commands.ts'
import {runs} from '../support/runs.ts'

/** The cuts of a chunk, each as it is when it comes: one that is open is written over afterwards. */
const take = (cutter: LineCutter, chunk: Buffer): Cut[] => Array.from(cutter.take(chunk), kept)

const kept = (cut: Cut): Cut => ({...cut, bytes: Buffer.from(cut.bytes)})

const textOf = ({bytes}: Cut): string => bytes.toString()

function cutAll(chunks: readonly (string | Buffer)[], cutter = new LineCutter()): Cut[] {
  return [...chunks.flatMap(chunk => take(cutter, Buffer.from(chunk))), ...cutter.end()]
}

describe('LineCutter', () => {
  test('hands on whole lines as soon as they are complete', () => {
    const cutter = new LineCutter()
    expect(take(cutter, Buffer.from('a\nb')).map(textOf)).toEqual(['a\n'])
    expect(take(cutter, Buffer.from('c'))).toEqual([])
    expect(take(cutter, Buffer.from('\r')).map(textOf)).toEqual(['bc\r'])
    expect(take(cutter, Buffer.from('\n'))).toEqual([])
    expect(take(cutter, Buffer.from('\n')).map(textOf)).toEqual(['\n'])
    expect(cutter.end()).toEqual([])
  })

  test('copies nothing but lines that are not whole in one chunk', () => {
    const cutter = new LineCutter()
    const first = Buffer.from('a\nb\npar')
    // Memory of its own: small buffers share theirs.
    const second = Buffer.from(Uint8Array.from(Buffer.from('tial\r\nc\rd\nrest')).buffer)
    expect(take(cutter, first).map(textOf)).toEqual(['a\nb\n'])
    const cuts = [...cutter.take(second)]
    expect(cuts.map(({bytes}) => bytes.buffer === second.buffer)).toEqual([false, true])
    expect(cuts.map(({bytes}) => bytes.length)).toEqual(['partial\r\n'.length, 'c\rd\n'.length])
    expect(cutter.end().map(textOf)).toEqual(['rest'])
  })

  test('has the lines that the runner has, however they are chunked', () => {
    const part = fc.oneof(fc.constantFrom('\n', '\r', '\r\n', 'ü', '🔑', ''), fc.string())
    fc.assert(
      fc.property(fc.array(part), fc.array(fc.integer({min: 1, max: 5})), (parts, sizes) => {
        const bytes = Buffer.from(parts.join(''))
        const chunks: Buffer[] = []
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = sizes[i % sizes.length] ?? bytes.length
          chunks.push(bytes.subarray(at, at + size))
          at += size
        }
        const lines = cutAll(chunks).flatMap(({bytes: cut}) => runnerLines(cut.toString()))
        expect(lines).toEqual(runnerLines(bytes.toString()))
      }),
      {numRuns: runs(400)}
    )
  })

  test('hands on a line that is too long in pieces, none of which tears a character', () => {
    const line = '🔑'.repeat(longestPiece / 2)
    const chunks = Array.from({length: 7}, (_, i) => Buffer.from(line).subarray(i * 80_001, (i + 1) * 80_001))
    const cuts = cutAll([...chunks, '\nnext\n'])
    expect(cuts.map(({isContinued, isOpen}) => [isContinued, isOpen])).toEqual([
      [false, true],
      [true, false],
      [false, false]
    ])
    expect(cuts.map(({bytes}) => bytes.toString()).join('')).toBe(
      `${Buffer.from(line)
        .subarray(0, 7 * 80_001)
        .toString()}\nnext\n`
    )
  })

  test('tells the end of a long line also where nothing of it is left', () => {
    const cuts = cutAll(['x'.repeat(longestPiece + 1)])
    expect(cuts.map(({bytes, isContinued, isOpen}) => [bytes.length, isContinued, isOpen])).toEqual([
      [longestPiece + 1, false, true],
      [0, true, false]
    ])
  })
})

describe('smallerPieces', () => {
  test('gives the same lines in parts that end where lines end, none larger than it has to be', () => {
    const part = fc.constantFrom('\n', '\r', '\r\n', 'x', 'line\n', 'é')
    fc.assert(
      fc.property(fc.array(part), fc.integer({min: 2, max: 8}), (parts, size) => {
        const bytes = Buffer.from(parts.join(''))
        const pieces = [...smallerPieces(bytes, size)]
        expect(Buffer.concat(pieces)).toEqual(bytes)
        expect(pieces.flatMap(piece => runnerLines(piece.toString()))).toEqual(runnerLines(bytes.toString()))
        for (const lines of pieces) if (lines.length > size) expect(runnerLines(lines.toString())).toHaveLength(1)
      }),
      {numRuns: runs(400)}
    )
  })
})

describe('withoutLineEnd', () => {
  test.each(['', '\n', '\r', '\r\n'])('takes off one line end: %j', end => {
    expect(withoutLineEnd(Buffer.from(`a\n${end}`)).toString()).toBe(end === '' ? 'a' : 'a\n')
    expect(withoutLineEnd(Buffer.from(end)).toString()).toBe('')
  })
})
