import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {mayHaveCommand, parseCommand} from '../../src/workflow-commands/parse-command.ts'
import {withoutCommands} from '../../src/workflow-commands/workflow-command.ts'
import {anyText} from '../support/any-text.ts'
import {registeredCommands, runnerCommand} from '../support/runner-commands.ts'
import {runs} from '../support/runs.ts'

const registered = (name: string) => {
  const lower = name.replace(/[A-Z]/g, letter => letter.toLowerCase())
  return registeredCommands.has(lower) ? lower : undefined
}
const parse = (line: string) => {
  const command = parseCommand(line, registered)
  return command && {...command, properties: Object.fromEntries(command.properties)}
}

describe('parseCommand', () => {
  test.each([
    ['::error::it broke', {name: 'error', properties: {}, data: 'it broke'}],
    [
      '\t \u0085::WARNING file=a%2Cb%3A.ps1,line=3::50%25%0Adone',
      {name: 'warning', properties: {file: 'a,b:.ps1', line: '3'}, data: '50%\ndone'}
    ],
    ['before ##[Set-Output name=a%3Bb;x=y]v%5D%0D%253B', {name: 'set-output', properties: {name: 'a;b', x: 'y'}, data: 'v]\r%3B'}],
    ['::nothing::##[add-mask]x', {name: 'add-mask', properties: {}, data: 'x'}],
    ['::debug::##[add-mask]x', {name: 'debug', properties: {}, data: '##[add-mask]x'}],
    ['::set-output =name==a=b,c=,d::v', {name: 'set-output', properties: {name: 'a=b'}, data: 'v'}],
    ['::endgroup::', {name: 'endgroup', properties: {}, data: ''}]
  ])('reads %j', (line, command) => {
    expect(parse(line)).toEqual(command)
  })

  test.each([
    '',
    'text ::error::x',
    '::error:x',
    '::unknown::x',
    ':: error::x',
    '##[error x',
    '##[other]##[error]x',
    '## [error]x',
    '\ufeff::error::x',
    '::add-mas\u212a::x'
  ])('takes %j for text', line => {
    expect(parse(line)).toBeUndefined()
  })

  test('reads every line as the runner does', () => {
    const part = fc.oneof(
      fc.constantFrom(
        ...registeredCommands,
        'ERROR',
        '::',
        '##[',
        ']',
        ' ',
        '=',
        ',',
        ';',
        '%',
        '%25',
        '%0A',
        '%3B',
        'name',
        '\u0085',
        'file=a'
      ),
      fc.string({maxLength: 3})
    )
    fc.assert(
      fc.property(fc.array(part), parts => {
        const line = parts.join('').replace(/[\r\n]/g, ' ')
        const expected = runnerCommand(line)
        const lower = Object.entries(expected?.properties ?? {}).map(([name, value]) => [name.toLowerCase(), value])
        expect(parse(line)).toEqual(expected && {...expected, properties: Object.fromEntries(lower)})
      }),
      {numRuns: runs(1000)}
    )
  })
})

describe('mayHaveCommand', () => {
  test.each(['a std::string\n', '[Math]::Sqrt(2)\n12:00::00', 'x\n  a ::error::x', '# [error]'])('takes %j for text', text => {
    expect(mayHaveCommand(text)).toBe(false)
    expect(mayHaveCommand(Buffer.from(text))).toBe(false)
  })

  test('is true of all text with a line that is a command, or would have to be kept from being one', () => {
    const part = fc.oneof(
      fc.constantFrom('::', '##[', ':', '#', ']', 'error', ' ', '\t', '\u0085', '\u200b', '\ufeff', '\x1b', '\n', '\r\n', '\r'),
      anyText({maxLength: 2})
    )
    fc.assert(
      fc.property(fc.array(part), parts => {
        const text = Buffer.from(parts.join('')).toString()
        const isOne = (line: string) => parse(line) !== undefined || withoutCommands(line) !== line
        if (!text.split(/\r\n|\n|\r/).some(isOne)) return
        expect(mayHaveCommand(text)).toBe(true)
        expect(mayHaveCommand(Buffer.from(text))).toBe(true)
      }),
      {numRuns: runs(1000)}
    )
  })
})
