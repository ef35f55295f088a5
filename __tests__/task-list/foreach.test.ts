import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {ListReader} from './lists.ts'

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: `${_}` is the notation of the list
const lists = new ListReader()

describe('foreach makes one task for each item', () => {
  test('the item is kept with its type, and run as it is', () => {
    const tasks = lists.tasks('- run: ./deploy.ps1 $_\n  foreach: [eu, 5, true, null, [1], {a: 1}]')
    expect(tasks.map(({item}) => item)).toEqual(['eu', 5n, true, null, [1n], new Map([['a', 1n]])])
    expect(tasks.map(({script}) => script)).toEqual(Array(6).fill({kind: 'run', text: './deploy.ps1 $_'}))
  })

  test('no items make no tasks', () => {
    expect(lists.tasks('- run: x\n  foreach: []')).toEqual([])
  })

  test('outside foreach $_ is just text', () => {
    const {env, item} = lists.task('- run: x\n  env: {A: $_, B: $$_, C: "${_}"}')
    expect(Object.fromEntries(env)).toEqual({A: '$_', B: '$$_', C: '${_}'})
    expect(item).toBeUndefined()
  })
})

describe('a text that is exactly a reference becomes the typed value', () => {
  const valueFor = (text: string, item: string) =>
    lists.task(`- run: x\n  foreach: [${item}]\n  parameters: {Value: '${text}'}`).parameters?.get('Value')

  test.each([
    ['$_', '5', 5n],
    ['$_', '1.0', 1],
    ['$_', 'true', true],
    ['$_', 'null', null],
    ['$_', 'eu', 'eu'],
    ['$_', '[1, a]', [1n, 'a']],
    ['$_', '{k: v}', new Map([['k', 'v']])],
    ['${_}', '5', 5n],
    ['$_.n', '{n: 5}', 5n],
    ['${_.n}', '{n: 5}', 5n],
    ['$_.N', '{n: 5}', 5n],
    ['$_.a.b', '{a: {b: 5}}', 5n],
    ['${_.a.b}', '{a: {b: 5}}', 5n],
    ['${_.a-b c}', '{a-b c: 5}', 5n],
    ['${_.a.b}', '{a.b: 5}', 5n]
  ])('%s of %s', (text, item, value) => {
    expect(valueFor(text, item)).toEqual(value)
  })

  test.each([
    ['v$_', '1.10', 'v1.10'],
    ['$_$_', '5', '55'],
    ['$_ and $_', 'a', 'a and a'],
    ['a${_}b', 'x', 'axb'],
    ['$_.ps1', 'unit', 'unit.ps1'],
    ['$_.name.ps1', '{name: unit}', 'unit.ps1'],
    ['tests/$_.name/$_.name.ps1', '{name: unit}', 'tests/unit/unit.ps1'],
    ['$_.', 'end', 'end.'],
    ['$_-x', 'a', 'a-x'],
    ['<$_>', 'null', '<>'],
    ['<$_>', 'True', '<True>'],
    ['<$_>', '0x1F', '<0x1F>'],
    ['$$_', 'a', '$_'],
    ['$$_.a', '{a: 1}', '$_.a'],
    ['$${_}', 'a', '${_}'],
    ['$$_ is $_', 'a', '$_ is a'],
    ['$$$_', 'a', '$$_'],
    ['cost $5 ${x} $x', 'a', 'cost $5 ${x} $x'],
    ['$_', "'$_'", '$_']
  ])('inside a longer one it becomes text: %s of %s', (text, item, value) => {
    expect(valueFor(text, item)).toBe(value)
  })

  test('at any depth, but not in keys', () => {
    const {parameters} = lists.task('- run: x\n  foreach: [eu]\n  parameters: {List: [a, {Deep: [$_]}], $_: key}')
    expect(parameters).toEqual(
      new Map<string, unknown>([
        ['List', ['a', new Map([['Deep', ['eu']]])]],
        ['$_', 'key']
      ])
    )
  })
})

describe('every text of the entry but run, id and foreach', () => {
  test('name, env, timeout, retry, lock, shell, isolation, continue-on-error, arguments', () => {
    const list = `- run: x
  foreach: [{r: eu, t: 5m, n: 2, ok: true, i: none}]
  name: to $_.r
  env: {R: $_.r, N: $_.n}
  timeout: $_.t
  retry: {times: $_.n, delay: $_.n, on: [$_.n]}
  lock: [db_$_.r, $_.n]
  shell: pwsh-$_.r
  isolation: $_.i
  continue-on-error: $_.ok
  arguments: [$_.n, $_.r]`
    expect(lists.task(list)).toMatchObject({
      name: 'to eu',
      env: new Map([
        ['R', 'eu'],
        ['N', '2']
      ]),
      timeoutMs: 300_000,
      retry: {times: 2, delayMs: 2000, on: [2]},
      locks: [{name: 'db_eu'}, {name: '2'}],
      shell: 'pwsh-eu',
      isolation: 'none',
      continueOnError: true,
      arguments: [2n, 'eu']
    })
  })

  test('a whole field', () => {
    const task = lists.task('- {run: x, foreach: [{p: {A: 1}, a: [2], r: {times: 3}}], parameters: $_.p, arguments: $_.a, retry: $_.r}')
    expect(task).toMatchObject({parameters: new Map([['A', 1n]]), arguments: [2n], retry: {times: 3}})
  })

  test('file and working-directory', () => {
    const task = lists.task('- {file: "$_.f/start.ps1", working-directory: "./$_.f", foreach: [{f: app}]}')
    expect(task.script).toEqual({kind: 'file', path: path.join(lists.workspace, 'app', 'start.ps1')})
    expect(task.workingDirectory).toBe(path.join(lists.workspace, 'app'))
  })

  test('needs, to pair the tasks of two groups', () => {
    const tasks = lists.tasks(
      '- {name: build $_, run: x, foreach: [eu, us]}\n- {name: deploy $_, run: y, foreach: [eu, us], needs: build_$_}'
    )
    expect(tasks.map(({needs}) => needs.map(need => need.tasks))).toEqual([[], [], [[0]], [[1]]])
  })

  test('an env value of null removes the variable', () => {
    expect(lists.task('- {run: x, foreach: [null], env: {A: $_}}').env.get('A')).toBeNull()
  })

  test('defaults have no item', () => {
    expect(lists.task('defaults: {env: {A: $_}}\ntasks: [{run: x, foreach: [1]}]').env.get('A')).toBe('$_')
  })
})

test('parameters without $_ are one object for all tasks', () => {
  const [a, b] = lists.tasks('- {run: x, foreach: [1, 2], parameters: {A: [1]}, arguments: [2]}')
  expect(a?.parameters).toBe(b?.parameters)
  expect(a?.arguments).toBe(b?.arguments)
})

test('a value that is wrong for one item is named where the item is', () => {
  expect(lists.mistakes('- run: x\n  timeout: $_\n  foreach:\n    - 5m\n    - soon')).toEqual([
    'tasks:5:7: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "soon"'
  ])
})

test('a slip in the entry is one mistake, however many items there are', () => {
  expect(
    lists.mistakes('- run: x\n  timeout: soon\n  name: to $_.regon\n  foreach: [{region: eu}, {region: us}, {region: ap}]')
  ).toHaveLength(2)
})
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the end of the lists
