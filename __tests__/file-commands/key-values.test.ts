import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {type KeyValueRules, parseKeyValues, readKeyValues} from '../../src/file-commands/key-values.ts'
import {fileText} from '../../src/text/file-text.ts'
import {anyText} from '../support/any-text.ts'
import {eachRunnerPair, type RunnerPair, runnerPairs} from '../support/file-command-parser.ts'
import {processorMs} from '../support/processor-time.ts'
import {runs} from '../support/runs.ts'

function parse(text: string, platform: NodeJS.Platform = 'linux') {
  return parseKeyValues(text, {ignoresCase: false, platform, objection: () => undefined})
}

function pairs(text: string, platform?: NodeJS.Platform): Record<string, string> {
  const parsed = parse(text, platform)
  if (!parsed.ok) throw new Error(parsed.error)
  return Object.fromEntries(parsed.value)
}

function mistake(text: string, platform?: NodeJS.Platform): string {
  const parsed = parse(text, platform)
  return parsed.ok ? 'no mistake' : parsed.error
}

/** The pairs that the runner applies, up to one without a name. */
function pairsBeforeMistake(text: string, platform: NodeJS.Platform): RunnerPair[] {
  const pairs: RunnerPair[] = []
  try {
    for (const pair of eachRunnerPair(text, platform)) {
      if (pair[0] === '') break
      pairs.push(pair)
    }
  } catch {}
  return pairs
}

/** Texts that are often right and often nearly so. */
const texts = fc
  .array(
    fc.oneof(
      {weight: 8, arbitrary: fc.constantFrom('a', 'b', '=', '<<', '<', 'EOF', '\n', '\r\n', '\r', ' ', 'a=1', 'a<<EOF\n', '\nEOF\n')},
      {weight: 1, arbitrary: anyText({maxLength: 3})}
    ),
    {maxLength: 20}
  )
  .map(parts => parts.join(''))
const platforms = fc.constantFrom<NodeJS.Platform>('linux', 'darwin', 'win32')

describe('parseKeyValues', () => {
  test.each<[string, string, Record<string, string>]>([
    ['an empty file', '', {}],
    ['empty lines', '\n\na=1\n\n', {a: '1'}],
    ['a last line without an end', 'a=1\nb=2', {a: '1', b: '2'}],
    ['an empty value', 'a=\n', {a: ''}],
    ['a value with the signs', 'a==b<<c\n', {a: '=b<<c'}],
    ['spaces, which belong to name and value', ' a = 1 \n', {' a ': ' 1 '}],
    ['a name that comes again, the last value counts', 'a=1\nb=2\na=3\n', {a: '3', b: '2'}],
    ['a heredoc', 'a<<EOF\none\n\ntwo\nEOF\nb=2\n', {a: 'one\n\ntwo', b: '2'}],
    ['a heredoc without lines', 'a<<EOF\nEOF\n', {a: ''}],
    ['a heredoc of one empty line', 'a<<EOF\n\nEOF\n', {a: ''}],
    ['a heredoc of two empty lines', 'a<<EOF\n\n\nEOF\n', {a: '\n'}],
    ['a heredoc whose delimiter has no line end', 'a<<EOF\none\nEOF', {a: 'one'}],
    ['a delimiter with the signs', 'a<<b<<c=d\none\nb<<c=d\n', {a: 'one'}],
    ['a delimiter with a space in front', 'a<< EOF\nEOF\n EOF\n', {a: 'EOF'}],
    ['lines that are pairs inside of a heredoc', 'a<<EOF\nb=1\nc<<X\nEOF\n', {a: 'b=1\nc<<X'}],
    ['a name that is no property of a plain object', '__proto__=1\n', Object.fromEntries([['__proto__', '1']])]
  ])('reads %s', (_, text, expected) => {
    expect(pairs(text)).toEqual(expected)
  })

  test('takes a carriage return for a part of the line, but not on Windows', () => {
    const text = 'a=1\r\nb<<EOF\r\none\r\ntwo\r\nEOF\r\n'
    expect(pairs(text, 'linux')).toEqual({a: '1\r', b: 'one\r\ntwo\r'})
    expect(pairs(text, 'darwin')).toEqual({a: '1\r', b: 'one\r\ntwo\r'})
    expect(pairs(text, 'win32')).toEqual({a: '1', b: 'one\r\ntwo'})
  })

  test('keeps mixed line ends inside of a value on Windows, and a lone carriage return', () => {
    expect(pairs('a<<EOF\r\none\ntwo\r\n\rthree\r\r\nEOF\n', 'win32')).toEqual({a: 'one\ntwo\r\n\rthree\r'})
  })

  test.each([
    ['foo\n', 'line 1: "foo" is neither NAME=VALUE nor NAME<<DELIMITER'],
    ['a<<EOF\nx\nEOF\n\nfoo', 'line 5: "foo" is neither NAME=VALUE nor NAME<<DELIMITER'],
    [
      'a=one\ntwo\n',
      'line 2: "two" is neither NAME=VALUE nor NAME<<DELIMITER; a value of several lines is written as NAME<<DELIMITER, its lines, DELIMITER'
    ],
    ['version: 1.2\n', 'line 1: "version: 1.2" is neither NAME=VALUE nor NAME<<DELIMITER, did you mean "version=1.2"?'],
    [
      'a=1\n\r\n',
      'line 2: "\\r" is neither NAME=VALUE nor NAME<<DELIMITER; on this platform a line ends at a line feed alone, and the carriage return is part of it'
    ],
    ['=x\n', 'line 1: "=x" has no name before the "="'],
    ['<<EOF\nEOF\n', 'line 1: "<<EOF" has no name before the "<<"'],
    ['a<<\n', 'line 1: "a<<" has no delimiter after the "<<"'],
    ['b=1\na<<EOF\nx\n', 'line 2: the value of "a" has no end, expected a line that is exactly "EOF"'],
    ['a<<EOF\nx\n EOF\ny', 'line 1: the value of "a" has no end, expected a line that is exactly "EOF", line 3 is " EOF"'],
    ['a<<EOF\nx\nEOF\r\n', 'line 1: the value of "a" has no end, expected a line that is exactly "EOF", line 3 is "EOF\\r"']
  ])('refuses %j', (text, expected) => {
    expect(mistake(text)).toBe(expected)
  })

  test('refuses a file whole for one wrong line, and shows a long line cut and on one line', () => {
    expect(mistake(`a=1\n${'x'.repeat(100)}\nb=2\n`)).toMatch(/^line 2: "x{60}…" is neither/)
    expect(mistake('a\u2028\u0085\u001bb\n')).toMatch(/^line 1: "a\\u2028\\u0085\\u001bb" is neither/)
  })

  test('keeps the first spelling and the last value where case does not matter', () => {
    const parsed = parseKeyValues('Name=1\nother=2\nNAME=3\nstraße=4\nSTRASSE=5\nÄ=6\nä=7\nı=8\nI=9', {
      ignoresCase: true,
      platform: 'linux',
      objection: () => undefined
    })
    const expected = {Name: '3', other: '2', straße: '4', STRASSE: '5', Ä: '7', ı: '8', I: '9'}
    expect(parsed.ok && Object.fromEntries(parsed.value)).toEqual(expected)
  })

  test('names the line of a pair that there is an objection to', () => {
    const rules = {ignoresCase: false, platform: 'linux' as const, objection: (name: string) => (name === 'b' ? 'not b' : undefined)}
    expect(parseKeyValues('a=1\nb<<EOF\nx\nEOF\n', rules)).toEqual({ok: false, error: 'line 2: not b'})
  })

  test('agrees with the runner on everything that the runner reads, but for empty names', () => {
    fc.assert(
      fc.property(texts, platforms, (text, platform) => {
        const parsed = parse(text, platform)
        let expected: readonly (readonly [string, string])[] | undefined
        try {
          expected = runnerPairs(text, platform)
        } catch {
          expect(parsed.ok).toBe(false)
          return
        }
        if (expected.some(([name]) => name === '')) expect(parsed.ok).toBe(false)
        else expect(parsed).toEqual({ok: true, value: new Map(expected)})
      }),
      {numRuns: runs(1500)}
    )
  })

  test('has of a text that may be cut what is complete before the first mistake, and says what that is', () => {
    const rules: KeyValueRules = {ignoresCase: false, platform: 'linux', objection: () => undefined}
    const read = (text: string, isCut: boolean) => {
      const {pairs, mistake} = readKeyValues(text, rules, isCut)
      return [Object.fromEntries(pairs), mistake]
    }
    expect(read('a=1\nb<<EOF\nx\n', true)).toEqual([{a: '1'}, 'line 2: the value of "b" has no end, expected a line that is exactly "EOF"'])
    expect(read('a=1\nb<<EOF\nx\nEOF', true)).toEqual([
      {a: '1'},
      'line 2: the value of "b" has no end, expected a line that is exactly "EOF"'
    ])
    expect(read('a=1\nb=2', true)).toEqual([{a: '1'}, 'line 2: "b=2" has no line end, so it may be half of a line'])
    expect(read('a=1\nb=2', false)).toEqual([{a: '1', b: '2'}, undefined])
    expect(read('a=1\nwrong\nb=2\n', false)).toEqual([{a: '1'}, expect.stringMatching(/^line 2: "wrong" is neither /)])
  })

  test('has of a text that was cut anywhere the first pairs of the whole, and all that were complete', () => {
    const cut = fc.tuple(texts, fc.nat()).map(([text, at]) => ({text, bytes: Buffer.from(text), at}))
    fc.assert(
      fc.property(cut, platforms, ({text, bytes, at}, platform) => {
        const part = fileText(bytes.subarray(0, at % (bytes.length + 1)))
        const {pairs} = readKeyValues(part, {ignoresCase: false, platform, objection: () => undefined}, true)
        const whole = pairsBeforeMistake(text, platform)
        expect(whole.map((_, length) => new Map(whole.slice(0, length))).concat(new Map(whole))).toContainEqual(pairs)
        expect(pairs).toEqual(new Map(pairsBeforeMistake(part.slice(0, part.lastIndexOf('\n') + 1), platform)))
      }),
      {numRuns: runs(1500)}
    )
  })

  // The square of this size is half a minute even for what only looks for the next line.
  test('reads 4 MiB of anything in time that grows with the size alone', () => {
    const size = 4 * 1024 * 1024
    const spent = processorMs(() => {
      for (const line of ['a<<EOF\n', 'a<<E\nE\n', '\n', 'a=1\n', '\r\n', '<']) parse(line.repeat(size / line.length), 'win32')
    })
    expect(spent).toBeLessThan(20_000)
  })
})
