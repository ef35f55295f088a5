import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {findLines, logLines, logRows, styledLine, styledPart} from '../../page/log-lines.ts'
import {visibleText} from '../../page/visible-text.ts'
import {hostileText} from '../support/hostile-text.ts'

const esc = '\u001b'
const stylesOf = (log: string) => logLines(log).map(line => styledLine(line).map(({text, classes}) => [text, ...classes]))

describe('the log on the page', () => {
  test('has the colors of the log, also of a line before', () => {
    expect(stylesOf(`${esc}[31;1mError\nmore${esc}[0m done\nplain`)).toEqual([
      [['Error', 'fg-red', 'ansi-bold']],
      [['more', 'fg-red', 'ansi-bold'], [' done']],
      [['plain']]
    ])
  })

  test('knows the short form of a reset', () => {
    expect(stylesOf(`${esc}[32mgreen${esc}[mplain\nplain`)).toEqual([[['green', 'fg-green'], ['plain']], [['plain']]])
  })

  test('has colors of 256 and of all', () => {
    const [line] = logLines(`${esc}[38;5;208morange${esc}[48;2;1;2;3mback`)
    expect(line && styledLine(line).map(({color, background}) => [color, background])).toEqual([
      ['#ff8700', undefined],
      ['#ff8700', '#010203']
    ])
  })

  test('leaves out other sequences, whatever letter follows', () => {
    expect(stylesOf(`${esc}[2Kmain${esc}]0;title\u0007 ${esc}[1Amm`)).toEqual([[['main mm']]])
  })

  test('ends a line at a carriage return, as the log of the step does', () => {
    expect(logLines('10 %\r20 %\r\nend\n').map(({text}) => text)).toEqual(['10 %', '20 %', 'end'])
  })

  test('makes control characters and directions visible', () => {
    expect(visibleText('a\0b\u202ec\u007f\tz\ud800')).toBe('a\u2400b\u27e8U+202E\u27e9c\u2421\tz\ufffd')
  })

  test('tells annotations from text', () => {
    expect(logLines('::error file=a.ps1,line=3::no\nerror: no\n::warning::x').map(({kind}) => kind)).toEqual(['error', 'text', 'warning'])
  })

  test('cuts long lines into rows without losing or tearing a character', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(hostileText, fc.string({unit: 'binary'}))), fc.integer({min: 2, max: 40}), (texts, columns) => {
        const lines = logLines(texts.join('\n'))
        const rows = logRows(lines, columns)
        const shown = lines.map(() => '')
        for (const row of rows) {
          const line = lines[row.line]
          if (line === undefined) throw new Error('no such line')
          const text = styledPart(styledLine(line), row)
            .map(piece => piece.text)
            .join('')
          expect(text.length).toBeLessThanOrEqual(columns)
          expect(text).not.toMatch(/\p{Surrogate}/u)
          shown[row.line] += text
        }
        expect(shown).toEqual(lines.map(({text}) => text))
      })
    )
  })

  test('finds lines whatever their case, up to a limit', () => {
    const lines = logLines('One\ntwo\nONE\n')
    expect(findLines(lines, 'one')).toEqual([0, 2])
    expect(findLines(lines, 'one', 1)).toEqual([0])
    expect(findLines(lines, '')).toEqual([])
  })
})
