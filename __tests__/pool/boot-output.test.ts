import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {BootOutput, bootOutputLimit} from '../../src/pool/boot-output.ts'
import {markOf} from '../../src/pool/marked-output.ts'
import {runs} from '../helpers/runs.ts'

const token = '0123456789abcdef'
const mark = markOf(token).toString('latin1')

function taken(output: BootOutput, chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks.map(chunk => Buffer.from(output.take(chunk)))).toString('latin1')
}

const cut = (bytes: Buffer, at: readonly number[]): Buffer[] => {
  const places = [0, ...at.map(place => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end))
}

describe('BootOutput', () => {
  test('gives the task what comes after the mark, to the byte, wherever the chunks are cut', () => {
    const part = fc.uint8Array({maxLength: 40}).map(bytes => Buffer.from(bytes).toString('latin1'))
    const almost = fc.constantFrom('', '\n\x1e', '\n\x1e0123\n', '\x1e')
    fc.assert(
      fc.property(part, almost, part, almost, fc.array(fc.nat()), (before, nearly, after, forged, places) => {
        const output = new BootOutput(token)
        const whole = Buffer.from(`${before}${nearly}${mark}${after}${forged}${mark}`, 'latin1')
        expect(taken(output, cut(whole, places))).toBe(`${after}${forged}${mark}`)
        expect(output.text.toString('latin1')).toBe(`${before}${nearly}`)
      }),
      {numRuns: runs(500)}
    )
  })

  test('keeps the end of much that is printed before the mark', () => {
    const output = new BootOutput(token)
    expect(taken(output, [Buffer.alloc(3 * bootOutputLimit, 'x'), Buffer.from('the end')])).toBe('')
    expect(output.text.length).toBe(bootOutputLimit)
    expect(output.text.toString().endsWith('the end')).toBe(true)
  })

  test('gives the task everything where there will be no mark', () => {
    const output = new BootOutput(undefined)
    expect(taken(output, [Buffer.from('all'), Buffer.from(mark)])).toBe(`all${mark}`)
    expect(output.text.toString()).toBe('')
  })
})
