import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {type NeedingTask, NeedsGraph} from '../../src/model/needs-graph.ts'

/** Tasks that need others by index; a list in the list is a group. */
function tasks(...needs: readonly (readonly (number | readonly number[])[])[]): NeedingTask[] {
  return needs.map((needed, index) => ({index, needs: needed.map(each => ({tasks: typeof each === 'number' ? [each] : each}))}))
}

const wavesOf = (list: readonly NeedingTask[]) => new NeedsGraph(list).waves()
const cyclesOf = (list: readonly NeedingTask[]) => new NeedsGraph(list).cycles()

describe('waves', () => {
  test('of no tasks are none', () => {
    expect(wavesOf([])).toEqual([])
  })

  test('begin with the tasks that need nothing', () => {
    expect(wavesOf(tasks([], [], []))).toEqual([[0, 1, 2]])
  })

  test('put a task behind the last of those that it needs', () => {
    expect(wavesOf(tasks([], [0], [1, 0], [0]))).toEqual([[0], [1, 3], [2]])
  })

  test('go by needs, not by declared order', () => {
    expect(wavesOf(tasks([2], [], [1]))).toEqual([[1], [2], [0]])
  })

  test('put a task behind all members of a group', () => {
    const group = [0, 2]
    expect(wavesOf(tasks([], [], [1], [group], [group]))).toEqual([[0, 1], [2], [3, 4]])
  })

  test('do not wait for a group of none', () => {
    expect(wavesOf(tasks([[]], []))).toEqual([[0, 1]])
  })

  test('hold for any graph: each task is in one wave, right behind the last of its needs', () => {
    const graph = fc
      .array(fc.array(fc.nat(30), {maxLength: 4}), {maxLength: 30})
      .map(lists => lists.map((needs, index) => needs.filter(need => need < index)))
    fc.assert(
      fc.property(graph, lists => {
        const waves = wavesOf(tasks(...lists))
        const waveOf = new Map(waves.flatMap((wave, number) => wave.map(index => [index, number] as const)))
        expect(waves.flat().length).toBe(lists.length)
        for (const [index, needs] of lists.entries()) {
          expect(waveOf.get(index)).toBe(Math.max(-1, ...needs.map(need => waveOf.get(need) ?? 0)) + 1)
        }
      })
    )
  })

  test('of a chain of 50,000 are as many', () => {
    const chain = tasks(...Array.from({length: 50_000}, (_, index) => (index === 0 ? [] : [index - 1])))
    expect(wavesOf(chain)).toHaveLength(50_000)
  })
})

describe('cycles', () => {
  test('are none where all tasks can start', () => {
    expect(cyclesOf(tasks([], [0], [0, 1]))).toEqual([])
  })

  test('are a task that needs itself', () => {
    expect(cyclesOf(tasks([], [1]))).toEqual([[1]])
  })

  test('begin with their earliest task, each needing the next', () => {
    expect(cyclesOf(tasks([], [3], [1], [2]))).toEqual([[1, 3, 2]])
  })

  test('lead through groups, which are not named', () => {
    const group = [0, 1]
    expect(cyclesOf(tasks([], [2], [group]))).toEqual([[1, 2]])
    expect(cyclesOf(tasks([[0, 1]], []))).toEqual([[0]])
  })

  test('are reported once per component, the shortest through its earliest task', () => {
    expect(cyclesOf(tasks([1], [2, 0], [0], [4], [3]))).toEqual([
      [0, 1],
      [3, 4]
    ])
  })
})
