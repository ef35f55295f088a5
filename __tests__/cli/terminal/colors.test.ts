import {describe, expect, test} from '@jest/globals'
import {colorsFor, inColorOfSign, wantsColors} from '../../../src/cli/terminal/colors.ts'

describe('wantsColors', () => {
  test.each([
    [{}, true, true],
    [{}, false, false],
    [{TERM: 'dumb'}, true, false],
    [{NO_COLOR: '1'}, true, false],
    [{NO_COLOR: ''}, true, true],
    [{FORCE_COLOR: '1'}, false, true],
    [{FORCE_COLOR: '0'}, true, false],
    [{FORCE_COLOR: 'false'}, true, false],
    [{NO_COLOR: '1', FORCE_COLOR: '1'}, true, false]
  ])('with %j, in a terminal: %j, says %j', (environment, isTerminal, expected) => {
    expect(wantsColors(environment, isTerminal)).toBe(expected)
  })
})

describe('inColorOfSign', () => {
  test('gives a line the color of its sign, and other lines none', () => {
    const colors = colorsFor(true)
    expect(inColorOfSign('✗ test', colors)).toBe(colors.red('✗ test'))
    expect(inColorOfSign('✓ test', colors)).toBe(colors.green('✓ test'))
    expect(inColorOfSign('    ✗ text of a task', colors)).toBe('    ✗ text of a task')
    expect(inColorOfSign('✗ test', colorsFor(false))).toBe('✗ test')
  })
})
