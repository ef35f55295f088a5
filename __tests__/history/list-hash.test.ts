import {describe, expect, test} from '@jest/globals'
import {hashList} from '../../src/history/list-hash.ts'
import type {Task} from '../../src/model/task.ts'
import {createLock, createTask, createTasks} from '../support/create-task.ts'
import {ListReader} from '../task-list/lists.ts'

const linux = {workspace: '/work', platform: 'linux'} as const
const windows = {workspace: 'D:\\a\\repo', platform: 'win32'} as const
const [one, two] = [new ListReader(), new ListReader()]
const hash = (task: Partial<Task>) => hashList([{...createTask(), ...task}], linux)

describe('the hash of a list', () => {
  test('changes with what a task runs, what it needs, and what it holds', () => {
    const lists: readonly (readonly Task[])[] = [
      [],
      createTasks({}),
      createTasks({}, {}),
      createTasks({}, {needs: [0]}),
      createTasks({}, {needs: [0], when: 'always'}),
      createTasks({key: 'other'}),
      createTasks({script: {kind: 'run', text: "'other'"}}),
      createTasks({script: {kind: 'file', path: '/work/a.ps1'}}),
      createTasks({parameters: new Map()}),
      createTasks({parameters: new Map([['A', 1n]])}),
      createTasks({arguments: []}),
      createTasks({item: null}),
      createTasks({locks: [createLock('db')]}),
      createTasks({locks: [{...createLock('db'), room: 2}]}),
      createTasks({locks: [{...createLock('db'), per: 'machine'}]}),
      createTasks({key: 'a'}, {key: 'b'}),
      createTasks({key: 'b'}, {key: 'a'})
    ]
    expect(new Set(lists.map(tasks => hashList(tasks, linux))).size).toBe(lists.length)
  })

  test('does not change with names, environments, folders, shells, limits', () => {
    const same: Partial<Task>[] = [
      {name: 'x'},
      {env: new Map([['TOKEN', 'secret']])},
      {workingDirectory: '/x'},
      {shell: 'powershell'},
      {timeoutMs: 1},
      {retry: {...createTask().retry, times: 3}},
      {isolation: 'none'},
      {continueOnError: true}
    ]
    expect(new Set(same.map(hash))).toEqual(new Set([hash({})]))
    expect(hash({locks: [createLock('b'), createLock('a')]})).toBe(hash({locks: [createLock('a'), createLock('b')]}))
  })

  // The same 16 bits, as in the test of fingerprints.
  test('cannot tell a right guess of a secret from some wrong ones', () => {
    const of = (secret: string): string[] => [
      hash({script: {kind: 'run', text: secret}}),
      hash({parameters: new Map([['Token', secret]]), arguments: [secret, [secret]], item: new Map([['a', secret]])})
    ]
    expect(of('guess 66602')).toEqual(of('4711'))
    expect(of('guess 66603')).not.toEqual(of('4711'))
  })

  test('is the same on Windows, with its paths and line ends', () => {
    const onLinux = [
      createTask({script: {kind: 'file', path: '/work/tests/a.ps1'}}),
      createTask({index: 1, script: {kind: 'run', text: 'one\ntwo\n'}, parameters: new Map([['Folder', '/work']])})
    ]
    const onWindows = [
      createTask({script: {kind: 'file', path: 'D:\\a\\repo\\tests\\a.ps1'}}),
      createTask({index: 1, script: {kind: 'run', text: 'one\r\ntwo\r\n'}, parameters: new Map([['Folder', 'D:\\a\\repo']])})
    ]
    expect(hashList(onWindows, windows)).toBe(hashList(onLinux, linux))
  })

  test('is the same below another workspace, of which a text may speak', () => {
    const at = (workspace: string) =>
      hashList([createTask({script: {kind: 'run', text: `cd ${workspace}; ${workspace}/x ${workspace}shop '${workspace}'`}})], {
        ...linux,
        workspace
      })
    expect(at('/home/one/w')).not.toBe(at('/home/two/w'))
    const text = (workspace: string) => `cd ${workspace}; ${workspace}/x '${workspace}' /elsewhere`
    const of = (workspace: string) => hashList([createTask({script: {kind: 'run', text: text(workspace)}})], {...linux, workspace})
    expect(of('/home/one/w')).toBe(of('/home/two/w'))
  })

  test('is the same for two checkouts of one list', () => {
    const list = '- {id: b, file: build.ps1}\n- {id: t, file: "tests/*.ps1", needs: b}\n- {run: x, foreach: [{a: 1, b: [c]}], lock: db}'
    expect(hashList(one.tasks(list), {...linux, workspace: one.workspace})).toBe(
      hashList(two.tasks(list.replaceAll('\n', '\r\n')), {...linux, workspace: two.workspace})
    )
  })
})
