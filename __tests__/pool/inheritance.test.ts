import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {TaskRecord} from '../../src/model/event.ts'
import type {Need, Task} from '../../src/model/task.ts'
import {noChanges, type TaskChanges} from '../../src/model/task-changes.ts'
import {Inheritances} from '../../src/pool/inheritance.ts'
import {ranFor, skippedBecause, succeeded} from '../support/create-record.ts'
import {createTask} from '../support/create-task.ts'
import {runs} from '../support/runs.ts'

const group = (id: string, tasks: readonly number[]): Need => ({id, isGroup: true, tasks})
const setting = (name: string): TaskChanges => ({...noChanges, env: new Map([[name, 'x']])})
const needing = (index: number, needs: readonly Need[]): Task => ({...createTask({index}), needs})
const ended = (task: Task, changes: TaskChanges): TaskRecord => ranFor(task, [{ms: 1, end: succeeded, changes}])

describe('Inheritances', () => {
  test('gives a task the changes of all that it needs, directly or not, through tasks that were skipped too, in declared order', () => {
    const nodes = fc.array(fc.record({needs: fc.array(fc.array(fc.nat(20), {maxLength: 4}), {maxLength: 3}), does: fc.nat(3)}), {
      minLength: 1,
      maxLength: 20
    })
    fc.assert(
      fc.property(nodes, list => {
        // Needs lead in either direction of declared order, as they may, and never in a circle.
        const place = (i: number) => (i % 2 === 0 ? i / 2 : list.length - 1 - (i - 1) / 2)
        const records = new Map<number, TaskRecord>()
        const behind = new Map<number, Set<number>>()
        const known = new Map<string, Need>()
        const sharedGroup = (tasks: readonly number[]): Need => {
          const id = tasks.join()
          const need = known.get(id) ?? group(id, tasks)
          known.set(id, need)
          return need
        }
        const inheritances = new Inheritances(
          index => records.get(index),
          ({reason}) => reason
        )
        for (const [i, {needs, does}] of list.entries()) {
          const direct = needs.map(members => sharedGroup([...new Set(members.filter(member => member < i))].map(place)))
          const task = needing(place(i), direct)
          const all = new Set(direct.flatMap(({tasks}) => tasks.flatMap(index => [index, ...(behind.get(index) ?? [])])))
          behind.set(task.index, all)
          const expected = [...all].sort((a, b) => a - b).flatMap(index => records.get(index)?.attempts.at(-1)?.changes ?? [])
          expect(inheritances.of(task).changes).toEqual(expected.filter(({env}) => env.size > 0))
          const skipped = skippedBecause(task, {status: 'skipped', reason: 'cancelled'})
          records.set(task.index, does === 0 ? skipped : ended(task, does === 1 ? setting(`V${i}`) : noChanges))
        }
      }),
      {numRuns: runs(500)}
    )
  })

  test.each([
    ['that change nothing', noChanges],
    ['the first of which change the environment', setting('FIRST')]
  ])('looks at each task of layers a few times, however many need it: layers %s', (_, first) => {
    const [width, depth] = [100, 10]
    const layers = Array.from({length: depth}, (_, layer) =>
      group(
        `layer_${layer}`,
        Array.from({length: width}, (_, i) => layer * width + i)
      )
    )
    const records = new Map<number, TaskRecord>()
    let looks = 0
    const inheritances = new Inheritances(
      index => {
        looks++
        return records.get(index)
      },
      ({reason}) => reason
    )
    for (const [layer, {tasks}] of layers.entries()) {
      const needs = layers.slice(Math.max(0, layer - 1), layer)
      const all = tasks.map(index => needing(index, needs))
      const shared = all.map(task => inheritances.of(task).needs?.get(`layer_${layer - 1}`))
      expect(new Set(shared).size).toBe(1)
      for (const task of all) records.set(task.index, ended(task, layer === 0 && task.index < 3 ? first : noChanges))
    }
    // What is changed has to be found for each task that inherits it.
    expect(looks).toBeLessThan(20 * width * depth)
  })

  test('follows a chain of any length', () => {
    // Twice what the stack of Node holds.
    const length = 20_000
    const records = new Map<number, TaskRecord>()
    const inheritances = new Inheritances(
      index => records.get(index),
      ({reason}) => reason
    )
    for (let index = 0; index < length; index++) {
      const task = createTask({index, needs: index === 0 ? [] : [index - 1]})
      records.set(index, ended(task, index === 0 ? setting('FIRST') : noChanges))
    }
    expect(inheritances.of(createTask({index: length, needs: [length - 1]})).changes).toHaveLength(1)
  })
})
