import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {type Selection, selectableNames, selectTasks} from '../../src/model/select-tasks.ts'
import {createTasks} from '../support/create-task.ts'
import {runs} from '../support/runs.ts'

const list = createTasks(
  {id: 'lint', name: 'lint all'},
  {id: 'build', name: 'build'},
  {id: 'deploy_1', group: 'deploy', name: 'deploy to eu', needs: [1]},
  {id: 'deploy_2', group: 'deploy', name: 'deploy to us', needs: [1]},
  {id: 'tell', name: 'tell', needs: [2, 3], when: 'failure'}
)

const select = (names: readonly string[], withNeeds = true) => selectTasks(list, {names, withNeeds})
const ids = (names: readonly string[], withNeeds = true) => select(names, withNeeds).tasks.map(({id}) => id)

describe('selectTasks', () => {
  test.each([
    [['lint'], ['lint']],
    [['lint all'], ['lint']],
    [
      ['LINT', 'Build'],
      ['lint', 'build']
    ],
    [['deploy to eu'], ['build', 'deploy_1']],
    [['deploy'], ['build', 'deploy_1', 'deploy_2']],
    [
      ['tell', 'lint'],
      ['lint', 'build', 'deploy_1', 'deploy_2', 'tell']
    ]
  ])('takes %j to mean these and what they need, in declared order: %j', (names, expected) => {
    expect(ids(names)).toEqual(expected)
  })

  test('without needs takes just what is named, and lets it run at once', () => {
    const {tasks} = select(['deploy_2', 'tell'], false)
    expect(tasks.map(({index, id, needs, when}) => ({index, id, needs: needs.map(need => need.tasks), when}))).toEqual([
      {index: 0, id: 'deploy_2', needs: [], when: 'success'},
      {index: 1, id: 'tell', needs: [[0]], when: 'failure'}
    ])
    expect(select(['tell'], false).tasks).toMatchObject([{id: 'tell', needs: [], when: 'success'}])
  })

  test('names what means no task', () => {
    expect(select(['lint', 'deplyo', 'Lint All']).unknown).toEqual(['deplyo', 'Lint All'])
    expect([...selectableNames(list)]).toContain('deploy')
  })

  test('keeps the needs of a group one object, and its own list in order, whatever is chosen', () => {
    const anyList = fc.array(fc.array(fc.nat(), {maxLength: 4}), {minLength: 1, maxLength: 20}).map(needs => {
      const tasks = createTasks(
        ...needs.map((wanted, index) => ({needs: [...new Set(wanted)].map(n => n % (index + 1)).filter(n => n < index)}))
      )
      const group = tasks.length > 3 ? [0, 1] : [0]
      return tasks.map(task => (task.index > 3 ? {...task, needs: [...task.needs, {id: 'group', isGroup: true, tasks: group}]} : task))
    })
    fc.assert(
      fc.property(anyList, fc.array(fc.nat()), fc.boolean(), (tasks, wanted, withNeeds) => {
        const selection: Selection = {names: wanted.map(n => `task_${n % tasks.length}`), withNeeds}
        const selected = selectTasks(tasks, selection).tasks
        expect(selected.map(({index}) => index)).toEqual(selected.map((_, index) => index))
        for (const name of selection.names) expect(selected.map(({id}) => id)).toContain(name)
        const groups = new Set<readonly number[]>()
        for (const task of selected) {
          const original = tasks.find(({id}) => id === task.id)
          for (const need of task.needs) {
            if (need.id === 'group') groups.add(need.tasks)
            const before = original?.needs.find(({id}) => id === need.id)?.tasks.map(index => tasks[index]?.id)
            for (const needed of need.tasks) expect(before).toContain(selected[needed]?.id)
          }
          if (withNeeds) expect(task.needs.map(({id}) => id)).toEqual(original?.needs.map(({id}) => id))
        }
        expect(groups.size).toBeLessThanOrEqual(1)
      }),
      {numRuns: runs(200)}
    )
  })
})
