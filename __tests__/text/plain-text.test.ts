import {stripVTControlCharacters} from 'node:util'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {withoutEscapeSequences} from '../../src/text/plain-text.ts'
import {runs} from '../support/runs.ts'

const sequences = [
  '\x1b[31m',
  '\x1b[38;5;208m',
  '\x1b[38:2::255:0:0m',
  '\x1b[?25l',
  '\x1b[2 q',
  '\x1b[!p',
  '\x9b1;31m',
  '\x1b]0;a window title\x07',
  '\x1b]0;a window title\x1b\\',
  '\x1b]2;C:\\work; (ü) <b>&\x9c',
  '\x9d0;title of old\x9c',
  '\x1b]8;id=1 2;https://example.com/a b?c=d&e\x1b\\',
  '\x1b]8;;\x1b\\',
  '\x1b]9;4;1;50\x07',
  '\x1b]1337;File=name=a b;inline=1:AAAA\x07',
  '\x1b]133;A\x07',
  '\x1bP1$r0 q\x1b\\',
  '\x1b_Gf=100;payload and text\x1b\\',
  '\x1b^private message\x1b\\',
  '\x1bXa string\x1b\\',
  '\x90q#0;2;0;0;0\x9c',
  '\x1b(B',
  '\x1b#8',
  '\x1b7',
  '\x1bM',
  '\x1bc'
] as const

describe('withoutEscapeSequences', () => {
  test.each(sequences)('leaves out %j whole', sequence => {
    expect(withoutEscapeSequences(`A${sequence}B`)).toBe('AB')
  })

  test('leaves nothing of a sequence and takes nothing of the text, wherever they stand', () => {
    const word = fc.string({unit: 'grapheme'}).map(text => text.replace(/\p{Cc}/gu, ' '))
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.constantFrom(...sequences))), word, (parts, last) => {
        const text = parts.map(([before, sequence]) => before + sequence).join('') + last
        expect(withoutEscapeSequences(text)).toBe(parts.map(([before]) => before).join('') + last)
      }),
      {numRuns: runs(500)}
    )
  })

  test('leaves out whatever Node leaves out of colors', () => {
    const color = fc.array(fc.nat(255), {maxLength: 5}).map(numbers => `\x1b[${numbers.join(';')}m`)
    fc.assert(
      fc.property(fc.array(fc.oneof(color, fc.stringMatching(/^[\w .,]*$/))), parts => {
        expect(withoutEscapeSequences(parts.join(''))).toBe(stripVTControlCharacters(parts.join('')))
      }),
      {numRuns: runs(200)}
    )
  })

  test('keeps the text after what does not end, or is broken off', () => {
    expect(withoutEscapeSequences('A\x1b]0;B and C')).toBe('A0;B and C')
    expect(withoutEscapeSequences('A\x1b]0;B\x1b[31mC')).toBe('A0;BC')
    expect(withoutEscapeSequences('A\x1b[12')).toBe('A12')
    expect(withoutEscapeSequences('A\x1b')).toBe('A\x1b')
  })
})
