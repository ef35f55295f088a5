import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {withoutCommands, workflowCommand} from '../../src/workflow-commands/workflow-command.ts'
import {anyText} from '../support/any-text.ts'
import {runnerCommand, runnerLines} from '../support/runner-commands.ts'
import {runs} from '../support/runs.ts'

const text = fc
  .array(fc.oneof(anyText(), fc.constantFrom('::', '%', '%0A', '\r', '\n', ',', ':', '=', '##[', ']', ';')))
  .map(parts => parts.join(''))

describe('workflowCommand', () => {
  test('writes a command as the runner reads it', () => {
    expect(workflowCommand('group', '✓ build (3.2 s)')).toBe('::group::✓ build (3.2 s)')
    expect(workflowCommand('error', '50%', {title: 'a: b, c', file: undefined, line: 3})).toBe('::error title=a%3A b%2C c,line=3::50%25')
  })

  test('is one line that brings any text and any title to the runner', () => {
    fc.assert(
      fc.property(text, text, (data, title) => {
        const line = workflowCommand('error', data, {title})
        expect(runnerLines(line)).toHaveLength(1)
        // The runner trims the properties, and leaves out what is empty beside a `=`.
        const kept = title.replace(/^=+/, '').replace(/(?:(?![\ufeff\r\n])[\s\u0085])+$/, '')
        expect(runnerCommand(line)).toEqual({name: 'error', properties: kept === '' ? {} : {title: kept}, data})
      }),
      {numRuns: runs(400)}
    )
  })
})

describe('withoutCommands', () => {
  test.each([
    ['::error::x', '\\::error::x'],
    ['  \t::add-mask::x', '  \t\\::add-mask::x'],
    ['\u0085\u00a0::SET-OUTPUT name=a::b', '\u0085\u00a0\\::SET-OUTPUT name=a::b'],
    ['\u200b::error::x', '\u200b\\::error::x'],
    ['text ##[set-output name=a]b', 'text ##\\[set-output name=a]b'],
    ['##[group]##[error]', '##\\[group]##\\[error]'],
    ['###[error]', '###\\[error]']
  ])('keeps %j from being a command', (line, harmless) => {
    expect(runnerCommand(withoutCommands(line))).toBeUndefined()
    expect(withoutCommands(line)).toBe(harmless)
  })

  test.each(['', 'text', 'a ::error::x', '[type]::Method()', ': ::x', '# [x]', 'C:\\x'])('leaves %j as it is', line => {
    expect(withoutCommands(line)).toBe(line)
  })

  test('leaves no line that the runner would take for a command', () => {
    const names = fc.constantFrom('error', 'ADD-MASK', 'set-output name=a', 'stop-commands', 'group', 'endgroup', 'add-path')
    const hostile = fc.array(
      fc.oneof(
        names,
        fc.constantFrom('::', ':', '##[', '#', '[', ']', ' ', '\t', '\u0085', '\u00ad', '\u200b', '\u2028', 'x', '\\', '%25'),
        anyText({maxLength: 3})
      )
    )
    fc.assert(
      fc.property(
        hostile.map(parts => parts.join('').replace(/[\r\n]/g, ' ')),
        line => {
          expect(runnerCommand(withoutCommands(line))).toBeUndefined()
        }
      ),
      {numRuns: runs(1500)}
    )
  })
})
