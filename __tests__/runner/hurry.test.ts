import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import {describe, expect, test} from '@jest/globals'
import type {PoolEvent, RecordedOutput} from '../../src/event.ts'
import {cutShort, hurriedReader, hurriedWrite} from '../../src/runner/hurry.ts'
import {noChanges} from '../../src/task-changes.ts'
import {printed, succeeded} from '../helpers/create-record.ts'
import {createTask} from '../helpers/create-task.ts'

function ended(output: RecordedOutput): PoolEvent {
  const attempt = {number: 1, worker: 0, startedAt: 0, endedAt: 1, end: succeeded, changes: noChanges, left: []}
  return {type: 'attempt-ended', task: createTask(), attempt, output, retryInMs: undefined}
}

describe('hurriedReader', () => {
  /** What a reader gets of an output of these chunks when the time is up after so many of them. */
  async function read(chunks: readonly string[], inTime: number): Promise<string> {
    const hurry = new AbortController()
    if (inTime === 0) hurry.abort()
    let text = ''
    let seen = 0
    const reader = hurriedReader(async event => {
      if (event.type !== 'attempt-ended') return
      for await (const chunk of event.output.chunks()) {
        text += chunk.toString()
        if (++seen === inTime) hurry.abort()
      }
    }, hurry.signal)
    await reader(ended(printed(...chunks)))
    return text
  }

  test('reads an output to its end while there is time', async () => {
    expect(await read(['a\n', 'b\n', 'c'], 4)).toBe('a\nb\nc')
    expect(await read(['a\n', 'b\n', 'c'], 3)).toBe('a\nb\nc')
  })

  test('then says that there is more, on a line of its own', async () => {
    expect(await read(['a\n', 'b\n', 'c'], 2)).toBe(`a\nb\n${cutShort}`)
    expect(await read(['a', 'b', 'c'], 1)).toBe(`a\n${cutShort}`)
  })

  test('still reads the beginning of what comes afterwards', async () => {
    expect(await read(['a\n', 'b\n'], 0)).toBe(`a\n${cutShort}`)
    expect(await read(['a\n'], 0)).toBe('a\n')
    expect(await read([], 0)).toBe('')
  })

  test('hands on all other events as they are', async () => {
    const seen: PoolEvent[] = []
    const event: PoolEvent = {type: 'worker-booted', text: 'x'}
    await hurriedReader(each => void seen.push(each), new AbortController().signal)(event)
    expect(seen[0]).toBe(event)
  })
})

describe('hurriedWrite', () => {
  test('waits for who takes what is written only while there is time', async () => {
    const hurry = new AbortController()
    const written: string[] = []
    const write = hurriedWrite(lines => {
      written.push(lines.toString())
      return new Promise(() => {})
    }, hurry.signal)
    let isDone = false
    const first = write('a\n').then(() => {
      isDone = true
    })
    await Promise.resolve()
    expect(isDone).toBe(false)
    hurry.abort()
    await first
    await write('b\n')
    expect(written).toEqual(['a\n', 'b\n'])
  })

  test('keeps bytes for itself that are taken late, since they are only lent', async () => {
    const hurry = new AbortController()
    const waiting: {bytes: Buffer; take: () => void}[] = []
    const write = hurriedWrite(lines => new Promise(take => waiting.push({bytes: lines as Buffer, take})), hurry.signal)
    const lend = async (text: string) => {
      const lent = Buffer.from(text)
      await write(lent)
      lent.fill('?')
    }
    const taken = lend('taken')
    waiting[0]?.take()
    await taken
    const late = lend('late')
    hurry.abort()
    await late
    await lend('later')
    expect(waiting.slice(1).map(({bytes}) => bytes.toString())).toEqual(['late', 'later'])
  })

  test('keeps no more memory for it than is in use at one time, however many write at once', async () => {
    const waiting: {bytes: Buffer; take: () => void}[] = []
    const write = hurriedWrite(
      (lines, takeBack) =>
        new Promise(resolve => {
          const take = () => {
            takeBack?.()
            resolve()
          }
          waiting.push({bytes: lines as Buffer, take})
        }),
      new AbortController().signal
    )
    for (let round = 0; round < 5; round++) {
      const written = ['a', 'b', 'c'].map(text => write(Buffer.from(text)))
      for (const {take} of waiting.slice(-3)) take()
      await Promise.all(written)
    }
    expect(waiting).toHaveLength(15)
    expect(new Set(waiting.map(({bytes}) => bytes.buffer)).size).toBe(3)
  })

  test('hands on bytes that are given, and who gave them has them back when they are taken, however late', async () => {
    const hurry = new AbortController()
    const waiting: {bytes: string | Uint8Array; takeBack: (() => void) | undefined}[] = []
    const write = hurriedWrite((bytes, takeBack) => {
      waiting.push({bytes, takeBack})
      return new Promise(() => {})
    }, hurry.signal)
    const given = Buffer.from('given')
    let isBack = false
    const written = write(given, () => {
      isBack = true
    })
    hurry.abort()
    await written
    expect([waiting[0]?.bytes === given, isBack]).toEqual([true, false])
    waiting[0]?.takeBack?.()
    expect(isBack).toBe(true)
  })

  test('keeps nothing of what is written', async () => {
    setFlagsFromString('--expose-gc')
    const collect: () => void = runInNewContext('gc')
    const write = hurriedWrite(() => Promise.resolve(), new AbortController().signal)
    const writeMany = async () => {
      for (let i = 0; i < 10_000; i++) await write('a\n')
      collect()
      return process.memoryUsage().heapUsed
    }
    const before = await writeMany()
    expect((await writeMany()) - before).toBeLessThan(800_000)
  })

  test('tells that nothing can be written', async () => {
    const write = hurriedWrite(() => Promise.reject(new Error('EPIPE')), new AbortController().signal)
    await expect(write('a\n')).rejects.toThrow('EPIPE')
  })
})
