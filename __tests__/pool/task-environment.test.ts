import {describe, expect, test} from '@jest/globals'
import {taskEnvironment} from '../../src/pool/task-environment.ts'
import {createTask} from '../helpers/create-task.ts'

const facts = {attempt: 2, worker: 3, temporaryFolder: '/tmp/t'}
const own = {PWSH_POOL_TASK: 'task_0', PWSH_POOL_ATTEMPT: '2', PWSH_POOL_WORKER: '3', PWSH_POOL_TEMP: '/tmp/t'}

describe('taskEnvironment', () => {
  test('hands on the environment of the step and tells the task of itself', () => {
    expect(taskEnvironment({PATH: '/bin', RUNNER_TRACKING_ID: 'x', GITHUB_TOKEN: 't'}, createTask(), facts, 'linux')).toEqual({
      PATH: '/bin',
      RUNNER_TRACKING_ID: 'x',
      GITHUB_TOKEN: 't',
      ...own
    })
  })

  test('keeps back what the runner gives to actions only', () => {
    const step = {
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
    expect(taskEnvironment(step, createTask(), facts, 'linux')).toEqual({ACTIONS_ID_TOKEN_REQUEST_URL: 'kept', ...own})
  })

  test('puts the task’s own variables on top, and null removes one', () => {
    const task = createTask({
      env: new Map<string, string | null>([
        ['A', 'new'],
        ['B', null],
        ['C', '']
      ])
    })
    expect(taskEnvironment({A: 'old', B: 'gone', a: 'other'}, task, facts, 'linux')).toEqual({A: 'new', a: 'other', C: '', ...own})
  })

  test('takes names without regard to case on Windows', () => {
    const task = createTask({
      env: new Map<string, string | null>([
        ['PATH', 'new'],
        ['temp', null]
      ])
    })
    expect(taskEnvironment({Path: 'old', TEMP: 'x', input_tasks: 'y'}, task, facts, 'win32')).toEqual({PATH: 'new', ...own})
  })
})
