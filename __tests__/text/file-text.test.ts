import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {fileLines, fileText} from '../../src/text/file-text.ts'
import {runnerText} from '../support/file-command-parser.ts'
import {runs} from '../support/runs.ts'

const text = 'a=ü€😀\n'

function utf32(characters: string, isLittleEndian: boolean): Buffer {
  return Buffer.concat(
    [...characters].map(character => {
      const unit = Buffer.alloc(4)
      if (isLittleEndian) unit.writeUInt32LE(character.codePointAt(0) ?? 0)
      else unit.writeUInt32BE(character.codePointAt(0) ?? 0)
      return unit
    })
  )
}

describe('fileText', () => {
  test.each<[string, Buffer]>([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 of Windows PowerShell', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['big-endian UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['UTF-32', utf32(`\uFEFF${text}`, true)],
    ['big-endian UTF-32', utf32(`\uFEFF${text}`, false)]
  ])('reads %s', (_, bytes) => {
    expect(fileText(bytes)).toBe(text)
  })

  test('takes one byte order mark off, at the start of the file alone', () => {
    expect(fileText(Buffer.from('\uFEFF\uFEFFa\uFEFF'))).toBe('\uFEFFa\uFEFF')
  })

  test('replaces what is no text', () => {
    expect(fileText(Buffer.from([0x61, 0xff, 0x62, 0xe2, 0x82]))).toBe('a\uFFFDb\uFFFD')
    expect(fileText(Buffer.from([0xff, 0xfe, 0x61, 0, 0, 0xd8]))).toBe('a\uFFFD')
    expect(fileText(Buffer.concat([utf32('\uFEFFa', true), Buffer.from([0, 0xd8, 0, 0, 0, 0, 0x11, 0, 1])]))).toBe('a\uFFFD\uFFFD\uFFFD')
  })

  test('leaves out a character that is cut in two', () => {
    expect(fileText(Buffer.from([0x61, 0xe2, 0x82]), true)).toBe('a')
    expect(fileText(Buffer.from([0xff, 0xfe, 0x61, 0, 0x3d, 0xd8]), true)).toBe('a')
    expect(fileText(Buffer.concat([utf32('\uFEFFa', false), Buffer.from([0])]), true)).toBe('a')
  })

  test('reads any bytes, as the runner does', () => {
    const marks = fc.constantFrom([], [0xff, 0xfe], [0xfe, 0xff], [0xef, 0xbb, 0xbf])
    fc.assert(
      fc.property(marks, fc.uint8Array({maxLength: 30}), (mark, rest) => {
        const bytes = Uint8Array.from([...mark, ...rest])
        const read = fileText(bytes)
        expect(read).toBe(Buffer.from(read).toString())
        const isUtf32 =
          Buffer.from(bytes)
            .toString('hex')
            .match(/^(fffe0000|0000feff)/) !== null
        if (!isUtf32) expect(read).toBe(runnerText(bytes))
      }),
      {numRuns: runs(600)}
    )
  })
})

describe('fileLines', () => {
  test('ends a line at every kind of line end, and has none after the last', () => {
    expect(fileLines('a\nb\r\nc\rd\n\ne')).toEqual(['a', 'b', 'c', 'd', '', 'e'])
    expect(fileLines('a\n')).toEqual(['a'])
    expect(fileLines('')).toEqual([])
  })
})
