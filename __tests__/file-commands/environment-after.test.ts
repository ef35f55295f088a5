import {describe, expect, test} from '@jest/globals'
import {environmentAfter} from '../../src/file-commands/environment-after.ts'
import {noChanges, type TaskChanges} from '../../src/model/task-changes.ts'

function change(env: Record<string, string>, paths: readonly string[] = []): TaskChanges {
  return {...noChanges, env: new Map(Object.entries(env)), paths}
}

describe('environmentAfter', () => {
  test('of no changes is the same environment', () => {
    expect(environmentAfter({A: '1', PATH: '/usr/bin', GONE: undefined}, [], 'linux')).toEqual({A: '1', PATH: '/usr/bin'})
  })

  test('sets variables, the last value of a name counts', () => {
    const changes = [change({A: '2', B: '1'}), noChanges, change({B: '2', C: ''})]
    expect(environmentAfter({A: '1'}, changes, 'linux')).toEqual({A: '2', B: '2', C: ''})
  })

  test('searches the path that was added last first', () => {
    const changes = [change({}, ['/a', '/b']), change({}, ['/c', '/a'])]
    expect(environmentAfter({PATH: '/usr/bin:/bin'}, changes, 'linux')).toEqual({PATH: '/a:/c:/b:/usr/bin:/bin'})
  })

  test('puts paths in front of the PATH that a task has set', () => {
    expect(environmentAfter({PATH: '/usr/bin'}, [change({}, ['/a']), change({PATH: '/own'})], 'linux')).toEqual({PATH: '/a:/own'})
  })

  test('adds no path that is in front already, and no empty entry', () => {
    expect(environmentAfter({PATH: '/b:/a:/usr/bin'}, [change({}, ['/a', '/b'])], 'linux')).toEqual({PATH: '/b:/a:/usr/bin'})
    expect(environmentAfter({PATH: '/a'}, [change({}, ['/a'])], 'linux')).toEqual({PATH: '/a'})
    expect(environmentAfter({PATH: ''}, [change({}, ['/a'])], 'linux')).toEqual({PATH: '/a'})
    expect(environmentAfter({}, [change({}, ['/a', '/b'])], 'darwin')).toEqual({PATH: '/b:/a'})
  })

  test('takes Path and PATH for one variable on Windows, under the name that it has', () => {
    const changes = [change({foo: '2'}, ['C:\\a', 'C:\\b'])]
    expect(environmentAfter({Path: 'C:\\Windows', FOO: '1'}, changes, 'win32')).toEqual({Path: 'C:\\b;C:\\a;C:\\Windows', FOO: '2'})
    expect(environmentAfter({Path: '/x', FOO: '1'}, [change({foo: '2'}, ['/a'])], 'linux')).toEqual({
      Path: '/x',
      FOO: '1',
      foo: '2',
      PATH: '/a'
    })
  })

  test('leaves alone what the runner sets for every step, but not a token or a name of that kind that it does not set', () => {
    const base = {GITHUB_SHA: 'abc', RUNNER_TEMP: '/tmp', GITHUB_TOKEN: 'old'}
    const changes = [change({GITHUB_SHA: 'x', RUNNER_TEMP: 'x', GITHUB_TOKEN: 'new', GITHUB_MINE: '1', GITHUB_REF: 'x'})]
    expect(environmentAfter(base, changes, 'linux')).toEqual({...base, GITHUB_TOKEN: 'new', GITHUB_MINE: '1', GITHUB_REF: 'x'})
    expect(environmentAfter(base, [change({github_sha: 'x'})], 'linux')).toEqual({...base, github_sha: 'x'})
    expect(environmentAfter(base, [change({github_sha: 'x'})], 'win32')).toEqual(base)
  })

  test('lets a variable have any name', () => {
    const after = environmentAfter({}, [{...noChanges, env: new Map([['__proto__', '1']])}], 'linux')
    expect(Object.entries(after)).toEqual([['__proto__', '1']])
  })
})
