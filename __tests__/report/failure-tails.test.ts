import {describe, expect, test} from '@jest/globals'
import {noChanges} from '../../src/model/task-changes.ts'
import {collectFailureTails, lastLines, tailLimits} from '../../src/report/failure-tails.ts'
import {exited, printed} from '../support/create-record.ts'
import {createTask} from '../support/create-task.ts'

async function* texts(...list: string[]): AsyncIterable<string> {
  yield* list
}

describe('lastLines', () => {
  test('keeps the last lines, however they come', async () => {
    expect(await lastLines(texts('a\nb\n', 'c\nd\n'), 3, 100)).toEqual(['b', 'c', 'd'])
    expect(await lastLines(texts('a\n', '', '\n'), 3, 100)).toEqual(['a', ''])
    expect(await lastLines(texts(), 3, 100)).toEqual([])
    expect(await lastLines(texts(''), 3, 100)).toEqual([])
  })

  test('leaves out a line that does not fit as a whole', async () => {
    expect(await lastLines(texts('12345\n678\n', '90\n'), 9, 7)).toEqual(['678', '90'])
    expect(await lastLines(texts('12345\n678\n', '90\n'), 9, 6)).toEqual(['90'])
  })

  test('cuts the last line at its start if it alone is too long', async () => {
    expect(await lastLines(texts('x\n0123456789\n'), 9, 4)).toEqual(['6789'])
    expect(await lastLines(texts('0123456789\n'), 9, 4)).toEqual(['6789'])
  })
})

describe('collectFailureTails', () => {
  test('keeps less of each task where very many fail, so that thousands of them do not fill the memory', async () => {
    const {lines, characters, roomyTasks, fewerCharacters} = tailLimits
    const output = printed(`${'x'.repeat(99)}\n`.repeat(100))
    const {read, tails} = collectFailureTails(() => textOf(output.chunks()))
    const attempt = {number: 1, worker: 0, startedAt: 0, endedAt: 1, end: exited(1), changes: noChanges, left: []}
    for (let index = 0; index <= roomyTasks; index++) {
      await read({type: 'attempt-ended', task: createTask({index}), attempt, output, retryInMs: undefined})
    }
    const counts = [...tails.values()].map(tail => tail.length)
    expect(counts.slice(0, -1)).toEqual(Array(roomyTasks).fill(Math.min(lines, Math.floor(characters / 100))))
    expect(counts.at(-1)).toBe(Math.floor(fewerCharacters / 100))
  })
})

async function* textOf(chunks: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  for await (const chunk of chunks) yield chunk.toString()
}
