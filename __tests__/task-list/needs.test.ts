import {describe, expect, test} from '@jest/globals'
import {inline, ListReader, listContext, mistakesOf, tasksOf} from './lists.ts'

const lists = new ListReader()
const needs = (text: string) => lists.tasks(text).map(task => task.needs)

test('needs are resolved to tasks, before or behind', () => {
  expect(needs('- {run: x, id: a, needs: b}\n- {run: y, id: b}\n- {run: z, needs: [a, b]}')).toEqual([
    [{id: 'b', isGroup: false, tasks: [1]}],
    [],
    [
      {id: 'a', isGroup: false, tasks: [0]},
      {id: 'b', isGroup: false, tasks: [1]}
    ]
  ])
})

test('an id is found without regard to case, and kept as it was written', () => {
  expect(needs('- {run: x, id: Build}\n- {run: y, needs: BUILD}')[1]).toEqual([{id: 'BUILD', isGroup: false, tasks: [0]}])
})

test('an id that is named twice is one need', () => {
  expect(needs('- {run: x, id: a}\n- {run: y, needs: [a, A, a]}')[1]).toEqual([{id: 'a', isGroup: false, tasks: [0]}])
})

test('a default id can be needed', () => {
  expect(needs('- ./build.ps1\n- {run: y, needs: build_ps1}')[1]).toEqual([{id: 'build_ps1', isGroup: false, tasks: [0]}])
})

describe('the id of a group', () => {
  test('stands for all its members, in item order', () => {
    expect(needs('- {run: x, id: g, foreach: [1, 2]}\n- {run: y, needs: g}')[2]).toEqual([{id: 'g', isGroup: true, tasks: [0, 1]}])
  })

  test('is a group even of one member, or of none', () => {
    expect(needs('- {run: x, id: g, foreach: [1]}\n- {run: y, needs: g}')[1]).toEqual([{id: 'g', isGroup: true, tasks: [0]}])
    expect(needs('- {run: x, id: g, foreach: []}\n- {run: y, needs: g}')[0]).toEqual([{id: 'g', isGroup: true, tasks: []}])
    expect(needs('- {file: tests/w*.ps1, id: g}\n- {run: y, needs: g}')[1]).toEqual([{id: 'g', isGroup: true, tasks: [0]}])
  })

  test('leaves each member its own', () => {
    expect(needs('- {run: x, id: g, foreach: [1, 2]}\n- {run: y, needs: g_2}')[2]).toEqual([{id: 'g_2', isGroup: false, tasks: [1]}])
  })

  test('is made of the name without the item where none was given', () => {
    expect(needs('- {run: x, name: deploy to $_, foreach: [eu, us]}\n- {run: y, needs: deploy_to}')[2]).toEqual([
      {id: 'deploy_to', isGroup: true, tasks: [0, 1]}
    ])
  })
})

test('when takes failure and always with needs', () => {
  const list = '- {run: x, id: a}\n- {run: y, needs: a, when: failure}\n- {run: z, needs: [a], when: always}\n- {run: z, when: success}'
  expect(lists.tasks(list).map(({when}) => when)).toEqual(['success', 'failure', 'always', 'success'])
})

describe('several texts', () => {
  const file = (name: string, text: string) => ({source: name, file: `ci/${name}`, notation: 'yaml' as const, text})
  const context = listContext(lists.workspace)

  test('make one list, in which needs may cross files', () => {
    const tasks = tasksOf([file('a.yml', '- {run: x, id: a, needs: b}'), file('b.yml', '- {run: y, id: b}')], context)
    expect(tasks.map(task => [task.index, task.id, task.needs.flatMap(need => need.tasks)])).toEqual([
      [0, 'a', [1]],
      [1, 'b', []]
    ])
    expect(tasks[1]?.place).toEqual({source: 'b.yml', file: 'ci/b.yml', line: 1, column: 3})
  })

  test('have defaults of their own', () => {
    const texts = [
      file('a.yml', 'defaults: {timeout: 5}\ntasks: [x]'),
      file('b.yml', '- y'),
      {...file('c.txt', 'z'), notation: 'lines' as const}
    ]
    expect(tasksOf(texts, context).map(({timeoutMs}) => timeoutMs)).toEqual([5000, 0, 0])
  })

  test('share their names and ids', () => {
    const texts = [file('a.yml', '- {run: x, id: a, name: n}\n- z'), file('b.yml', '- {run: y, id: A, name: n}')]
    expect(mistakesOf(texts, context)).toEqual([
      'b.yml:1:16: id: "A" is already the id of the task at a.yml:1:16 ("a": ids do not differ by case alone)',
      'b.yml:1:25: name: "n" is already the name of the task at a.yml:1:25'
    ])
  })

  test('have their mistakes told text by text', () => {
    expect(mistakesOf([file('b.yml', '- 5'), file('a.yml', '- 6'), inline('- 7')], context)).toEqual([
      'b.yml:1:3: expected a task (script text, or a map with "run" or "file"), got 5',
      'a.yml:1:3: expected a task (script text, or a map with "run" or "file"), got 6',
      'tasks:1:3: expected a task (script text, or a map with "run" or "file"), got 7'
    ])
  })

  test('are read on where the syntax of one is wrong', () => {
    expect(mistakesOf([file('a.yml', '- "x'), file('b.yml', '- 5')], context)).toHaveLength(2)
  })
})
