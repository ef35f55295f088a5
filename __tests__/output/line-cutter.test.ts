import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {type Cut, characterEnd, LineCutter, longestPiece, piecesOfLine, smallerCuts} from '../../src/output/line-cutter.ts'
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

  test('cuts a long line where it is told to', () => {
    const cutter = new LineCutter(() => 10)
    const [first] = take(cutter, Buffer.from('y'.repeat(longestPiece + 1)))
    expect(first?.bytes.length).toBe(10)
    expect(cutter.end().map(({bytes}) => bytes.length)).toEqual([longestPiece - 9])
  })
})

describe('smallerCuts', () => {
  test('gives the same lines in parts that end where lines end, none larger than it has to be', () => {
    const part = fc.constantFrom('\n', '\r', '\r\n', 'x', 'line\n', 'é')
    fc.assert(
      fc.property(fc.array(part), fc.integer({min: 2, max: 8}), fc.boolean(), fc.boolean(), (parts, size, isContinued, isOpen) => {
        const bytes = Buffer.from(parts.join(''))
        const cuts = [...smallerCuts({bytes, isContinued, isOpen}, size)]
        expect(Buffer.concat(cuts.map(cut => cut.bytes))).toEqual(bytes)
        expect(cuts.flatMap(cut => runnerLines(textOf(cut)))).toEqual(runnerLines(bytes.toString()))
        expect(cuts.map(cut => cut.isContinued)).toEqual(cuts.map((_, i) => isContinued && i === 0))
        expect(cuts.map(cut => cut.isOpen)).toEqual(cuts.map((_, i) => isOpen && i === cuts.length - 1))
        for (const {bytes: lines} of cuts) if (lines.length > size) expect(runnerLines(lines.toString())).toHaveLength(1)
      }),
      {numRuns: runs(400)}
    )
  })

  test('gives one part where there are no bytes: the end of a line that began before', () => {
    const end: Cut = {bytes: Buffer.alloc(0), isContinued: true, isOpen: false}
    expect([...smallerCuts(end, 8)]).toEqual([end])
  })
})

describe('piecesOfLine', () => {
  test('gives the same line in pieces, none larger than it has to be, and tears neither a character nor its end', () => {
    const part = fc.constantFrom('x', 'é', '🔑', '漢')
    fc.assert(
      fc.property(
        fc.array(part),
        fc.constantFrom('', '\n', '\r\n'),
        fc.integer({min: 4, max: 9}),
        fc.boolean(),
        (parts, lineEnd, size, isContinued) => {
          const line = {bytes: Buffer.from(parts.join('') + lineEnd), isContinued, isOpen: lineEnd === ''}
          const pieces = [...piecesOfLine(line, size, characterEnd)]
          expect(pieces.map(textOf).join('')).toBe(line.bytes.toString())
          expect(pieces.map(piece => piece.isContinued)).toEqual(pieces.map((_, i) => isContinued || i > 0))
          expect(pieces.map(piece => piece.isOpen)).toEqual(pieces.map((_, i) => line.isOpen || i < pieces.length - 1))
          for (const [i, piece] of pieces.entries()) {
            expect(piece.bytes.length).toBeLessThanOrEqual(i < pieces.length - 1 ? size : size + 1)
            expect(textOf(piece)).not.toContain('\ufffd')
            if (i > 0) expect(textOf(piece)).not.toMatch(/^\n/)
          }
        }
      ),
      {numRuns: runs(400)}
    )
  })

  test('gives all in one piece where it cannot be cut', () => {
    const line: Cut = {bytes: Buffer.from('x'.repeat(20)), isContinued: false, isOpen: true}
    expect([...piecesOfLine(line, 4, () => 0)]).toEqual([line])
  })
})
