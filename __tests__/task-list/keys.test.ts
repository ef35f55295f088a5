import {expect, test} from '@jest/globals'
import {inline, ListReader, listContext, tasksOf} from './lists.ts'

const lists = new ListReader()
const other = new ListReader()
const keysOf = (list: string) => lists.tasks(list).map(({key}) => key)

test('a task of its own has its id as its key', () => {
  expect(keysOf('- {id: build, run: x}\n- ./test.ps1')).toEqual(['build', 'test_ps1'])
})

test('a member of a group has the same key wherever its item stands, and another one than the other members', () => {
  const [first, second, ...others] = keysOf('- {id: deploy, run: x, foreach: [eu, us]}')
  expect(others).toEqual([])
  expect(first).toMatch(/^deploy#[0-9a-f]{16}$/)
  expect(second).not.toBe(first)
  expect(keysOf('- build\n- {id: deploy, run: x, foreach: [asia, us, eu]}').slice(2)).toEqual([second, first])
})

test('the order in which an item names its values is no part of the key', () => {
  expect(keysOf('- {id: a, run: x, foreach: [{r: eu, s: 1}]}')).toEqual(keysOf('- {id: a, run: x, foreach: [{s: 1, r: eu}]}'))
})

test('items that differ in their type alone have different keys', () => {
  const keys = keysOf('- {id: a, run: x, foreach: [1, "1", 1.0, true, "true", null, "", [1], {a: 1}]}')
  expect(new Set(keys).size).toBe(keys.length)
})

test('equal items are told apart', () => {
  const [first, second, third] = keysOf('- {id: a, run: x, foreach: [eu, eu, eu]}')
  expect([second, third]).toEqual([`${first}#2`, `${first}#3`])
})

test('a file that a glob finds has the same key below every workspace, whatever else is found', () => {
  const keys = keysOf('- {id: tests, file: "tests/*.Tests.ps1"}')
  expect(keys).toHaveLength(2)
  expect(other.tasks('- {id: tests, file: "tests/*.ps1"}').map(({key}) => key)).toEqual(expect.arrayContaining(keys))
})

test('with a glob and items, each pair has a key', () => {
  const keys = keysOf('- {id: t, file: "tests/*.ps1", parameters: {R: $_}, foreach: [eu, us]}')
  expect(new Set(keys).size).toBe(6)
})

test('a file that a group names for each item is no part of the key: it may be renamed', () => {
  expect(keysOf('- {id: t, file: build.ps1, foreach: [eu]}')).toEqual(keysOf('- {id: t, file: test.ps1, foreach: [eu]}'))
})

test('an item with a path below the workspace, as a script makes it, has the same key below every workspace', () => {
  const keys = ['/home/a/work', '/home/bb/work'].map(
    workspace =>
      tasksOf([inline(`- {id: t, run: x, foreach: ["${workspace}/x.sql"]}`)], {...listContext(lists.workspace), workspace})[0]?.key
  )
  expect(keys[0]).toBe(keys[1])
})

test('tasks that would have the same id have keys that do not depend on their order', () => {
  const entries = [
    '{file: test.ps1, parameters: {Suite: a}}',
    '{file: test.ps1, parameters: {Suite: b}}',
    '{file: test.ps1, arguments: [a]}'
  ]
  const keys = keysOf(entries.map(entry => `- ${entry}`).join('\n'))
  expect(keys.every(key => /^test_ps1#[0-9a-f]{16}$/.test(key))).toBe(true)
  expect(new Set(keys).size).toBe(3)
  expect(
    keysOf(
      entries
        .toReversed()
        .map(entry => `- ${entry}`)
        .join('\n')
    )
  ).toEqual(keys.toReversed())
  const [first] = keys
  expect(keysOf(`- ${entries[0]}\n- ${entries[0]}`)).toEqual([first, `${first}#2`])
})

// The same 16 bits, as in the test of fingerprints.
test('the key of a task that would have the id of another confirms no guess of its values', () => {
  const keys = (secret: string) =>
    keysOf(`- {file: test.ps1, parameters: {Token: "${secret}"}}\n- {file: test.ps1, arguments: ["${secret}"]}\n- test.ps1`)
  expect(keys('guess 66602')).toEqual(keys('4711'))
  expect(keys('guess 66603')).not.toEqual(keys('4711'))
})

test('an id that was given is the key, whatever else would have it', () => {
  expect(keysOf('- ./build.ps1\n- {id: build_ps1, run: x}\n- {id: other, run: ./build.ps1}')).toEqual(['build_ps1_2', 'build_ps1', 'other'])
})
