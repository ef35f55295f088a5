import {describe, expect, test} from '@jest/globals'
import {
  layeredChanges,
  startTimeChanges,
  stepEnvironment,
  taskVariables,
  withChanges,
  withoutPwshModules
} from '../../src/powershell/task-environment.ts'
import {createLock, createTask} from '../support/create-task.ts'

type Changes = [string, string | null][]

describe('stepEnvironment', () => {
  test('keeps back what the runner gives to actions only', () => {
    const action = {
      PATH: '/bin',
      RUNNER_TRACKING_ID: 'x',
      GITHUB_TOKEN: 't',
      INPUT_TASKS: '- a',
      'INPUT_MAX-PARALLEL': '4',
      STATE_X: '1',
      ACTIONS_RUNTIME_TOKEN: 's',
      ACTIONS_RUNTIME_URL: 'u',
      ACTIONS_RESULTS_URL: 'u',
      ACTIONS_CACHE_URL: 'u',
      ACTIONS_CACHE_SERVICE_V2: 'x',
      ACTIONS_ID_TOKEN_REQUEST_URL: 'kept'
    }
    expect(stepEnvironment(action)).toEqual({
      PATH: '/bin',
      RUNNER_TRACKING_ID: 'x',
      GITHUB_TOKEN: 't',
      ACTIONS_ID_TOKEN_REQUEST_URL: 'kept'
    })
  })
})

describe('taskVariables', () => {
  test('tells the task of itself', () => {
    const lockSlots = new Map([[createLock('graph', 5), 4]])
    expect(Object.fromEntries(taskVariables(createTask(), {attempt: 2, worker: 3, lockSlots, temporaryFolder: '/t'}))).toEqual({
      PWSH_POOL_TASK: 'task_0',
      PWSH_POOL_ATTEMPT: '2',
      PWSH_POOL_WORKER: '3',
      PWSH_POOL_TEMP: '/t',
      PWSH_POOL_LOCK_GRAPH: '4'
    })
  })
})

describe('layeredChanges', () => {
  const first: Changes = [
    ['A', '1'],
    ['Path', 'x']
  ]
  const second: Changes = [
    ['A', null],
    ['PATH', 'y']
  ]

  test('lets later layers win, with null to remove', () => {
    expect([...layeredChanges([first, second], 'linux')]).toEqual([
      ['A', null],
      ['Path', 'x'],
      ['PATH', 'y']
    ])
  })

  test('takes names without regard to case on Windows', () => {
    expect([...layeredChanges([first, second], 'win32')]).toEqual([
      ['A', null],
      ['PATH', 'y']
    ])
  })
})

describe('startTimeChanges', () => {
  test('picks what only a new process sees', () => {
    const names = ['NO_COLOR', 'TERM', 'HOME', 'PSModulePath', 'LANG', 'LC_ALL', 'TZ', 'DOTNET_TieredPGO', 'POWERSHELL_X']
    const changes = new Map<string, string | null>([
      ...names.map((name): [string, string] => [name, 'x']),
      ['PATH', 'x'],
      ['A', null],
      ['EMPTY', '']
    ])
    expect([...startTimeChanges(changes, 'none').keys()]).toEqual([...names, 'EMPTY'])
    expect([...startTimeChanges(changes, 'thread').keys()]).toEqual([...names, 'PATH', 'EMPTY'])
  })
})

describe('withChanges', () => {
  test('sets and removes', () => {
    expect(
      withChanges(
        {A: '1', B: '2'},
        new Map<string, string | null>([
          ['A', null],
          ['C', '']
        ]),
        'linux'
      )
    ).toEqual({B: '2', C: ''})
  })

  test('replaces every spelling of a name on Windows', () => {
    expect(withChanges({Path: '1', path: '2'}, new Map([['PATH', '3']]), 'win32')).toEqual({PATH: '3'})
  })
})

describe('withoutPwshModules', () => {
  const isPwshHome = (folder: string) => /7(-preview)?$/.test(folder)
  const left = (PSModulePath: string) => withoutPwshModules({PSModulePath, Path: 'C:\\PowerShell\\Modules'}, isPwshHome)

  test('drops what pwsh has put into PSModulePath, and nothing else', () => {
    const own = [
      'C:\\Users\\me\\Documents\\WindowsPowerShell\\Modules',
      'C:\\Program Files\\WindowsPowerShell\\Modules',
      'D:\\Team Modules'
    ]
    const ofPwsh = [
      'C:\\Users\\me\\Documents\\PowerShell\\Modules',
      'C:\\Program Files\\PowerShell\\Modules\\',
      'c:\\program files\\powershell\\7\\Modules',
      'D:/tools/powershell/7-preview/modules/'
    ]
    const mixed = [ofPwsh[0], own[0], ofPwsh[1], '', own[1], ofPwsh[2], ofPwsh[3], own[2]].join(';')
    expect(left(mixed)).toEqual({PSModulePath: own.join(';'), Path: 'C:\\PowerShell\\Modules'})
  })

  test('leaves no variable where nothing else was in it', () => {
    expect(left('C:\\Program Files\\PowerShell\\7\\Modules')).toEqual({Path: 'C:\\PowerShell\\Modules'})
  })
})
