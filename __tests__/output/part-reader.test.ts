import {describe, expect, test} from '@jest/globals'
import type {OutputPart, OutputStream} from '../../src/model/output-listener.ts'
import {longestPiece} from '../../src/output/line-cutter.ts'
import {PartReader} from '../../src/output/part-reader.ts'
import type {LineMeaning} from '../../src/workflow-commands/interpreter.ts'

function reading() {
  const meanings: LineMeaning[] = []
  const reader = new PartReader({mode: 'forward', isDebug: false, onMeaning: meaning => void meanings.push(meaning)})
  const read = (stream: OutputStream, text: string) => reader.take(stream, Buffer.from(text)).map(inWords)
  return {reader, read, meanings, end: () => reader.end().map(inWords)}
}

/** What of a part is printed, and what is shown instead, if anything is. */
const inWords = ({bytes, shown}: OutputPart): readonly (string | undefined)[] => (shown === undefined ? [`${bytes}`] : [`${bytes}`, shown])

describe('PartReader', () => {
  test.each([
    ['plain text', ['a: b\n#[x]\n'], [['a: b\n#[x]\n']]],
    ['colons in a line', ['[Math]::Pi\n'], [['[Math]::Pi\n']]],
    ['a bracket in a line', ['a\nx ##[y\nb\n'], [['a\n'], ['x ##[y\n', 'x ##[y'], ['b\n']]],
    ['colons that came apart', [' :', ':b\n'], [[' ::b\n', ' ::b']]],
    ['a command', ['a\r\n::group::x\r\nb\r\n'], [['a\r\n'], ['::group::x\r\n', '▸ x'], ['b\r\n']]],
    ['a command that is not shown', ['::debug::x\n'], [['::debug::x\n', '']]],
    ['a value', ['x ##[add-mask]a%3Bb\r\n'], [['::add-mask::***\r\n', '']]]
  ])('gives lines that do not look like a command as they are, and for each other what is shown of it: %s', (_, texts, expected) => {
    const {read, end} = reading()
    expect([...texts.flatMap(text => read('stdout', text)), ...end()]).toEqual(expected)
  })

  test('says once in an attempt why a command has no effect, after the line', () => {
    const {read} = reading()
    const note = '[pwsh-pool: set-env has no effect: the runner refuses it; write to the file $env:GITHUB_ENV instead]'
    expect(read('stdout', '::set-env name=a::b\n')).toEqual([
      ['::set-env name=a::b\n', '::set-env name=a::b'],
      ['', note]
    ])
    expect(read('stderr', '::set-env name=c::d\n')).toEqual([['::set-env name=c::d\n', '::set-env name=c::d']])
  })

  test('gives each byte of a line end that came apart, unless the other stream is in between', () => {
    const {read} = reading()
    expect(read('stdout', 'a\r')).toEqual([['a\r']])
    expect(read('stdout', '\nb\r')).toEqual([['\n', ''], ['b\r']])
    expect(read('stderr', 'e\n')).toEqual([['e\n']])
    expect(read('stdout', '\n\n')).toEqual([['\n']])
  })

  test('gives nothing of a value that is too long to be had at once, wherever it begins', () => {
    const long = 'x'.repeat(longestPiece)
    const {read, meanings} = reading()
    const announced = [...read('stdout', `::add-mask::${long}`), ...read('stdout', `${long}rest\n`)]
    expect(announced.map(([bytes]) => bytes).join('')).toBe('::add-mask::***\n')
    const inside = [...read('stderr', `${long}-`), ...read('stderr', 'text ##[add-mask]s3cret\nnext\n')]
    expect(inside.map(([bytes]) => bytes).join('')).toBe(`${long}-text ##[add-mask]***\nnext\n`)
    expect(meanings.map(({kind}) => kind)).toEqual(['mask', 'mask'])
  })
})
