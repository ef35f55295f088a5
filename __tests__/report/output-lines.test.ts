import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {lastLines, longestLine, outputLines} from '../../src/report/output-lines.ts'
import {printed} from '../helpers/create-record.ts'
import {runnerLines} from '../helpers/runner-commands.ts'
import {runs} from '../helpers/runs.ts'

async function linesOf(...chunks: (string | Uint8Array)[]): Promise<string[]> {
  const lines: string[] = []
  for await (const line of outputLines(printed(...chunks))) lines.push(line)
  return lines
}

describe('outputLines', () => {
  test('ends a line where the runner ends it', async () => {
    expect(await linesOf('a\nb\r\nc\rd')).toEqual(['a', 'b', 'c', 'd'])
  })

  test('keeps empty lines, and adds none at the end', async () => {
    expect(await linesOf('a\n\n\nb\n')).toEqual(['a', '', '', 'b'])
    expect(await linesOf('')).toEqual([])
    expect(await linesOf('\n')).toEqual([''])
  })

  test('takes a line end for one even where a chunk ends in its middle', async () => {
    expect(await linesOf('a\r', '\nb\r', 'c')).toEqual(['a', 'b', 'c'])
  })

  test('puts letters together that a chunk cuts in two, and replaces bytes that are not UTF-8', async () => {
    const bytes = Buffer.from('zß😀')
    expect(await linesOf(...Array.from(bytes, byte => Uint8Array.of(byte)))).toEqual(['zß😀'])
    expect(await linesOf(Uint8Array.of(0x61, 0xff, 0x62))).toEqual(['a\ufffdb'])
  })

  test('hands on a line without an end in pieces', async () => {
    const pieces = await linesOf('x'.repeat(longestLine), 'y'.repeat(longestLine), 'z\n')
    expect(pieces.map(piece => piece.length)).toEqual([longestLine, longestLine, 1])
  })

  test('cuts any text into the lines that the runner would see, however it comes', async () => {
    const part = fc.oneof(fc.constantFrom('\r', '\n', '\r\n', 'a', 'ü'), fc.string())
    await fc.assert(
      fc.asyncProperty(fc.array(part), async parts => {
        expect(await linesOf(...parts)).toEqual(runnerLines(Buffer.from(parts.join('')).toString()))
      }),
      {numRuns: runs(500)}
    )
  })
})

describe('lastLines', () => {
  test('keeps the last lines, within both limits', async () => {
    const output = printed('1\n2\n3\n4\n')
    expect(await lastLines(output, 2, 100)).toEqual(['3', '4'])
    expect(await lastLines(output, 10, 3)).toEqual(['2', '3', '4'])
  })

  test('cuts the front of a last line that alone is too long', async () => {
    expect(await lastLines(printed(`${'x'.repeat(50)}END`), 20, 10)).toEqual([`${'x'.repeat(7)}END`])
  })
})
