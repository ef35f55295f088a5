import {describe, expect, test} from '@jest/globals'
import type {TaskListText} from '../../src/task-list/read-task-list.ts'
import {createWorkspace, listContext, mistakesOf, tasksOf} from './lists.ts'

const context = listContext(createWorkspace())
const made = (...entries: readonly string[]): TaskListText[] => [
  {source: 'tasks-script', file: undefined, notation: 'entries', text: `[${entries.join(',\n')}]`}
]

describe('a list that a script has made', () => {
  test('is read as any list is', () => {
    const [first, second] = tasksOf(made('"./build.ps1"', '{"name": "b", "run": "x", "parameters": {"N": 1.0}}'), context)
    expect(first?.script).toEqual({kind: 'run', text: './build.ps1'})
    expect(second).toMatchObject({name: 'b', parameters: new Map([['N', 1]])})
  })

  test('may be empty', () => {
    expect(tasksOf(made(), context)).toEqual([])
  })

  test('tells the number of the entry in every mistake, all of them', () => {
    const entries = [
      '{"run": "a", "nmae": "x"}',
      '12',
      '{"id": "a", "run": "a", "timeout": "soon", "retry": -1}',
      '{"id": "a", "run": "a", "needs": ["b", "c"]}'
    ]
    expect(mistakesOf(made(...entries), context)).toEqual([
      'tasks-script: entry 1: unknown field "nmae", did you mean "name"?',
      'tasks-script: entry 2: expected a task (script text, or a map with "run" or "file"), got 12',
      expect.stringMatching(/^tasks-script: entry 3: timeout: expected a duration /),
      expect.stringMatching(/^tasks-script: entry 3: retry: expected /),
      'tasks-script: entry 4: id: "a" is already the id of the task at tasks-script: entry 3',
      expect.stringMatching(/^tasks-script: entry 4: needs: .*"b"/),
      expect.stringMatching(/^tasks-script: entry 4: needs: .*"c"/)
    ])
  })

  test('keeps what is wrong at one place of an entry from hiding what is wrong at another', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation of the list
    const entry = '{"run": "a", "foreach": [{"x": 1}], "name": "${_.y}", "env": {"E": "${_.z}"}}'
    expect(mistakesOf(made(entry), context)).toEqual([
      expect.stringMatching(/^tasks-script: entry 1: name: .*y/),
      expect.stringMatching(/^tasks-script: entry 1: env: .*z/)
    ])
  })
})
