import {describe, expect, test} from '@jest/globals'
import {longestPiece} from '../../src/output/line-cutter.ts'
import {verbatimLog} from '../../src/output/verbatim-log.ts'
import {Masker} from '../../src/text/masker.ts'
import {printed} from '../support/create-record.ts'

async function logOf(masker: Masker, ...chunks: (string | Buffer)[]): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of verbatimLog(printed(...chunks), masker)) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}

function maskerOf(...values: string[]): Masker {
  const masker = new Masker()
  for (const value of values) masker.add(value)
  return masker
}

describe('verbatimLog', () => {
  test('keeps every byte as it is', async () => {
    const bytes = Buffer.from(Array.from({length: 70_000}, (_, i) => (i * 7919) % 256))
    expect((await logOf(new Masker(), bytes.subarray(0, 100), bytes.subarray(100))).equals(bytes)).toBe(true)
    expect((await logOf(maskerOf('not in it'), bytes)).equals(bytes)).toBe(true)
  })

  test('tears no line end where it takes the next bytes', async () => {
    const text = `${'x'.repeat(65_535)}\r\n${'y'.repeat(65_533)}\r\nz`
    expect((await logOf(new Masker(), text.slice(0, 65_536), text.slice(65_536))).toString()).toBe(text)
  })

  test('keeps commands as they are printed, but for values that are masked', async () => {
    const log = await logOf(maskerOf('a;b', 's3cret'), '::error::of s3cret\r\nx ##[add-mask]a%3Bb\n ::add-mask::s3cret\r\n', 's3', 'cret\n')
    expect(log.toString()).toBe('::error::of ***\r\n::add-mask::***\n::add-mask::***\r\n***\n')
  })

  test('keeps bytes that are not UTF-8 in all lines but those in which something is masked', async () => {
    const log = await logOf(maskerOf('s3cret'), Buffer.from('\xff a\n', 'latin1'), 's3cret\n', Buffer.from('\xfe s3cret\n', 'latin1'))
    expect(log.toString('latin1')).toBe(`\xff a\n***\n${Buffer.from('\ufffd').toString('latin1')} ***\n`)
  })

  test('masks a value wherever a long line is cut', async () => {
    const line = 's3cret '.repeat(longestPiece / 3)
    const log = await logOf(
      maskerOf('s3cret'),
      ...Array.from({length: Math.ceil(line.length / 9999)}, (_, i) => line.slice(i * 9999, (i + 1) * 9999))
    )
    expect(log.toString()).toBe('*** '.repeat(longestPiece / 3))
  })
})
