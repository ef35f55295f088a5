import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {filled, fitted, widthOf} from '../../../src/cli/terminal/columns.ts'
import {runs} from '../../support/runs.ts'

describe('fitted', () => {
  test.each([
    ['short', 10, 'short'],
    ['exactly 10', 10, 'exactly 10'],
    ['longer than it', 10, 'longer th…'],
    ['漢字漢字', 8, '漢字漢字'],
    ['漢字漢字', 7, '漢字漢…'],
    ['漢字漢字', 6, '漢字…'],
    ['x', 0, ''],
    ['xy', 1, '…']
  ])('makes %j in %j columns %j', (text, width, expected) => {
    expect(fitted(text, width)).toBe(expected)
  })

  test('is never wider, and filled always as wide as it is asked to be', () => {
    fc.assert(
      fc.property(fc.string({unit: 'grapheme', maxLength: 300}), fc.nat(80), (text, width) => {
        expect(widthOf(fitted(text, width))).toBeLessThanOrEqual(width)
        expect(widthOf(filled(text, width))).toBe(width)
      }),
      {numRuns: runs(500)}
    )
  })
})
