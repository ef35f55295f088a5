import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {noRetry} from '../../src/model/settings.ts'
import {readTaskList} from '../../src/task-list/read-task-list.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const workspace = temporaryFolder()

function read(text: string) {
  const context = {
    workspace,
    workingDirectory: workspace,
    timeoutMs: 0,
    retry: noRetry,
    isolation: 'process' as const,
    shell: 'pwsh',
    successCodes: [0],
    platform: process.platform
  }
  return readTaskList([{source: 'tasks', file: undefined, notation: 'detect', text}], context as Parameters<typeof readTaskList>[1])
}

describe('a path that is not there when the list is read', () => {
  test('is looked for when the task starts, where another task may make it before', () => {
    const tasks = read(`- {id: build, run: ./build.ps1}
- {run: ./test.ps1, working-directory: dist, needs: build}
- {file: dist/deploy.ps1, needs: build}
- {file: [dist/deploy.ps1, dist/tell.ps1], needs: build}
`)
    expect(tasks.ok && tasks.value.slice(3).map(({script}) => script)).toEqual([
      {kind: 'file', path: path.join(workspace, 'dist', 'deploy.ps1')},
      {kind: 'file', path: path.join(workspace, 'dist', 'tell.ps1')}
    ])
    expect(tasks.ok && tasks.value.slice(0, 3).map(({workingDirectory}) => workingDirectory)).toEqual([
      workspace,
      path.join(workspace, 'dist'),
      workspace
    ])
    expect(tasks.ok && tasks.value[2]?.script).toEqual({kind: 'file', path: path.join(workspace, 'dist', 'deploy.ps1')})
  })

  test.each([
    ['without needs', '- {run: ./test.ps1, working-directory: dist}', 'no such folder "dist"'],
    ['of a file without needs', '- {file: dist/deploy.ps1}', 'no such file "dist/deploy.ps1"'],
    [
      'of a glob',
      '- {id: a, run: x}\n- {file: dist/*.ps1, needs: a}',
      'no .ps1 file matches "dist/*.ps1"; a glob is looked up with the list, before any task has run'
    ],
    ['where needs are none', '- {file: dist/deploy.ps1, needs: []}', 'no such file "dist/deploy.ps1"'],
    [
      'of a list, where it is a glob',
      '- {id: a, run: x}\n- {file: [dist/a.ps1, dist/*.ps1], needs: a}',
      'no .ps1 file matches "dist/*.ps1"'
    ],
    ['of a file that is no script', '- {id: a, run: x}\n- {file: dist/a.txt, needs: a}', 'no such file "dist/a.txt"']
  ])('is a mistake %s', (_, text, message) => {
    const tasks = read(text)
    expect(tasks.ok ? [] : tasks.error.map(mistake => mistake.message).join()).toContain(message)
  })
})
