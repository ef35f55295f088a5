import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {compilePattern} from '../../src/text/pattern.ts'
import {runs} from '../support/runs.ts'

const find = (pattern: string, text: string): string | undefined => {
  const compiled = compilePattern(pattern)
  if (!compiled.ok) throw new Error(compiled.error)
  return compiled.value.find(text)
}

describe('compilePattern', () => {
  test.each([
    ['429|Too Many Requests', 'HTTP 429', '429'],
    ['too many', 'Too Many Requests', 'Too Many'],
    ['(?-i)too many', 'Too Many Requests', undefined],
    ['^error \\d+$', 'first\nError 7\nlast', 'Error 7'],
    ['(?-m)^error', 'first\nerror', undefined],
    ['a.b', 'a\nb', undefined],
    ['(?s)a.b', 'a\nb', 'a\nb'],
    ['größe', 'Die GRÖSSE GRÖßE', 'GRÖßE'],
    ['(?<status>5\\d\\d)', 'got 503', '503']
  ])('finds %j in %j: %j', (pattern, text, found) => {
    expect(find(pattern, text)).toBe(found)
  })

  test.each([
    ['[', 'missing closing ]: ['],
    ['(?=a)', 'invalid or unsupported Perl syntax: (?='],
    ['(a)\\1', 'invalid escape sequence: \\1'],
    ['((a{100}){100}){100}', 'invalid repeat count: {100}'],
    ['[a-z]{1,900}Q', 'it is too large; use fewer or smaller repetitions'],
    ['(', 'missing closing ): ('],
    ['', 'it matches the empty text, so everything'],
    ['.*', 'it matches the empty text, so everything'],
    ['(429)?', 'it matches the empty text, so everything']
  ])('refuses %j: %s', (pattern, error) => {
    expect(compilePattern(pattern)).toEqual({ok: false, error})
  })

  test('refuses what is too long', () => {
    expect(compilePattern('x'.repeat(1001))).toEqual({ok: false, error: 'it is longer than 1000 characters'})
    expect(compilePattern('x'.repeat(498)).ok).toBe(true)
  })

  test('never throws, whatever the pattern and the text are', () => {
    const part = fc.constantFrom(
      'a',
      '(',
      ')',
      '*',
      '+',
      '?',
      '{2,3}',
      '[',
      ']',
      '^',
      '$',
      '\\',
      '|',
      '(?i)',
      '\\p{L}',
      '\u{1f600}',
      '\ud800',
      '.'
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(part).map(parts => parts.join('')),
          fc.string({unit: 'binary'})
        ),
        fc.string({unit: 'binary'}),
        (pattern, text) => {
          const compiled = compilePattern(pattern)
          if (compiled.ok) compiled.value.find(text)
        }
      ),
      {numRuns: runs(150)}
    )
  })

  test('knows more patterns than it keeps', () => {
    for (let i = 0; i < 250; i++) expect(find(`needle ${i};`, `a needle ${i}; in hay`)).toBe(`needle ${i};`)
    expect(find('needle 0;', 'a needle 0; in hay')).toBe('needle 0;')
  })
})

/** How often a character of a text is looked at while a pattern is searched in it. */
function looksAt(pattern: string, text: string): number {
  let looks = 0
  const {charCodeAt, codePointAt} = String.prototype
  String.prototype.charCodeAt = function (at) {
    looks++
    return charCodeAt.call(this, at)
  }
  String.prototype.codePointAt = function (at) {
    looks++
    return codePointAt.call(this, at)
  }
  try {
    const compiled = compilePattern(pattern)
    expect(compiled.ok && compiled.value.find(text)).toBeUndefined()
  } finally {
    Object.assign(String.prototype, {charCodeAt, codePointAt})
  }
  return looks
}

test.each([
  ['(a*)*b', 'a'],
  ['(a|aa)+b', 'a'],
  ['(a|a)*(a|a)*(a|a)*b', 'a'],
  ['([a-z]+)+\\d', 'a'],
  ['(.*a){12}b', 'a'],
  ['(x+x+)+y', 'x']
])('%s looks at a text of twice the length twice as often, where others take for ever', (pattern, letter) => {
  const half = looksAt(pattern, letter.repeat(32 * 1024))
  const whole = looksAt(pattern, letter.repeat(64 * 1024))
  expect(half).toBeGreaterThan(1000)
  expect(whole).toBeLessThan(2.2 * half)
  expect(whole).toBeLessThan(40 * 64 * 1024)
})
