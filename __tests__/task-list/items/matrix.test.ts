import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {runs} from '../../support/runs.ts'
import {ListReader} from '../lists.ts'

const lists = new ListReader()

/** The items of the tasks that a matrix makes, as plain objects, in order. */
function combinations(matrix: string): object[] {
  return lists.tasks(`- {run: x, matrix: ${matrix}}`).map(({item}) => Object.fromEntries(item as Map<string, unknown>))
}

const names = (entry: string): string[] => lists.tasks(entry).map(({name}) => name)

describe('a matrix makes one task of each combination', () => {
  test('with the last list varying fastest, and typed values', () => {
    expect(combinations('{os: [linux, windows], version: [1, "2", null]}')).toEqual([
      {os: 'linux', version: 1n},
      {os: 'linux', version: '2'},
      {os: 'linux', version: null},
      {os: 'windows', version: 1n},
      {os: 'windows', version: '2'},
      {os: 'windows', version: null}
    ])
  })

  test('which is $_ in run, and stands for it in other texts', () => {
    const list = '- {run: ./test.ps1 $_.os, matrix: {os: [linux], retries: [2]}, name: on $_.os, env: {OS: $_.os}, retry: $_.retries}'
    expect(lists.task(list)).toMatchObject({
      name: 'on linux',
      script: {kind: 'run', text: './test.ps1 $_.os'},
      env: new Map([['OS', 'linux']]),
      retry: {times: 2}
    })
  })

  test('and a group of them, by its id', () => {
    const list = '- {run: x, id: test, matrix: {os: [a, b]}}\n- {run: y, needs: test}'
    expect(lists.tasks(list).map(({id, group}) => [id, group])).toEqual([
      ['test_1', 'test'],
      ['test_2', 'test'],
      ['y', undefined]
    ])
    expect(lists.tasks(list)[2]?.needs).toEqual([{id: 'test', isGroup: true, tasks: [0, 1]}])
  })

  test('for each file of a glob', () => {
    expect(names('- {file: tests/*.Tests.ps1, matrix: {os: [linux, windows]}}')).toEqual([
      'tests/api.Tests.ps1 (linux)',
      'tests/web.Tests.ps1 (linux)',
      'tests/api.Tests.ps1 (windows)',
      'tests/web.Tests.ps1 (windows)'
    ])
  })
})

// https://docs.github.com/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations
describe("GitHub's own examples", () => {
  test('of include', () => {
    const include =
      '[{color: green}, {color: pink, animal: cat}, {fruit: apple, shape: circle}, {fruit: banana}, {fruit: banana, animal: cat}]'
    expect(combinations(`{fruit: [apple, pear], animal: [cat, dog], include: ${include}}`)).toEqual([
      {fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle'},
      {fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle'},
      {fruit: 'pear', animal: 'cat', color: 'pink'},
      {fruit: 'pear', animal: 'dog', color: 'green'},
      {fruit: 'banana'},
      {fruit: 'banana', animal: 'cat'}
    ])
  })

  test('of a value that include adds to a combination', () => {
    const matrix = '{os: [windows-latest, ubuntu-latest], node: [14, 16], include: [{os: windows-latest, node: 16, npm: 6}]}'
    expect(combinations(matrix).filter(each => 'npm' in each)).toEqual([{os: 'windows-latest', node: 16n, npm: 6n}])
    expect(combinations(matrix)).toHaveLength(4)
  })

  test('of a combination that include adds', () => {
    const matrix = '{os: [macos-latest, windows-latest], version: [12, 14, 16], include: [{os: windows-latest, version: 17}]}'
    expect(combinations(matrix)).toHaveLength(7)
    expect(combinations(matrix).at(-1)).toEqual({os: 'windows-latest', version: 17n})
  })

  test('of include alone', () => {
    expect(combinations('{include: [{site: production, datacenter: site-a}, {site: staging, datacenter: site-b}]}')).toEqual([
      {site: 'production', datacenter: 'site-a'},
      {site: 'staging', datacenter: 'site-b'}
    ])
  })

  test('of exclude, which may match in part', () => {
    const exclude = '[{os: macos-latest, version: 12, environment: production}, {os: windows-latest, version: 16}]'
    const matrix = `{os: [macos-latest, windows-latest], version: [12, 14, 16], environment: [staging, production], exclude: ${exclude}}`
    expect(combinations(matrix)).toHaveLength(9)
    expect(combinations(matrix)).not.toContainEqual(expect.objectContaining({os: 'windows-latest', version: 16n}))
  })

  test('of include after exclude, which brings a combination back', () => {
    expect(combinations('{os: [a, b], exclude: [{os: a}], include: [{os: a, again: true}]}')).toEqual([{os: 'b'}, {os: 'a', again: true}])
  })
})

describe('include and exclude compare as GitHub does', () => {
  test.each([
    ['texts without regard to case', 'Linux', 'linux'],
    ['a text as a number', '1', '"1"'],
    ['a boolean as a number', 'true', '1'],
    ['null as zero', 'null', '0'],
    ['an empty text as zero', '""', '0'],
    ['parts of a map', '{name: a, size: 1}', '{size: 1}'],
    ['keys of a map without regard to case', '{Name: a}', '{name: a}'],
    ['the start of a list', '[1, 2, 3]', '[1, 2]']
  ])('%s', (_, value, excluded) => {
    expect(combinations(`{a: [${value}, kept], exclude: [{a: ${excluded}}]}`)).toEqual([{a: 'kept'}])
  })

  test.each([
    ['a text that is no number', 'x', '0'],
    ['another text', 'x', 'y'],
    ['a number that a text does not begin with', '1x', '1'],
    ['a list of other values', '[1, 2]', '[2]'],
    ['a map without the key', '{a: 1}', '{b: 1}'],
    ['a map as a text', '{a: 1}', 'a']
  ])('and not %s', (_, value, excluded) => {
    expect(combinations(`{a: [${value}], exclude: [{a: ${excluded}}]}`)).toHaveLength(1)
  })

  test('names of lists without regard to case', () => {
    expect(combinations('{OS: [a, b], exclude: [{os: a}], include: [{Os: b, x: 1}]}')).toEqual([{OS: 'b', x: 1n}])
  })

  test('and what is added replaces what was, in its place', () => {
    expect(combinations('{a: [1], include: [{B: 1, c: 1}, {b: 2}]}').map(each => Object.entries(each))).toEqual([
      [
        ['a', 1n],
        ['B', 2n],
        ['c', 1n]
      ]
    ])
  })
})

describe('the default name', () => {
  test.each([
    ['- {run: ./test.ps1, matrix: {os: [linux], version: [1]}}', './test.ps1 (linux, 1)'],
    ['- {run: x, name: test, matrix: {os: [linux], version: [1]}}', 'test (linux, 1)'],
    ['- {run: x, name: test, matrix: {os: [linux], include: [{extra: hidden}]}}', 'test (linux)'],
    ['- {run: x, name: test, matrix: {include: [{os: linux, extra: shown}]}}', 'test (linux, shown)'],
    ['- {run: x, name: test, matrix: {os: [{name: linux, arch: x64}], empty: [null]}}', 'test (linux, x64)'],
    ['- {run: ./test.ps1 $_.os, matrix: {os: [linux], version: [1]}}', './test.ps1 linux']
  ])('of %s is %s', (entry, name) => {
    expect(names(entry)).toEqual([name])
  })

  test('of an added combination has the values of lists first, as on GitHub', () => {
    expect(names('- {run: x, name: test, matrix: {os: [linux], include: [{extra: e, os: mac}]}}')).toEqual([
      'test (linux)',
      'test (mac, e)'
    ])
  })
})

test('a matrix of which everything is left out makes no tasks', () => {
  expect(combinations('{a: [1, 2], exclude: [{a: 1}, {a: 2}]}')).toEqual([])
})

describe('of any lists, include and exclude', () => {
  const value = fc.constantFrom('1', '2', '3')
  const vectors = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.uniqueArray(value, {minLength: 1, maxLength: 3}), {maxKeys: 3})
  const filter = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), value, {minKeys: 1, maxKeys: 3})
  type Combination = Record<string, string>

  /** The documentation word by word, one sentence after the other, without a thought of speed. */
  function expected(lists: Record<string, string[]>, exclude: readonly Combination[], include: readonly Combination[]): Combination[] {
    let all: Combination[] = Object.keys(lists).length === 0 ? [] : [{}]
    for (const [key, values] of Object.entries(lists)) all = all.flatMap(each => values.map(value => ({...each, [key]: value})))
    all = all.filter(each => !exclude.some(wrong => Object.entries(wrong).every(([key, value]) => each[key] === value)))
    const original = all.map(each => ({...each}))
    const added: Combination[] = []
    for (const extra of include) {
      const at = original.flatMap((each, index) =>
        Object.entries(extra).every(([key, value]) => each[key] === undefined || each[key] === value) ? [index] : []
      )
      for (const index of at) Object.assign(all[index] ?? {}, extra)
      if (at.length === 0) added.push({...extra})
    }
    return [...all, ...added]
  }

  test('are the combinations that the documentation describes', () => {
    fc.assert(
      fc.property(vectors, fc.array(filter, {maxLength: 3}), fc.array(filter, {maxLength: 4}), (lists, excludes, include) => {
        const exclude = excludes
          .map(each => Object.fromEntries(Object.entries(each).filter(([key]) => key in lists)))
          .filter(each => Object.keys(each).length > 0)
        fc.pre(Object.keys(lists).length + include.length > 0)
        const quoted = JSON.stringify({...lists, exclude, include})
        expect(combinations(quoted)).toEqual(expected(lists, exclude, include))
      }),
      {numRuns: runs(300)}
    )
  })
})
