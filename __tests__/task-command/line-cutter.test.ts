import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {type Cut, LineCutter, longestPiece} from '../../src/task-command/line-cutter.ts'
import {runnerLines} from '../helpers/runner-commands.ts'
import {runs} from '../helpers/runs.ts'

function cutAll(chunks: readonly (string | Buffer)[], cutter = new LineCutter()): Cut[] {
  return [...chunks.flatMap(chunk => cutter.take(Buffer.from(chunk))), ...cutter.end()]
}

describe('LineCutter', () => {
  test('hands on whole lines as soon as they are complete', () => {
    const cutter = new LineCutter()
    expect(cutter.take(Buffer.from('a\nb')).map(({bytes}) => bytes.toString())).toEqual(['a\n'])
    expect(cutter.take(Buffer.from('c'))).toEqual([])
    expect(cutter.take(Buffer.from('\r')).map(({bytes}) => bytes.toString())).toEqual(['bc\r'])
    expect(cutter.take(Buffer.from('\n'))).toEqual([])
    expect(cutter.take(Buffer.from('\n')).map(({bytes}) => bytes.toString())).toEqual(['\n'])
    expect(cutter.end()).toEqual([])
  })

  test('copies nothing but lines that are not whole in one chunk, and keeps nothing of a chunk', () => {
    const cutter = new LineCutter()
    const [first, second] = [Buffer.from('a\nb\npar'), Buffer.from('tial\r\nc\rd\nrest')]
    expect(cutter.take(first).map(({bytes}) => bytes.toString())).toEqual(['a\nb\n'])
    first.fill('?')
    const cuts = cutter.take(second)
    expect(cuts.map(({bytes}) => bytes.toString())).toEqual(['partial\r\n', 'c\rd\n'])
    second.fill('?')
    expect(cuts.map(({bytes}) => bytes.toString())).toEqual(['partial\r\n', '????'])
    expect(cutter.end().map(({bytes}) => bytes.toString())).toEqual(['rest'])
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
      {numRuns: runs(1000)}
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
    const [first] = cutter.take(Buffer.from('y'.repeat(longestPiece + 1)))
    expect(first?.bytes.length).toBe(10)
    expect(cutter.end().map(({bytes}) => bytes.length)).toEqual([longestPiece - 9])
  })
})
