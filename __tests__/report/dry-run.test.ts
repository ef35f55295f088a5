import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {renderPlan} from '../../src/report/dry-run.ts'
import type {EntryField} from '../../src/task-list/schema/list-schema.ts'
import {createLock, createTask, createTasks} from '../support/create-task.ts'
import {ListReader} from '../task-list/lists.ts'

const workspace = path.resolve('workspace')
const inWorkspace = {workingDirectory: workspace}

test('a plan of no tasks says so', () => {
  expect(renderPlan([])).toBe('Plan: no tasks')
})

test('lists tasks in the waves that their needs make', () => {
  const tasks = createTasks(inWorkspace, {...inWorkspace, needs: [0]}, inWorkspace)
  expect(renderPlan(tasks, {workspace})).toBe(
    `Plan: 3 tasks in 2 waves

Wave 1: 2 tasks
  task_0 (task_0)
      no timeout · no retry · isolation process
  task_2 (task_2)
      no timeout · no retry · isolation process

Wave 2: 1 task
  task_1 (task_1)
      needs task_0 · no timeout · no retry · isolation process`
  )
})

test('each has what it would be given, but no values, which may be secret', () => {
  const task = createTask({
    id: 'deploy_eu',
    name: 'deploy eu',
    script: {kind: 'file', path: path.join(workspace, 'scripts', 'deploy.ps1')},
    parameters: new Map([['Token', 'hunter2']]),
    when: 'always',
    env: new Map([
      ['SECRET', 'hunter2'],
      ['GONE', null]
    ]),
    workingDirectory: path.join(workspace, 'app'),
    timeoutMs: 90_000,
    retry: {times: 1, delayMs: 5000, backoff: 2, maxDelayMs: 60_000, jitter: false, on: ['timeout', 3010], not: []},
    continueOnError: true,
    locks: [createLock('db'), createLock('graph', 5), {...createLock('port'), per: 'machine'}],
    isolation: 'runspace',
    shell: 'powershell'
  })
  const plan = renderPlan([task], {workspace})
  expect(plan).toContain('  deploy eu (deploy_eu)\n')
  expect(plan.split('\n').at(-1)?.trim().split(' · ')).toEqual([
    'file scripts/deploy.ps1',
    'when always',
    'timeout 90 s',
    'retry 1 time (after 5 s, ×2 each, at most 1 min; on timeout, 3010)',
    'env SECRET, GONE (removed)',
    'in app',
    'may fail',
    'lock db, graph (5 at a time), port (on each machine)',
    'isolation runspace',
    'shell powershell'
  ])
  expect(plan).not.toContain('hunter2')
})

describe('paths', () => {
  test('outside the workspace are absolute', () => {
    const elsewhere = path.resolve('elsewhere')
    expect(renderPlan([createTask({workingDirectory: elsewhere})], {workspace})).toContain(`in ${elsewhere}`)
  })

  test('are absolute where no workspace is given', () => {
    expect(renderPlan([createTask(inWorkspace)])).toContain(`in ${workspace}`)
  })
})

/** A value of each field of a task that says how it runs. Names, and what is passed to a script, are not told. */
const settings: Readonly<Record<Exclude<EntryField, Untold>, string>> = {
  run: 'other',
  file: 'build.ps1',
  needs: 'first',
  when: 'always',
  env: '{A: b}',
  'working-directory': 'tests',
  timeout: '5m',
  retry: '2',
  slow: '2m',
  'continue-on-error': 'true',
  'success-codes': '[0, 3]',
  isolation: 'thread',
  shell: 'powershell',
  lock: 'db',
  objects: 'true',
  resume: 'never',
  shard: 'each',
  foreach: '[a, b]',
  matrix: '{os: [a, b]}'
}
type Untold = 'name' | 'id' | 'parameters' | 'arguments'

const lists = new ListReader()

test.each(Object.entries(settings))('a task with %s: %s shows that', (field, value) => {
  const planOf = (fields: Readonly<Record<string, string>>) => {
    const entry = Object.entries(fields).map(([name, text]) => `${name}: ${text}`)
    return renderPlan(lists.tasks(`- {id: first, run: x, shard: each}\n- {id: own, ${entry.join(', ')}}`), {workspace: lists.workspace})
  }
  const plain = field === 'when' ? {run: 'x', needs: 'first'} : {run: 'x'}
  expect(planOf(field === 'file' ? {[field]: value} : {...plain, [field]: value})).not.toBe(planOf(plain))
})
