import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {printableLine, steadyLine} from '../../../src/cli/terminal/printable-text.ts'
import {anyText} from '../../support/any-text.ts'
import {hostileText} from '../../support/hostile-text.ts'
import {runs} from '../../support/runs.ts'

const esc = '\u001B'
const sequences = fc.constantFrom(
  `${esc}[31m`,
  `${esc}[2J`,
  `${esc}]0;title\u0007`,
  `${esc}[?25l`,
  `${esc}P1$r${esc}\\`,
  '\u009B31m',
  esc,
  '\r',
  '\t',
  '\u2028'
)
const anyLine = fc.array(fc.oneof(sequences, hostileText, anyText())).map(parts => parts.join('').replaceAll('\n', ''))

describe('printableLine', () => {
  test.each([
    ['a plain line', 'a plain line'],
    ['tab\tstays', 'tab\tstays'],
    [`${esc}[31mred${esc}[0m`, 'red'],
    [`${esc}[2J${esc}[Htop`, 'top'],
    [`${esc}]8;;https://x.y${esc}\\link${esc}]8;;${esc}\\`, 'link'],
    ['be\u0007ll and \u0000nul', 'bell and nul'],
    ['one\u2028two', 'onetwo']
  ])('makes %j the text %j', (line, expected) => {
    expect(printableLine(line, false)).toBe(expected)
  })

  test('keeps colors where they are wanted, and ends them with the line', () => {
    expect(printableLine(`${esc}[1;31mred${esc}[2J text`, true)).toBe(`${esc}[1;31mred text${esc}[0m`)
    expect(printableLine('no color', true)).toBe('no color')
  })

  test('leaves nothing that a terminal could act upon, whatever a task prints', () => {
    fc.assert(
      fc.property(anyLine, line => {
        expect(printableLine(line, false)).not.toMatch(/(?!\t)[\p{Cc}\u2028\u2029]/u)
        const colored = printableLine(line, true)
        expect(colored.replaceAll(new RegExp(`${esc}\\[[\\d;:]*m`, 'g'), '')).not.toMatch(/(?!\t)[\p{Cc}\u2028\u2029]/u)
        if (colored.includes(esc)) expect(colored.endsWith(`${esc}[0m`)).toBe(true)
      }),
      {numRuns: runs(500)}
    )
  })
})

describe('steadyLine', () => {
  test.each([
    ['a\tb', 'a  b'],
    ['two\r\nlines', 'two lines'],
    ['👩‍👧 and ❤️', '👩👧 and ❤'],
    ['left\u202Eright', 'leftright'],
    [`${esc}[31mred`, 'red']
  ])('makes %j the text %j', (line, expected) => {
    expect(steadyLine(line)).toBe(expected)
  })
})
