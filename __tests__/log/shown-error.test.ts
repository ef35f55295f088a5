import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {lastLine, lastShownError, lastSuspiciousLine, pathBelow, shownCause} from '../../src/log/shown-error.ts'
import {runs} from '../support/runs.ts'

const messageOf = (text: string) => lastShownError(text.split('\n'))?.message

describe('lastShownError', () => {
  test('reads what PowerShell shows of an error in a file, and where it was', () => {
    const lines = [
      'before',
      'Exception: /repo/tests/unit.ps1:12',
      'Line |',
      "  12 |  throw 'assertion failed: expected 3 but got 4'",
      '     |  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~',
      '     | assertion failed: expected 3 but got 4'
    ]
    const error = {message: 'assertion failed: expected 3 but got 4', place: {file: '/repo/tests/unit.ps1', line: 12}}
    expect(lastShownError(lines)).toEqual(error)
    expect(lastShownError([...lines, 'cleaning up', ''])).toEqual(error)
    expect(lastShownError(lines.map(line => `\x1b[31;1m${line}\x1b[0m`))).toEqual(error)
    // The lines begin somewhere in it.
    expect(lastShownError(lines.slice(4))).toEqual({...error, place: undefined})
    expect(lastShownError(lines.slice(5))).toEqual({...error, place: undefined})
  })

  test('joins the lines of a long message', () => {
    const text = `foo-bar: C:\\repo\\a b.ps1:2
Line |
   2 |  foo-bar x
     |  ~~~~~~~
     | The term 'foo-bar' is not recognized as a name of a cmdlet, function,
     | script file, or executable program.`
    expect(lastShownError(text.split('\n'))).toEqual({
      message: "The term 'foo-bar' is not recognized as a name of a cmdlet, function, script file, or executable program.",
      place: {file: 'C:\\repo\\a b.ps1', line: 2}
    })
  })

  test('reads the view of Windows PowerShell, and NormalView', () => {
    const place = [
      'At C:\\repo\\test.ps1:3 char:1',
      '+ Get-Item no',
      '+ ~~~~~~~~~~~',
      '    + CategoryInfo          : ObjectNotFound: (…) [Get-Item]'
    ]
    expect(lastShownError(["Get-Item : Cannot find path 'no' because it does not exist.", ...place])).toEqual({
      message: "Cannot find path 'no' because it does not exist.",
      place: {file: 'C:\\repo\\test.ps1', line: 3}
    })
    expect(lastShownError(['bad thing', ...place])?.message).toBe('bad thing')
  })

  test.each([
    ['Write-Error: assertion failed: expected 3 but got 4', 'assertion failed: expected 3 but got 4'],
    ["Get-Item: Cannot find path '/no' because it does not exist.", "Get-Item: Cannot find path '/no' because it does not exist."],
    ['OperationStopped: (bad thing:String) [], RuntimeException', 'OperationStopped: (bad thing:String) [], RuntimeException'],
    ['Exception: it broke', 'it broke'],
    ['Error: missing brace (a.ps1:3)', 'missing brace (a.ps1:3)'],
    ['error: cannot open file', 'cannot open file'],
    ['fatal: not a git repository', 'fatal: not a git repository'],
    ['ValueError: bad value', 'ValueError: bad value'],
    ['Unhandled exception. System.IO.IOException: no space', 'Unhandled exception. System.IO.IOException: no space'],
    ['npm ERR! code E404', 'npm ERR! code E404'],
    ['src/a.c:3:4: error: unknown type name', 'src/a.c:3:4: error: unknown type name'],
    ['Program.cs(3,4): error CS1002: ; expected', 'Program.cs(3,4): error CS1002: ; expected'],
    ['error[E0308]: mismatched types', 'error[E0308]: mismatched types'],
    ['error TS2304: Cannot find name', 'error TS2304: Cannot find name'],
    ['ERROR Failed to fetch', 'ERROR Failed to fetch'],
    ['assertion failed: expected 3 but got 4', 'assertion failed: expected 3 but got 4'],
    ['Assertion failed', 'Assertion failed']
  ])('takes %j for an error', (line, message) => {
    expect(messageOf(`something\n${line}\nand more`)).toBe(message)
  })

  test.each(['', 'but got 2', 'Total: 5', 'Errors: 0', 'no error', 'a | b', '     | a table', 'https://example.com', 'At last'])(
    'takes %j for none',
    line => {
      expect(messageOf(`something\n${line}`)).toBeUndefined()
    }
  )

  test('takes the last of several', () => {
    expect(messageOf('error: first\nerror: second\nok')).toBe('second')
  })

  test('cuts a message that nobody would read, and is as fast on hostile lines', () => {
    expect(messageOf(`error: ${'word '.repeat(1000)}`)).toBe(`${'word '.repeat(100)}…`)
    // A secret of the workflow, of which only the runner knows.
    expect(messageOf(`error: ${'x'.repeat(600)}`)).toBe('x'.repeat(600))
    const part = fc.constantFrom('Error', 'x', ' ', ':', '.', '1', '(', '[', '~', '|', '     | ', 'At ', ' char:1', '\n')
    fc.assert(
      fc.property(fc.array(part, {maxLength: 60}), parts => {
        const error = lastShownError(parts.join('').split('\n'))
        expect(error === undefined || (error.message.trim() !== '' && !/[\r\n]/.test(error.message))).toBe(true)
      }),
      {numRuns: runs(500)}
    )
  })
})

test('lastSuspiciousLine finds what speaks of a failure, and does not take "0 errors" for one', () => {
  expect(lastSuspiciousLine(['2 tests failed', 'finished', 'Errors: 0'])?.message).toBe('2 tests failed')
  expect(lastSuspiciousLine(['expected 1', 'but got 2', 'no errors'])).toBeUndefined()
})

test('lastLine is the last one that is not blank', () => {
  expect(lastLine(['disk \x1b[31mfull\x1b[0m', ' ', ''])?.message).toBe('disk full')
  expect(lastLine(['', ''])).toBeUndefined()
})

test('pathBelow is relative, with slashes, and only for what is below', () => {
  const folder = path.resolve('/repo')
  expect(pathBelow(path.join(folder, 'tests', 'a.ps1'), folder)).toBe('tests/a.ps1')
  expect(pathBelow(path.resolve('/other/a.ps1'), folder)).toBeUndefined()
  expect(pathBelow(folder, folder)).toBeUndefined()
  expect(pathBelow(path.join(folder, '..a.ps1'), folder)).toBe('..a.ps1')
})

describe('shownCause', () => {
  test.each([
    ['', ''],
    ['signing in\nno account\n\n', 'no account'],
    [
      '\u001b[31;1mException: \u001b[0m/repo/setup.ps1:1\nLine |\n   1 |  throw "no sign-in"\n     |  ~~~~~~~~~~~~~~~~~~\n     | no sign-in\nbye',
      'no sign-in'
    ]
  ])('of %j is "%s"', (text, cause) => {
    expect(shownCause(text)).toBe(cause)
  })
})
