import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {ListReader} from './lists.ts'

const onUnix = process.platform === 'win32' ? test.skip : test
const lists = new ListReader()
const {workspace} = lists
const inWorkspace = (...parts: string[]) => path.join(workspace, ...parts)
const files = (text: string, overrides = {}) =>
  lists
    .tasks(text, overrides)
    .map(({script}) => (script.kind === 'file' ? path.relative(workspace, script.path).split(path.sep).join('/') : ''))

describe('a path', () => {
  test('may lead out and back, or be absolute', () => {
    expect(files('- file: app/../build.ps1')).toEqual(['build.ps1'])
    expect(files(`- file: '${inWorkspace('build.ps1')}'`)).toEqual(['build.ps1'])
    expect(lists.task('- {run: x, working-directory: app/..}').workingDirectory).toBe(workspace)
    expect(lists.task(`- {run: x, working-directory: '${inWorkspace('app')}'}`).workingDirectory).toBe(inWorkspace('app'))
  })

  test('may have either separator on Windows', () => {
    expect(files('- file: scripts\\deploy.ps1', {platform: 'win32'})).toEqual(['scripts/deploy.ps1'])
    expect(files('- file: .\\tests\\*.Tests.ps1', {platform: 'win32'})).toEqual(['tests/api.Tests.ps1', 'tests/web.Tests.ps1'])
    expect(lists.task('- {run: x, working-directory: src\\api}', {platform: 'win32'}).workingDirectory).toBe(inWorkspace('src', 'api'))
  })

  // The file systems of Windows take both, whatever platform a list is read for.
  onUnix('has one separator elsewhere, and the other is pointed out', () => {
    expect(lists.mistakes('- file: scripts\\deploy.ps1')).toEqual([
      'tasks:1:9: file: no such file "scripts\\\\deploy.ps1", did you mean "scripts/deploy.ps1"?'
    ])
    expect(lists.mistakes('- {run: x, working-directory: src\\api}')).toEqual([
      'tasks:1:31: working-directory: no such folder "src\\\\api", did you mean "src/api"?'
    ])
  })

  test('may end in .PS1', () => {
    writeFileSync(inWorkspace('UPPER.PS1'), '')
    expect(files('- file: UPPER.PS1')).toEqual(['UPPER.PS1'])
  })

  test('may have the characters of a glob in it, if there is such a file', () => {
    writeFileSync(inWorkspace('odd [1].ps1'), '')
    const task = lists.task('- {file: "odd [1].ps1", id: odd}')
    expect(task).toMatchObject({id: 'odd', script: {path: inWorkspace('odd [1].ps1')}})
  })
})

describe('a list of files', () => {
  test('makes one task of each, in its order, globs sorted, and none twice', () => {
    expect(files('- file: [test.ps1, tests/*.ps1, build.ps1, ./tests/run.ps1]')).toEqual([
      'test.ps1',
      'tests/api.Tests.ps1',
      'tests/run.ps1',
      'tests/web.Tests.ps1',
      'build.ps1'
    ])
  })

  test('leaves out what follows a ! of those before it, and takes it in again after that', () => {
    expect(files('- file: [tests/*.ps1, "!tests/*.Tests.ps1"]')).toEqual(['tests/run.ps1'])
    expect(files('- file: [tests/*.ps1, "!tests/run.ps1"]')).toEqual(['tests/api.Tests.ps1', 'tests/web.Tests.ps1'])
    expect(files('- file: [tests/*.ps1, "!./tests/*", build.ps1, tests/run.ps1]')).toEqual(['build.ps1', 'tests/run.ps1'])
    expect(files(`- file: ['${inWorkspace('build.ps1')}', test.ps1, '!build.ps1']`)).toEqual(['test.ps1'])
  })

  test('may leave out by a glob what there is none of', () => {
    expect(files('- file: [build.ps1, "!slow/**"]')).toEqual(['build.ps1'])
  })

  test('is a group, even of one file, with the file in each name', () => {
    const tasks = lists.tasks('- {id: all, name: check, file: [build.ps1]}\n- {file: [test.ps1, app/start.ps1]}')
    expect(tasks.map(({id, group, name}) => [id, group, name])).toEqual([
      ['all_1', 'all', 'check (build.ps1)'],
      ['test_ps1_2', 'test_ps1', 'test.ps1'],
      ['app_start_ps1', 'test_ps1', 'app/start.ps1']
    ])
  })

  test('is multiplied by items, which may stand in it', () => {
    expect(files('- {file: [build.ps1, test.ps1], foreach: [1, 2]}')).toEqual(['build.ps1', 'test.ps1', 'build.ps1', 'test.ps1'])
    expect(files('- {file: ["$_.ps1", "tests/*.ps1", "!tests/$_*.ps1"], foreach: [build]}')).toContain('build.ps1')
    expect(lists.tasks('- {file: ["$_.ps1"], foreach: [build, test]}').map(({name}) => name)).toEqual(['build.ps1', 'test.ps1'])
  })

  test('takes either separator on Windows, and leaves out without regard to case', () => {
    expect(files('- file: [tests\\*.ps1, "!tests/API.T*.ps1"]', {platform: 'win32'})).toEqual(['tests/run.ps1', 'tests/web.Tests.ps1'])
  })

  test('is wrong where a path is, where nothing is left, and where a ! stands first', () => {
    const mistakes = (list: string) => lists.mistakes(`- file: ${list}`)
    expect(mistakes('[build.ps1, biuld.ps1, nothing/*.ps1, "!tset.ps1", app]')).toEqual([
      'tasks:1:21: file: no such file "biuld.ps1", did you mean "build.ps1"?',
      'tasks:1:32: file: no .ps1 file matches "nothing/*.ps1"',
      'tasks:1:47: file: no such file "tset.ps1", did you mean "test.ps1"?',
      'tasks:1:60: file: expected a .ps1 file, got the folder "app"; "app/*.ps1" takes all in it'
    ])
    expect(mistakes('[tests/run.ps1, "!tests/*"]')).toEqual(['tasks:1:9: file: none is left, as all of them are left out'])
    expect(mistakes('["!tests/run.ps1", tests/*.ps1]')).toEqual([
      'tasks:1:10: file: "!tests/run.ps1" leaves files out of those before it, and there are none'
    ])
    expect(mistakes('"!tests/run.ps1"')).toEqual([
      'tasks:1:9: file: "!tests/run.ps1" leaves files out of those before it in a list, and there are none'
    ])
    expect(mistakes('[]')).toEqual(['tasks:1:9: file: expected at least one path or glob, got an empty list'])
    expect(mistakes('[[build.ps1]]')).toEqual(['tasks:1:10: file: expected text, got a list'])
    expect(mistakes('{a: build.ps1}')).toEqual(['tasks:1:9: file: expected a path or glob, or a list of them, got a map'])
  })
})

describe('a glob', () => {
  test('finds files at any depth, sorted', () => {
    expect(files('- file: "**/*.ps1"').filter(file => !/odd|UPPER/.test(file))).toEqual([
      'app/start.ps1',
      'build.ps1',
      'scripts/deploy.ps1',
      'src/api/index.ps1',
      'test.ps1',
      'tests/api.Tests.ps1',
      'tests/run.ps1',
      'tests/web.Tests.ps1'
    ])
  })

  test('finds .ps1 files only', () => {
    expect(files('- file: "[RTb]*"')).toEqual(['build.ps1'])
  })

  test('may have alternatives', () => {
    expect(files('- file: "tests/{web,api}.Tests.ps1"')).toEqual(['tests/api.Tests.ps1', 'tests/web.Tests.ps1'])
  })

  test('may lead out of the workspace', () => {
    expect(files(`- file: ../${path.basename(workspace)}/tests/r*.ps1`)).toEqual(['tests/run.ps1'])
  })

  test('may be absolute', () => {
    expect(files(`- file: '${workspace.split(path.sep).join('/')}/tests/r*.ps1'`)).toEqual(['tests/run.ps1'])
  })

  test('does not mind the case on Windows', () => {
    expect(files('- file: tests/*.tests.PS1', {platform: 'win32'})).toEqual(['tests/api.Tests.ps1', 'tests/web.Tests.ps1'])
  })

  test('ends, even where a link leads back up', () => {
    mkdirSync(inWorkspace('loop'))
    symlinkSync(workspace, inWorkspace('loop', 'up'), 'junction')
    writeFileSync(inWorkspace('loop', 'a.ps1'), '')
    expect(files('- file: "loop/**/a.ps1"')[0]).toBe('loop/a.ps1')
  })
})

describe('what is missing is named, with where it may be instead', () => {
  test('below the working directory of the task', () => {
    expect(lists.mistakes('- {file: start.ps1, working-directory: app}')).toEqual([
      'tasks:1:10: file: no such file "start.ps1"; there is one in the working-directory: write "app/start.ps1"'
    ])
  })

  test('below the working directory of the action', () => {
    const overrides = {workingDirectory: inWorkspace('src')}
    expect(lists.mistakes('- {file: api/index.ps1, working-directory: api}', overrides)).toEqual([
      'tasks:1:10: file: no such file "api/index.ps1"; there is one in the working-directory: write "src/api/index.ps1"',
      'tasks:1:44: working-directory: no such folder "api"; there is one in the working-directory: write "src/api"'
    ])
  })

  test('a folder that is missing on the way', () => {
    expect(lists.mistakes('- file: srcc/apii/indx.ps1')).toEqual([
      'tasks:1:9: file: no such file "srcc/apii/indx.ps1", did you mean "src/api/index.ps1"?'
    ])
  })

  test('an absolute path by an absolute path', () => {
    const quoted = (file: string) => JSON.stringify(file.length > 60 ? `${file.slice(0, 60)}…` : file)
    expect(lists.mistakes(`- file: '${inWorkspace('biuld.ps1')}'`)).toEqual([
      `tasks:1:9: file: no such file ${quoted(inWorkspace('biuld.ps1'))}, did you mean ${quoted(inWorkspace('build.ps1'))}?`
    ])
  })

  test('a path that no system could have', () => {
    expect(lists.mistakes(`- file: ${'a/'.repeat(20_000)}b.ps1`)).toHaveLength(1)
    expect(lists.mistakes(`- {run: x, working-directory: ${'a/'.repeat(20_000)}b}`)).toHaveLength(1)
  })
})
