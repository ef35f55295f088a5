import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {noRetry} from '../../src/model/settings.ts'
import type {Task} from '../../src/model/task.ts'
import {ListReader} from './lists.ts'

const lists = new ListReader()
const {workspace} = lists

test('an entry that is a string is script text', () => {
  expect(lists.task('- ./build.ps1 -Fast').script).toEqual({kind: 'run', text: './build.ps1 -Fast'})
})

test('a task that says nothing has the defaults of the action', () => {
  expect(lists.task('- run: ./build.ps1')).toEqual({
    index: 0,
    position: 0,
    key: 'build_ps1',
    fingerprint: null,
    id: 'build_ps1',
    group: undefined,
    name: './build.ps1',
    isNamedByScript: true,
    script: {kind: 'run', text: './build.ps1'},
    parameters: undefined,
    arguments: undefined,
    item: undefined,
    needs: [],
    when: 'success',
    env: new Map(),
    workingDirectory: workspace,
    timeoutMs: 0,
    retry: noRetry,
    continueOnError: false,
    successCodes: [0],
    objects: false,
    locks: [],
    isInEachShard: false,
    isolation: 'process',
    shell: 'pwsh',
    resume: 'auto',
    place: {source: 'tasks', file: undefined, line: 1, column: 3}
  })
})

test('resume is of the entry, else of the defaults', () => {
  const tasks = lists.tasks('defaults: {resume: never}\ntasks:\n  - run: a\n  - {run: b, resume: auto}')
  expect(tasks.map(({resume}) => resume)).toEqual(['never', 'auto'])
})

test('script text keeps its lines, and ends with one line break below |', () => {
  expect(lists.task('- run: |\n    $a = 1\n\n    $a + 1\n').script).toEqual({kind: 'run', text: '$a = 1\n\n$a + 1\n'})
})

test('script text has no carriage returns, however the list was saved', () => {
  expect(lists.task('- run: |\r\n    a\r\n    b\r\n').script).toEqual({kind: 'run', text: 'a\nb\n'})
})

test('a file is an absolute path, whatever the working directory is', () => {
  const task = lists.task('- file: scripts/deploy.ps1\n  working-directory: app')
  expect(task.script).toEqual({kind: 'file', path: path.join(workspace, 'scripts', 'deploy.ps1')})
  expect(task.workingDirectory).toBe(path.join(workspace, 'app'))
})

describe('parameters and arguments', () => {
  test('parameters keep their order, names and types', () => {
    const {parameters} = lists.task(
      '- file: build.ps1\n  parameters: {Region: eu, Count: 3, Rate: 1.0, Force: true, None: null, List: [1, a], Map: {k: v}}'
    )
    expect([...(parameters ?? [])]).toEqual([
      ['Region', 'eu'],
      ['Count', 3n],
      ['Rate', 1],
      ['Force', true],
      ['None', null],
      ['List', [1n, 'a']],
      ['Map', new Map([['k', 'v']])]
    ])
  })

  test('a parameter may be named like a member of every object', () => {
    expect(lists.task('- run: x\n  parameters: {__proto__: 1, constructor: 2}').parameters).toEqual(
      new Map([
        ['__proto__', 1n],
        ['constructor', 2n]
      ])
    )
  })

  test('arguments are a list of values', () => {
    expect(lists.task('- run: x\n  arguments: [eu, 3, [true]]').arguments).toEqual(['eu', 3n, [true]])
  })

  test('no parameters and an empty map of them are not the same', () => {
    expect(lists.task('- run: x\n  parameters: {}').parameters).toEqual(new Map())
    expect(lists.task('- run: x\n  arguments: []').arguments).toEqual([])
    expect(lists.task('- run: x').parameters).toBeUndefined()
  })
})

describe('env', () => {
  test('values are text as it was written, null removes a variable', () => {
    const {env} = lists.task(
      '- run: x\n  env: {TEXT: a b, PORT: 8080, VERSION: 1.10, MODE: 0755, FLAG: True, EMPTY: "", GONE: null, ALSO:}'
    )
    expect(Object.fromEntries(env)).toEqual({
      TEXT: 'a b',
      PORT: '8080',
      VERSION: '1.10',
      MODE: '0755',
      FLAG: 'True',
      EMPTY: '',
      GONE: null,
      ALSO: null
    })
  })

  test('names that differ in case are two variables, but one on Windows', () => {
    const list = '- run: x\n  env: {Path: a, PATH: b}'
    expect(lists.task(list).env.size).toBe(2)
    expect(lists.mistakes(list, {platform: 'win32'})).toEqual(['tasks:2:18: env: "PATH" and "Path" are one variable on Windows'])
  })
})

describe('timeout', () => {
  test.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['90', 90_000],
    ['0', 0],
    ['1.5', 1500],
    ['"90"', 90_000],
    ['0x10', 16_000]
  ])('%s is %d ms', (text, ms) => {
    expect(lists.task(`- run: x\n  timeout: ${text}`).timeoutMs).toBe(ms)
  })
})

describe('retry', () => {
  test('a number is so many attempts after the first, at once', () => {
    expect(lists.task('- run: x\n  retry: 3').retry).toEqual({...noRetry, times: 3})
  })

  test('a map has all parts', () => {
    expect(
      lists.task(
        '- run: x\n  retry: {times: 3, delay: 5s, backoff: 1.5, max-delay: 1m, jitter: true, on: [timeout, worker-lost, 3010, -1, {match: 429|busy}, {exception: IO.IOException}], not: {match: 500}}'
      ).retry
    ).toEqual({
      times: 3,
      delayMs: 5000,
      backoff: 1.5,
      maxDelayMs: 60_000,
      jitter: true,
      on: ['timeout', 'worker-lost', 3010, -1, {match: '429|busy'}, {exception: 'IO.IOException'}],
      not: [{match: '500'}]
    })
  })

  test('one cause needs no list', () => {
    expect(lists.task('- run: x\n  retry: {times: 1, on: timeout}').retry.on).toEqual(['timeout'])
    expect(lists.task('- run: x\n  retry: {times: 1, on: 5}').retry.on).toEqual([5])
    expect(lists.task('- run: x\n  retry: {times: 1, on: [error, timeout]}').retry.on).toEqual(['error', 'timeout'])
    expect(lists.task('- {foreach: [429], run: x, retry: {times: 1, on: {match: "status $_"}}}').retry.on).toEqual([{match: 'status 429'}])
  })

  test('parts that are left out are those of a bare number', () => {
    expect(lists.task('- run: x\n  retry: {times: 2}').retry).toEqual({...noRetry, times: 2})
  })
})

describe('slow', () => {
  test('is a duration, or a multiple of what is recorded, of the task, of `defaults`, of the input', () => {
    const timed = {timingsFile: '/timings.json', slow: {ms: 1000}}
    const text = 'defaults: {slow: 3x}\ntasks: [{run: a, slow: 2m}, {run: b, slow: 1.5x}, {run: c, slow: 0}, d]'
    expect(lists.tasks(text, timed).map(({slow}) => slow)).toEqual([{ms: 120_000}, {times: 1.5}, {ms: 0}, {times: 3}])
    expect(lists.tasks('- a', timed).map(({slow}) => slow)).toEqual([{ms: 1000}])
  })
})

const namesOf = ({locks}: Task): string[] => locks.map(({name}) => name)

describe('lock', () => {
  test('one name or several, each of them once', () => {
    expect(namesOf(lists.task('- run: x\n  lock: db'))).toEqual(['db'])
    expect(namesOf(lists.task('- run: x\n  lock: [db, 8080, db]'))).toEqual(['db', '8080'])
    expect(lists.task('- run: x\n  lock: []').locks).toEqual([])
  })
})

test('continue-on-error, isolation, shell and when are taken as they are', () => {
  const list =
    '- {run: x, id: a}\n- {run: y, needs: a, when: always, continue-on-error: TRUE, isolation: runspace, shell: pwsh-preview -NoLogo}'
  expect(lists.tasks(list)[1]).toMatchObject({when: 'always', continueOnError: true, isolation: 'runspace', shell: 'pwsh-preview -NoLogo'})
})

test('success-codes are whole numbers, of an item too', () => {
  expect(lists.task('- run: x\n  success-codes: [0, 3010, -1, 0xC000013A]').successCodes).toEqual([0, 3010, -1, 3221225786])
  const list = '- run: x\n  foreach: [{codes: [0, 1]}, {codes: [2]}]\n  success-codes: $_.codes'
  expect(lists.tasks(list).map(({successCodes}) => successCodes)).toEqual([[0, 1], [2]])
})

describe('the order is entry, defaults, input', () => {
  const inputs = {timeoutMs: 1, retry: {...noRetry, times: 1}, successCodes: [0, 9], shell: 'input', isolation: 'none'} as const
  const defaults =
    'defaults: {timeout: 2s, retry: 2, shell: default, isolation: runspace, continue-on-error: true, success-codes: [0, 1], lock: a, working-directory: app, env: {A: d, B: d, C: d}}\n'

  test('without either the inputs hold', () => {
    expect(lists.task('- run: x', inputs)).toMatchObject(inputs)
  })

  test('defaults go before inputs', () => {
    expect(lists.task(`${defaults}tasks: [{run: x}]`, inputs)).toMatchObject({
      timeoutMs: 2000,
      retry: {times: 2},
      shell: 'default',
      isolation: 'runspace',
      continueOnError: true,
      successCodes: [0, 1],
      locks: [{name: 'a'}],
      workingDirectory: path.join(workspace, 'app')
    })
  })

  test('defaults hold for entries that are just text', () => {
    expect(lists.task(`${defaults}tasks: [./build.ps1]`, inputs)).toMatchObject({timeoutMs: 2000, shell: 'default', locks: [{name: 'a'}]})
  })

  test('an entry goes before defaults, even to take something back', () => {
    const entry =
      '{run: x, timeout: 0, retry: 0, shell: own, isolation: process, continue-on-error: false, success-codes: [0], lock: [], working-directory: .}'
    expect(lists.task(`${defaults}tasks: [${entry}]`, inputs)).toMatchObject({
      timeoutMs: 0,
      retry: {times: 0},
      shell: 'own',
      isolation: 'process',
      continueOnError: false,
      successCodes: [0],
      locks: [],
      workingDirectory: workspace
    })
  })

  test('env is merged key by key', () => {
    const {env} = lists.task(`${defaults}tasks: [{run: x, env: {B: e, C: null, D: e}}]`)
    expect(Object.fromEntries(env)).toEqual({A: 'd', B: 'e', C: null, D: 'e'})
  })

  test('on Windows env is merged without regard to case', () => {
    const list = 'defaults: {env: {Path: d}}\ntasks: [{run: x, env: {PATH: e}}]'
    expect([...lists.task(list, {platform: 'win32'}).env]).toEqual([['PATH', 'e']])
    expect(lists.task(list).env.size).toBe(2)
  })

  test('a retry map is one value, not merged', () => {
    const list = 'defaults: {retry: {times: 5, delay: 9s}}\ntasks: [{run: x, retry: {times: 1}}]'
    expect(lists.task(list).retry).toEqual({...noRetry, times: 1})
  })

  test('empty defaults are none', () => {
    expect(lists.task('defaults:\ntasks: [{run: x}]', inputs)).toMatchObject(inputs)
  })
})
