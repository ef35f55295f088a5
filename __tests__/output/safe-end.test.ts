import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {characterEnd} from '../../src/output/line-cutter.ts'
import {safeEnd} from '../../src/output/safe-end.ts'
import {Masker} from '../../src/text/masker.ts'
import {runs} from '../support/runs.ts'

function maskerOf(values: readonly string[]): Masker {
  const masker = new Masker()
  for (const value of values) masker.add(value)
  return masker
}

describe('safeEnd', () => {
  test('cuts through no value, none that goes on in what comes next, and no character', () => {
    const secrets = ['s3cret', 'cret-s3', 'é🔑', 'aa']
    const masker = maskerOf(secrets)
    const part = fc.oneof(fc.constantFrom('x', 'a', 'é', '🔑', '漢', ' ', 's3', 'cret', '-'), fc.constantFrom(...secrets))
    const bytes = fc.oneof(part.map(Buffer.from), fc.uint8Array({maxLength: 3}).map(Buffer.from))
    fc.assert(
      fc.property(fc.array(bytes, {maxLength: 60}), fc.array(part), (parts, next) => {
        const line = Buffer.concat(parts)
        const end = safeEnd(line, masker)
        if (end === 0) return expect(line.length).toBeLessThan(6 * masker.longest)
        const whole = line.toString() + next.join('')
        const [first, rest] = [line.toString('utf8', 0, end), line.toString('utf8', end) + next.join('')]
        expect(first + rest).toBe(whole)
        // A value, or several that overlap, as long as the line: that is cut after all.
        if (end === characterEnd(line)) return expect(masker.mask(whole)).toMatch(/^\ufffd{0,3}\*{3}/)
        expect(masker.mask(first) + masker.mask(rest)).toBe(masker.mask(whole))
      }),
      {numRuns: runs(600)}
    )
  })

  test('gives all but a few bytes of a line, whatever its length', () => {
    const masker = maskerOf(['s3cret'])
    expect(safeEnd(Buffer.from(`${'é'.repeat(50_000)}s3c`), masker)).toBeGreaterThan(99_970)
    expect(safeEnd(Buffer.from(`${'x'.repeat(100_000)}s3cretyyy`), masker)).toBe(100_000)
  })

  test('gives the whole of a line, but for a torn character, while there is nothing to mask', () => {
    expect(safeEnd(Buffer.from('line'), new Masker())).toBe(4)
    expect(safeEnd(Buffer.from('line é').subarray(0, 6), new Masker())).toBe(5)
  })
})
