import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {attributeEnd} from '../../src/file-commands/html-attribute.ts'
import {runs} from '../support/runs.ts'

/** What the specification says, as an expression. */
const attribute = /[ \t\n\v\f\r]+[a-z_:][\w.:-]*(?:[ \t\n\v\f\r]*=[ \t\n\v\f\r]*(?:[^ \t\n\v\f\r"'=<>`]+|'[^']*'|"[^"]*"))?/iy

describe('attributeEnd', () => {
  test.each([
    ['<a b>', 2, 4],
    ["<a  b = 'x y' c>", 2, 13],
    ['<a b="x>', 2, 4],
    ['<a b=>', 2, 4],
    ['<a >', 2, 2],
    ['<ab', 2, 2]
  ])('of %j from %d is %d', (line, at, end) => {
    expect(attributeEnd(line, at)).toBe(end)
  })

  test('is where the expression of the specification ends', () => {
    const piece = fc.constantFrom(' ', '\t', 'a', 'Z', '_', ':', '1', '.', '-', '=', '"', "'", '<', '>', '`', 'é', '\u00a0', '/')
    fc.assert(
      fc.property(fc.array(piece, {maxLength: 12}), fc.nat(3), (pieces, at) => {
        const line = ` a${pieces.join('')}`
        attribute.lastIndex = at
        expect(attributeEnd(line, at)).toBe(attribute.test(line) ? attribute.lastIndex : at)
      }),
      {numRuns: runs(1000)}
    )
  })

  test('is found however long it is', () => {
    const long = 'x'.repeat(2 ** 20)
    for (const text of [` ${long}`, ` a${' '.repeat(2 ** 20)}=b`, ` a="${long}"`, ` a=${long}`])
      expect(attributeEnd(`${text}>`, 0)).toBe(text.length)
  })
})
