import {describe, expect, test} from '@jest/globals'
import {ParameterValues} from '../../src/task-list/entries/parameter-values.ts'
import {itemsOf} from '../../src/task-list/items/entry-items.ts'
import {expandEntry} from '../../src/task-list/items/expand-entry.ts'
import {mapNode, stringNode} from '../../src/task-list/source/list-node.ts'
import {LocatedText} from '../../src/task-list/source/list-text.ts'
import {MistakeLog} from '../../src/task-list/source/mistakes.ts'
import {PathLookup} from '../../src/task-list/source/path-lookup.ts'
import {inline, ListReader, listContext, mistakesOf} from './lists.ts'

const lists = new ListReader()
const tooMany = 'tasks:1:1: the list makes more than 100,000 tasks, which is the limit; split it, or let each task do several of them'

describe('100,000 tasks', () => {
  test('of plain lines', () => {
    expect(lists.mistakes('x\n'.repeat(100_001))).toEqual([tooMany])
  })

  test('of items', () => {
    // Lines cost the least.
    const texts = [inline('x\n'.repeat(99_999)), inline('- {run: y, foreach: [1, 2]}')]
    expect(mistakesOf(texts, listContext(lists.workspace))).toEqual([
      'tasks:1:3: this entry makes 2 tasks, and a list can have 100,000, of which those before it have taken 99,999; split it, or let each task do several of them'
    ])
  })
})

describe('of a matrix, before a task is made', () => {
  const list = (length: number) => `[${Array.from({length}, (_, index) => index)}]`

  test('100,000 tasks are made', () => {
    expect(lists.tasks(`- {run: x, matrix: {a: ${list(400)}, b: ${list(250)}}}`)).toHaveLength(100_000)
  })

  test.each([
    [
      'more tasks',
      `{a: ${list(400)}, b: ${list(251)}}`,
      'it makes 100,400 tasks, and a list can have 100,000; split it, or let each task do several of them'
    ],
    [
      'more by include',
      `{a: ${list(100_000)}, include: [{b: 1}, {a: -1}]}`,
      'it makes 100,001 tasks, and a list can have 100,000; split it, or let each task do several of them'
    ],
    [
      'far more combinations',
      `{a: ${list(1000)}, b: ${list(1000)}, c: ${list(1000)}}`,
      'its lists have 1,000,000,000 combinations, and 1,000,000 is the limit before "exclude"; shorten them'
    ],
    ['more values', `{a: ${list(1000)}, b: ${list(1000)}, c: [1], d: [1]}`, 'the values of all combinations are more than a list can hold'],
    [
      'more values by include',
      `{a: ${list(100_000)}, include: [${Array.from({length: 100}, (_, index) => `{x${index}: 1}`)}]}`,
      'the values of all combinations are more than a list can hold'
    ],
    [
      'more to compare',
      `{a: ${list(1000)}, b: ${list(100)}, exclude: [${Array.from({length: 501}, () => '{a: 1}')}]}`,
      '100,000 combinations are too many to compare with this much in "include" and "exclude"'
    ]
  ])('%s are refused', (_, matrix, message) => {
    expect(lists.mistakes(`- {run: x, matrix: ${matrix}}`)).toEqual([`tasks:1:20: matrix: ${message}`])
  })

  test('exclude may bring them below the limit', () => {
    expect(
      lists.tasks(`- {run: x, matrix: {a: ${list(1000)}, b: ${list(150)}, exclude: [${Array.from({length: 149}, (_, b) => `{b: ${b}}`)}]}}`)
    ).toHaveLength(1000)
  })

  test('items times files', () => {
    expect(lists.mistakes(`- {file: tests/*.ps1, foreach: ${list(50_000)}}`)).toEqual([
      'tasks:1:3: this entry makes 150,000 tasks (50,000 × 3 files), and a list can have 100,000; split it, or let each task do several of them'
    ])
  })
})

test('8 MiB of text, in bytes', () => {
  const message = (size: string) => [
    `tasks:1:1: the list is ${size}, and 8 MiB is the limit; split it, or let its scripts read their data from files`
  ]
  const limit = 8 * 1024 * 1024
  expect(lists.mistakes('x'.repeat(limit))).toEqual([])
  expect(lists.mistakes('x'.repeat(limit + 1))).toEqual(message('8.1 MiB'))
  expect(lists.mistakes('ä'.repeat(limit / 2 + 1))).toEqual(message('8.1 MiB'))
})

describe('nesting', () => {
  test.each([
    ['brackets', `${'['.repeat(200)}${']'.repeat(200)}`, 'tasks:1:129'],
    ['dashes on a line', `${'- '.repeat(200)}x`, 'tasks:1:257'],
    ['keys below keys', Array.from({length: 200}, (_, level) => `${' '.repeat(level)}a:`).join('\n'), 'tasks:129:129']
  ])('of %s', (_, list, place) => {
    expect(lists.mistakes(list)).toEqual([`${place}: nested deeper than 128 levels`])
  })

  test('of a value ends at 100 levels', () => {
    const list = (depth: number) => `- {run: x, parameters: {a: ${'['.repeat(depth)}${']'.repeat(depth)}}}`
    expect(lists.mistakes(list(100))).toEqual([])
    expect(lists.mistakes(list(101))).toEqual(['tasks:1:28: parameters: nested deeper than 100 levels'])
  })

  test('of a value through aliases as well', () => {
    const inner = `&a ${'['.repeat(60)}${']'.repeat(60)}`
    expect(lists.mistakes(`- {run: x, arguments: [${inner}]}\n- {run: y, arguments: [${'['.repeat(40)}*a ${']'.repeat(40)}]}`)).toEqual([])
    expect(
      lists.mistakes(
        `- {run: x, arguments: [&a ${'['.repeat(90)}1${']'.repeat(90)}]}\n- {run: y, arguments: [${'['.repeat(20)}*a ${']'.repeat(20)}]}`
      )
    ).toEqual(['tasks:2:24: arguments: nested deeper than 100 levels'])
  })
})

test('an integer of 4,300 digits', () => {
  const list = (digits: number) => `- {run: x, arguments: [${'9'.repeat(digits)}]}`
  expect(lists.mistakes(list(4300))).toEqual([])
  expect(lists.mistakes(list(4301))).toEqual([
    'tasks:1:24: expected a number, got an integer of more than 4300 digits; put it in quotes if it is a text'
  ])
})

describe('what the items of foreach multiply', () => {
  const context = listContext(lists.workspace)
  const text = new LocatedText(inline(''))
  const field = (key: string, value: string) => [key, {key, keyOffset: 0, value: stringNode(value, 0)}] as const
  const entry = mapNode(new Map([field('run', '$_'), field('name', '$_ and $_')]), 0)
  const items = Array.from({length: 10}, (_, index) => stringNode(`item ${index}`, 0))

  function expand(values: number, left: number): {tasks: number; mistakes: string[]} {
    const mistakes = new MistakeLog()
    const reading = {
      context,
      mistakes,
      paths: new PathLookup(context),
      budget: {tasks: 100, values, left, itemBytes: 0},
      itemFiles: new Map(),
      locks: new Map(),
      text,
      values: new ParameterValues(text, mistakes)
    }
    return {
      tasks: [...expandEntry(entry, {field: 'foreach', items: itemsOf(items)}, reading)].length,
      mistakes: mistakes.inOrder().map(({message}) => message)
    }
  }

  test('is read while there is room for it', () => {
    expect(expand(1000, 1000)).toEqual({tasks: 10, mistakes: []})
  })

  test('ends with too many values', () => {
    const mistakes = ['the values of all tasks together are more than a list can hold; pass less to each of them']
    expect(expand(12, 1000)).toEqual({tasks: 4, mistakes})
  })

  test('ends with too much text', () => {
    const mistakes = ['name: the items of this entry make too much text; put fewer of them into each task']
    expect(expand(1000, 30)).toEqual({tasks: 2, mistakes})
  })
})

test('many tasks that need a large group are distinguished from a cycle in no time', () => {
  const items = '1,'.repeat(10_000)
  const list = `- {run: x, id: a, foreach: [${items}]}\n- {run: y, id: b, needs: a, foreach: [${items}]}\n- {run: z, needs: b}`
  expect(lists.tasks(list)).toHaveLength(20_001)
})

test('as many unknown ids as known ones', () => {
  const count = 3000
  const list = Array.from({length: count}, (_, index) => `- {run: x, id: t${index}, needs: u${index}}`).join('\n')
  const mistakes = lists.mistakes(list)
  expect(mistakes).toHaveLength(count)
  // To look for the nearest known id of all of them would take time that grows with the square of the list.
  const hints = mistakes.filter(text => text.includes('did you mean')).length
  expect([hints > 0, hints < count / 2]).toEqual([true, true])
})

test('a chain of needs as long as the list', () => {
  const list = Array.from({length: 10_000}, (_, index) => `- {run: x, id: t${index}, needs: t${(index + 1) % 10_000}}`).join('\n')
  expect(lists.mistakes(list)).toEqual([
    'tasks:1:27: needs: "t0" needs "t1" needs "t2" needs "t3" needs "t4" needs "t5" needs … 9990 more … needs "t9996" needs "t9997" needs "t9998" needs "t9999" needs "t0": none of them could ever start'
  ])
})
