import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {LineWrapper, longestWord, wrapLength} from '../../src/output/line-wrapper.ts'
import {runs} from '../support/runs.ts'

function wrap(...pieces: string[]): string[] {
  const wrapper = new LineWrapper()
  return [...pieces.flatMap(piece => wrapper.push(piece)), wrapper.end()]
}

describe('LineWrapper', () => {
  test('leaves a line as it is that fits', () => {
    expect(wrap('')).toEqual([''])
    expect(wrap('x'.repeat(wrapLength))).toEqual(['x'.repeat(wrapLength)])
  })

  test('wraps after white space, and keeps it', () => {
    const line = 'word and '.repeat(1000)
    const lines = wrap(line)
    expect(lines.join('')).toBe(line)
    for (const each of lines.slice(0, -1)) expect(each).toMatch(/ $/)
    expect(Math.max(...lines.map(each => each.length))).toBeLessThanOrEqual(wrapLength)
  })

  test('keeps a word whole that is longer than a line should be', () => {
    const word = 'x'.repeat(20_000)
    expect(wrap(`  ${word} end`)).toEqual([`  ${word} `, 'end'])
    expect(wrap(`start ${word}`)).toEqual(['start ', word])
  })

  test('cuts a word that is longer than anything should be, and says how much is left out', () => {
    const lines = wrap('x'.repeat(longestWord), 'x'.repeat(500_000), `${'x'.repeat(1234)} end`)
    expect(lines).toEqual([`${'x'.repeat(longestWord)} [pwsh-pool: 501,234 more characters of this line are left out]`, ' end'])
    expect(wrap('x'.repeat(longestWord + 1))).toEqual([
      `${'x'.repeat(longestWord)} [pwsh-pool: 1 more characters of this line are left out]`
    ])
  })

  test('tears no pair of surrogates', () => {
    const [line] = wrap(`y${'🔑'.repeat(longestWord)}`)
    expect(line).toMatch(/^y(?:🔑)+ \[/u)
  })

  test('loses nothing but what it says it leaves out, and remembers nothing of the line before', () => {
    const word = fc.integer({min: 0, max: 6000}).map(length => 'w'.repeat(length))
    fc.assert(
      fc.property(fc.array(word, {maxLength: 8}), fc.array(word, {maxLength: 3}), (words, more) => {
        const wrapper = new LineWrapper()
        for (const line of [words.join(' '), more.join('\t')]) {
          expect([...wrapper.push(line.slice(0, 5000)), ...wrapper.push(line.slice(5000)), wrapper.end()].join('')).toBe(line)
        }
      }),
      {numRuns: runs(100)}
    )
  })
})
