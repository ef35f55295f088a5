import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {Lock} from '../../src/model/task.ts'
import {ReadyTasks} from '../../src/pool/ready-tasks.ts'
import {createLock} from '../support/create-task.ts'
import {runs} from '../support/runs.ts'

const step = fc.record({
  action: fc.constantFrom('claim', 'claim', 'claim', 'claim', 'release', 'release', 'release', 'delete', 'upcoming'),
  which: fc.nat(),
  again: fc.boolean()
})

describe('ReadyTasks', () => {
  test('hands out an earlier task that waits for a lock in place of a given-up one for which the lock was free', () => {
    const [first, second] = [createLock('first', 1), createLock('second', 1)]
    const tasks = new ReadyTasks()
    tasks.add(0, [first])
    tasks.add(1, [first])
    tasks.add(2, [first, second])
    tasks.add(3, [first])
    expect(tasks.claim()?.index).toBe(0)
    expect(tasks.claim()).toBeUndefined()
    tasks.release(0)
    tasks.delete(1)
    expect(tasks.claim()?.index).toBe(2)
  })

  test('hands out the first task whose locks have room, as looking at each of them would, whatever is released, tried again and given up', () => {
    const rooms = fc.array(fc.integer({min: 1, max: 3}), {minLength: 3, maxLength: 3})
    const names = fc.array(fc.uniqueArray(fc.nat(2), {maxLength: 3}), {minLength: 1, maxLength: 25})
    fc.assert(
      fc.property(rooms, names, fc.array(step, {maxLength: 120}), (roomOf, namesOf, steps) => {
        const locks = roomOf.map((room, name) => createLock(String(name), room))
        const locksOf = namesOf.map(all => all.flatMap(name => locks[name] ?? []))
        const tasks = new ReadyTasks()
        const ready = new Set(locksOf.keys())
        const claimed: number[] = []
        const later: number[] = []
        for (const index of [...ready].toReversed()) tasks.add(index, locksOf[index] ?? [])
        for (const {action, which, again} of steps) {
          const inOrder = [...ready].toSorted((a, b) => a - b)
          if (action === 'claim') {
            const held = claimed.flatMap(index => locksOf[index] ?? [])
            const isFull = (lock: Lock) => held.filter(each => each === lock).length === lock.room
            const expected = inOrder.find(index => !locksOf[index]?.some(isFull))
            expect(tasks.claim()?.index).toBe(expected)
            if (expected !== undefined) {
              ready.delete(expected)
              claimed.push(expected)
            }
          } else if (action === 'upcoming') expect(tasks.first(3)).toEqual(inOrder.slice(0, 3))
          else if (action === 'delete') {
            const index = inOrder[which % inOrder.length]
            if (index === undefined) continue
            tasks.delete(index)
            ready.delete(index)
          } else {
            const [index] = claimed.splice(which % claimed.length, 1)
            if (index === undefined) continue
            tasks.release(index)
            if (again) later.push(index)
            const next = which % 2 === 0 ? later.shift() : undefined
            if (next === undefined) continue
            tasks.add(next, locksOf[next] ?? [])
            ready.add(next)
          }
        }
      }),
      {numRuns: runs(1000)}
    )
  })
})
