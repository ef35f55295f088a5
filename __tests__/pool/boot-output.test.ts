import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {BootOutput, bootOutputLimit} from '../../src/pool/boot-output.ts'
import {runs} from '../helpers/runs.ts'

const token = '0123456789abcdef'
const mark = `\n\x1e${token}\n`

function taken(output: BootOutput, chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks.map(chunk => output.take(chunk) ?? Buffer.alloc(0))).toString('latin1')
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

  test('holds everything for the task where there will be no mark, until the task begins', () => {
    const output = new BootOutput(undefined)
    expect(output.take(Buffer.from('early'))).toBeUndefined()
    expect(output.text.toString()).toBe('early')
    expect(output.begin()?.toString()).toBe('early')
    expect(output.take(Buffer.from('late'))?.toString()).toBe('late')
    expect(output.text.toString()).toBe('')
  })

  test('leaves it to the mark where there is one, whenever the task begins', () => {
    const output = new BootOutput(token)
    expect(output.take(Buffer.from('setup'))).toBeUndefined()
    expect(output.begin()).toBeUndefined()
    expect(output.take(Buffer.from(`${mark}task`))?.toString()).toBe('task')
  })
})
