import {describe, expect, test} from '@jest/globals'
import {ListReader} from '../lists.ts'

const lists = new ListReader()
const scripts = (text: string) => lists.tasks(text).map(({script}) => (script.kind === 'run' ? script.text : script.path))

describe('an inline list is YAML', () => {
  test.each([
    ['if its first line starts with "- "', '- ./build.ps1'],
    ['if its first line is "---"', '---\n- ./build.ps1'],
    ['if its first line looks like "word:"', 'tasks:\n  - ./build.ps1'],
    ['if it is in brackets', '["./build.ps1"]'],
    ['if it is in braces', '{"tasks": [{"run": "./build.ps1"}]}'],
    ['if it is in brackets over several lines', '[\n  "./build.ps1"\n]\n'],
    ['after comments and blank lines', '\n# first\n\n  # second\n- ./build.ps1'],
    ['if all its entries are indented', '  - ./build.ps1'],
    ['if a dash stands alone on its first line', '-\n  run: ./build.ps1']
  ])('%s', (_, text) => {
    expect(scripts(text)).toEqual(['./build.ps1'])
  })
})

describe('any other inline list is plain lines', () => {
  test('each is one invocation, exactly as typed', () => {
    expect(scripts('./build.ps1 -Text "a: b" # c\n& ./test.ps1 $x "- y"\n')).toEqual([
      './build.ps1 -Text "a: b" # c',
      '& ./test.ps1 $x "- y"'
    ])
  })

  test('blank lines and lines that start with # are left out', () => {
    expect(scripts('\n# first\n./a.ps1\n\n   \n  # second\n./b.ps1\n')).toEqual(['./a.ps1', './b.ps1'])
  })

  test.each([
    'C:\\scripts\\build.ps1 -Fast',
    '[Console]::WriteLine("x")',
    '{ ./build.ps1 } | Measure-Command',
    'Write-Host key: value',
    '-join ("a", "b")',
    '$x = [int]5; $x'
  ])('%s', text => {
    expect(scripts(text)).toEqual([text])
  })

  test('lines may end as on Windows', () => {
    expect(scripts('./a.ps1\r\n\r\n./b.ps1\r\n')).toEqual(['./a.ps1', './b.ps1'])
  })

  test('a byte order mark is no part of the first line', () => {
    expect(scripts('\uFEFF./a.ps1')).toEqual(['./a.ps1'])
  })

  test('a task stands where its line does', () => {
    expect(lists.tasks('# one\n  ./a.ps1')[0]?.place).toEqual({source: 'tasks', file: undefined, line: 2, column: 3})
  })

  test('their tasks have the inputs of the action', () => {
    const retry = {times: 3, delayMs: 1, backoff: 2, maxDelayMs: 9, jitter: false, on: undefined, not: []}
    const inputs = {timeoutMs: 5, retry, shell: 'powershell', isolation: 'none', workingDirectory: lists.workspace} as const
    expect(lists.task('./a.ps1', inputs)).toMatchObject(inputs)
  })
})

test.each(['[]', '{tasks: []}', 'tasks: []', '--- []', '---\n'])('%j is a list without entries', text => {
  expect(lists.tasks(text)).toEqual([])
})
