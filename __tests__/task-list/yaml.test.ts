import {describe, expect, test} from '@jest/globals'
import type {Value} from '../../src/model/task.ts'
import {readTaskList} from '../../src/task-list/read-task-list.ts'
import {renderMistake} from '../../src/task-list/source/mistakes.ts'
import {inline, ListReader, listContext} from './lists.ts'

const lists = new ListReader()

/** The value of a parameter that is written as `text`. */
function value(text: string): Value | undefined {
  return lists.task(`- run: x\n  parameters:\n    Value: ${text}\n`).parameters?.get('Value')
}

describe('values are those of YAML 1.2', () => {
  test.each<[string, Value]>([
    ['5', 5n],
    ['-5', -5n],
    ['+5', 5n],
    ['-0', 0n],
    ['017', 17n],
    ['0o17', 15n],
    ['0x1F', 31n],
    ['2147483648', 2147483648n],
    ['123456789012345678901234567890', 123456789012345678901234567890n],
    ['1.0', 1],
    ['1e3', 1000],
    ['-0.0', -0],
    ['.5', 0.5],
    ['1.', 1],
    ['.inf', Number.POSITIVE_INFINITY],
    ['-.Inf', Number.NEGATIVE_INFINITY],
    ['.nan', Number.NaN],
    ['true', true],
    ['False', false],
    ['null', null],
    ['~', null],
    ['', null],
    ['yes', 'yes'],
    ['no', 'no'],
    ['on', 'on'],
    ['Off', 'Off'],
    ['y', 'y'],
    ['2024-05-01', '2024-05-01'],
    ['2024-05-01T10:00:00Z', '2024-05-01T10:00:00Z'],
    ['12:30:45', '12:30:45'],
    ['1_000', '1_000'],
    ['0b11', '0b11'],
    ['1,5', '1,5'],
    ["'5'", '5'],
    ['"5"', '5'],
    ['!!str 5', '5'],
    ['!!float 5.0', 5],
    ['"\\u0000\\uD800x"', '\u0000\uD800x'],
    ['"a\\tb\\nc"', 'a\tb\nc'],
    ["'it''s'", "it's"],
    ['a b # comment', 'a b'],
    ['a#b', 'a#b'],
    ['>-\n      a\n      b', 'a b'],
    ['[1, [2, {a: 3}]]', [1n, [2n, new Map([['a', 3n]])]]],
    ['[a: 1]', [new Map([['a', 1n]])]],
    ['{}', new Map()]
  ])('%s', (text, expected) => {
    expect(value(text)).toEqual(expected)
  })

  test('JSON is YAML', () => {
    const json = JSON.stringify([{run: 'x', parameters: {a: 1, b: [true, null, 'é\n"\\']}}], undefined, '\t').replaceAll('\t', '  ')
    expect(lists.task(json).parameters).toEqual(
      new Map<string, Value>([
        ['a', 1n],
        ['b', [true, null, 'é\n"\\']]
      ])
    )
  })

  test('JSON may be one long line', () => {
    const entries = Array.from({length: 300}, (_, index) => ({run: `x ${index}`, parameters: {a: index}}))
    expect(lists.tasks(JSON.stringify(entries))).toHaveLength(300)
  })
})

describe('anchors, aliases and merge keys', () => {
  test('an alias stands for what its anchor names', () => {
    const tasks = lists.tasks('- run: x\n  env: &env {A: 1}\n- run: y\n  env: *env')
    expect(tasks.map(({env}) => env.get('A'))).toEqual(['1', '1'])
  })

  test('an anchor may be named again, and then is the later one', () => {
    const tasks = lists.tasks('- {run: &a x}\n- {run: *a , name: n1}\n- {run: &a y}\n- {run: *a , name: n2}')
    expect(tasks.map(({script}) => script)).toEqual(['x', 'x', 'y', 'y'].map(text => ({kind: 'run', text})))
  })

  test('the own keys of a map go before merged ones, and maps that are named first before others', () => {
    const list = `defaults:
  env: {<<: [{A: 1, B: 1}, {B: 2, C: 2}], C: 3}
tasks:
  - &base {name: a, run: x, timeout: 5}
  - {<<: *base, name: b}`
    const [a, b] = lists.tasks(list)
    expect(Object.fromEntries(a?.env ?? [])).toEqual({A: '1', B: '1', C: '3'})
    expect(b).toMatchObject({name: 'b', timeoutMs: 5000, script: {text: 'x'}})
  })

  test('<< in quotes is a key like any other', () => {
    expect(lists.task('- {run: x, parameters: {"<<": 1}}').parameters).toEqual(new Map([['<<', 1n]]))
  })

  test('values that an alias repeats are one object', () => {
    const [a, b] = lists.tasks('- {run: x, parameters: {a: &v [1, 2]}}\n- {run: y, parameters: {a: *v }}')
    expect(a?.parameters?.get('a')).toBe(b?.parameters?.get('a'))
  })

  test('aliases that multiply are refused', () => {
    const levels = Array.from({length: 9}, (_, level) => `  - &l${level + 1} [${Array(10).fill(`*l${level}`).join(', ')}]`)
    expect(lists.mistakes(`- run: x\n  arguments:\n  - &l0 [a]\n${levels.join('\n')}`)).toEqual([
      'tasks:1:1: with its aliases written out the list has more than 5,000,000 values'
    ])
  })
})

describe('however it was saved', () => {
  test('with a byte order mark, places are as one sees them', () => {
    expect(lists.mistakes('\uFEFF- 5')).toEqual(['tasks:1:3: expected a task (script text, or a map with "run" or "file"), got 5'])
  })

  test('with the line ends of Windows, places are as one sees them', () => {
    expect(lists.mistakes('- run: x\r\n  timeout: soon\r\n  tiemout: 5\r\n').map(mistake => mistake.slice(0, 11))).toEqual([
      'tasks:2:12:',
      'tasks:3:3: '
    ])
  })
})

describe('a syntax error shows its line, and a caret under the place', () => {
  const rendered = (text: string) => {
    const read = readTaskList([inline(text)], listContext(lists.workspace))
    return read.ok ? '' : read.error.map(renderMistake).join('\n')
  }

  test('as it was written', () => {
    expect(rendered('- run: x\n- run: @y\n')).toBe(
      `tasks:2:8: a value cannot start with @; put the text in quotes, or write it on the lines below "- |" or "run: |"
    - run: @y
           ^`
    )
  })

  test('under a tab as well', () => {
    expect(rendered('- run: x\n\ttimeout: 5\n')).toContain('    \ttimeout: 5\n    \t^')
  })

  test('without the end of a Windows line', () => {
    expect(rendered('- "x\r\n')).toContain('    - "x\n      ^')
  })

  test('cut where it is long', () => {
    const [, line = '', caret = ''] = rendered(`- ${'a'.repeat(500)}: b: c`).split('\n')
    expect(line.length).toBeLessThanOrEqual(124)
    expect(line[caret.indexOf('^')]).toBe('b')
  })

  test('each wrong line once, the first mistake of it', () => {
    expect(rendered('- "a" "b" "c" "d"\n- "a" "b"\n').match(/^tasks:/gm)).toHaveLength(2)
  })
})
