import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {ListedProcess} from '../../src/process/process-list.ts'
import {descendantsOf, endedOf} from '../../src/process/process-tree.ts'

/** A process as Windows lists it: its parent is the process that started it, alive or not. */
const created = (pid: number, parent: number, createdAt: number): ListedProcess => ({
  pid,
  parent,
  group: 0,
  identity: `at ${createdAt}`,
  createdAt,
  name: `${pid}.exe`,
  isMarked: false
})

const pids = (processes: readonly ListedProcess[]) => processes.map(({pid}) => pid).toSorted((a, b) => a - b)

const second = 1000
const root = 100
const lifetime = {start: 100 * second, end: undefined}
const over = {start: 100 * second, end: 200 * second}

describe('what comes from a process, where a parent is known by its pid alone', () => {
  test('is its children and theirs, whether it lives or not', () => {
    const started = [created(101, root, 110 * second), created(102, 101, 120 * second), created(103, 7, 120 * second)]
    expect(pids(descendantsOf(root, [created(root, 1, 100 * second), ...started], {lifetime}))).toEqual([101, 102])
    expect(pids(descendantsOf(root, started, {lifetime: over}))).toEqual([101, 102])
  })

  test('excludes processes older than the one that has its parent’s pid now', () => {
    const processes = [created(101, root, 120 * second), created(102, 101, 110 * second)]
    expect(pids(descendantsOf(root, processes, {lifetime}))).toEqual([101])
  })

  test('excludes processes started before the root, or after its end', () => {
    const processes = [created(101, root, 50 * second), created(102, root, 150 * second), created(103, root, 250 * second)]
    expect(pids(descendantsOf(root, processes, {lifetime: over}))).toEqual([102])
  })

  test('is not the one that has the pid of the root by now, nor what that has started', () => {
    const stranger = created(root, 1, 220 * second)
    const processes = [stranger, created(101, root, 150 * second), created(102, root, 230 * second)]
    expect(pids(descendantsOf(root, processes, {lifetime: over}))).toEqual([101])
  })

  test('is also who has lost a parent that was listed before, but not that parent', () => {
    const earlier = [created(101, root, 110 * second)]
    const processes = [created(102, 101, 120 * second)]
    expect(descendantsOf(root, processes, {lifetime})).toEqual([])
    expect(pids(descendantsOf(root, processes, {lifetime, earlier}))).toEqual([102])
  })

  test('is not what the one has started that has the pid of such a parent by now', () => {
    const earlier = [created(101, root, 110 * second)]
    const processes = [created(101, 7, 130 * second), created(102, 101, 140 * second), created(103, 101, 120 * second)]
    expect(pids(descendantsOf(root, processes, {lifetime, earlier}))).toEqual([103])
  })

  /** What happens on a machine with few pids: one of those that live starts another, or ends. */
  const history = fc.array(fc.record({who: fc.nat(), ends: fc.boolean(), pid: fc.integer({min: 1, max: 6})}), {maxLength: 40})

  test('is never a stranger, however soon pids are used again', () => {
    fc.assert(
      fc.property(history, happenings => {
        let now = 1000 * second
        // The first is ours; what descends from it is.
        const ours = {...created(1, 90, now), isOurs: true, pid: 1}
        const other = {...created(2, 90, now), isOurs: false}
        const life: {start: number; end: number | undefined} = {start: now, end: undefined}
        let living = [ours, other]
        for (const {who, ends, pid} of happenings) {
          now += 5 * second
          const one = living[who % living.length]
          if (one === undefined) break
          if (ends) {
            living = living.filter(process => process !== one)
            if (one === ours) life.end = now
          } else if (living.every(process => process.pid !== pid)) {
            living.push({...created(pid, one.pid, now), isOurs: one.isOurs})
          }
        }
        const found = descendantsOf(1, living, {lifetime: life})
        const strangers = living.filter(process => !process.isOurs)
        expect(found.filter(process => strangers.some(stranger => stranger === process))).toEqual([])
        // What still has all its parents is found.
        const isReached = (process: ListedProcess): boolean =>
          process === ours ||
          living.some(
            parent =>
              parent.isOurs &&
              parent.pid === process.parent &&
              parent.createdAt !== undefined &&
              parent.createdAt < (process.createdAt ?? 0) &&
              isReached(parent)
          )
        const reached = living.filter(process => process !== ours && process.isOurs && isReached(process))
        expect(reached.filter(process => !found.includes(process))).toEqual([])
      })
    )
  })
})

describe('what was left and has been ended', () => {
  const left = [created(101, root, 110 * second)]

  test('is what is listed no more, also where its pid has been used again', () => {
    expect(endedOf(left, [created(101, 7, 120 * second)])).toMatchObject([{pid: 101, isEnded: true}])
    expect(endedOf(left, left)).toMatchObject([{pid: 101, isEnded: false}])
  })

  test('is not known where nothing can be listed', () => {
    expect(endedOf(left, [])).toMatchObject([{pid: 101, isEnded: false}])
  })
})
