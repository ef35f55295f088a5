import path from 'node:path'
import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import {describe, expect, test} from '@jest/globals'
import {truncationNotice, withReadDeadline, withWriteDeadline} from '../../src/action/log-deadline.ts'
import type {PoolEvent, RecordedOutput} from '../../src/model/event.ts'
import {noChanges} from '../../src/model/task-changes.ts'
import {OutputMemory} from '../../src/spool/output-memory.ts'
import {TaskOutput} from '../../src/spool/task-output.ts'
import {succeeded} from '../support/create-record.ts'
import {createTask} from '../support/create-task.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

function ended(output: RecordedOutput): PoolEvent {
  const attempt = {number: 1, worker: 0, startedAt: 0, endedAt: 1, end: succeeded, changes: noChanges, left: []}
  return {type: 'attempt-ended', task: createTask(), attempt, output, retryInMs: undefined}
}

describe('withReadDeadline', () => {
  const folder = temporaryFolder()
  /** An output that comes in these pieces. */
  const outputOf = (chunks: readonly string[]): RecordedOutput => ({
    size: chunks.join('').length,
    async *parts() {
      let isContinued = false
      for (const chunk of chunks) {
        const isOpen = !chunk.endsWith('\n')
        yield [{stream: 'stdout', bytes: Buffer.from(chunk), isContinued, isOpen}]
        isContinued = isOpen
      }
    }
  })

  /** What a reader gets of an output of these chunks when the time is up after so many of them. */
  async function read(chunks: readonly string[], inTime: number): Promise<string> {
    const deadline = new AbortController()
    if (inTime === 0) deadline.abort()
    let text = ''
    let seen = 0
    const reader = withReadDeadline(async event => {
      if (event.type !== 'attempt-ended') return
      for await (const parts of event.output.parts()) {
        for (const {bytes, isContinued} of parts) text += `${isContinued || /\n$|^$/.test(text) ? '' : '\n'}${bytes}`
        if (++seen === inTime) deadline.abort()
      }
    }, deadline.signal)
    await reader(ended(outputOf(chunks)))
    return text
  }

  test('reads an output to its end while there is time', async () => {
    expect(await read(['a\n', 'b\n', 'c'], 4)).toBe('a\nb\nc')
    expect(await read(['a\n', 'b\n', 'c'], 3)).toBe('a\nb\nc')
  })

  test('then says that there is more, on a line of its own', async () => {
    expect(await read(['a\n', 'b\n', 'c'], 2)).toBe(`a\nb\n${truncationNotice}`)
    expect(await read(['a', 'b', 'c'], 1)).toBe(`a\n${truncationNotice}`)
  })

  test('still reads the beginning of what comes afterwards', async () => {
    expect(await read(['a\n', 'b\n'], 0)).toBe(`a\n${truncationNotice}`)
    expect(await read(['a\n'], 0)).toBe('a\n')
    expect(await read([], 0)).toBe('')
  })

  test('reads no more once a write may still hold what was read last', async () => {
    const output = new TaskOutput({file: path.join(folder, 'output'), memory: new OutputMemory(0)})
    const line = (sign: string) => `${sign.repeat(64 * 1024 - 1)}\n`
    for (let i = 0; i < 16; i++)
      output.add({stream: 'stdout', bytes: Buffer.from(line(String.fromCharCode(97 + i))), isContinued: false, isOpen: false})
    output.finish()
    const deadline = new AbortController()
    const held: {readonly bytes: Buffer; readonly copy: Buffer}[] = []
    const reader = withReadDeadline(async event => {
      if (event.type !== 'attempt-ended') return
      for await (const parts of event.output.parts()) {
        for (const {bytes} of parts) held.push({bytes, copy: Buffer.from(bytes)})
        deadline.abort()
      }
    }, deadline.signal)
    await reader(ended(output))
    expect(held.at(-1)?.copy.toString()).toBe(truncationNotice)
    expect(held.every(({bytes, copy}) => bytes.equals(copy))).toBe(true)
    await output.discard()
  })

  test('hands on all other events as they are', async () => {
    const seen: PoolEvent[] = []
    const event: PoolEvent = {type: 'worker-booted', text: 'x'}
    await withReadDeadline(each => void seen.push(each), new AbortController().signal)(event)
    expect(seen[0]).toBe(event)
  })
})

describe('withWriteDeadline', () => {
  test('waits for who takes what is written only while there is time', async () => {
    const deadline = new AbortController()
    const written: string[] = []
    const write = withWriteDeadline(lines => {
      written.push(lines.toString())
      return new Promise(() => {})
    }, deadline.signal)
    let isDone = false
    const first = write('a\n').then(() => {
      isDone = true
    })
    await Promise.resolve()
    expect(isDone).toBe(false)
    deadline.abort()
    await first
    await write('b\n')
    expect(written).toEqual(['a\n', 'b\n'])
  })

  test('hands on bytes that are taken late, without a copy of them', async () => {
    const deadline = new AbortController()
    const waiting: {bytes: unknown; take: () => void}[] = []
    const write = withWriteDeadline(bytes => new Promise(take => waiting.push({bytes, take})), deadline.signal)
    const [taken, late, later] = ['taken', 'late', 'later'].map(text => Buffer.from(text)) as [Buffer, Buffer, Buffer]
    const first = write(taken)
    waiting[0]?.take()
    await first
    const second = write(late)
    deadline.abort()
    await second
    await write(later)
    expect(waiting.map(({bytes}) => bytes)).toEqual([taken, late, later])
    expect(waiting.every(({bytes}, i) => bytes === [taken, late, later][i])).toBe(true)
  })

  test('keeps nothing of what is written', async () => {
    setFlagsFromString('--expose-gc')
    const collect: () => void = runInNewContext('gc')
    const write = withWriteDeadline(() => Promise.resolve(), new AbortController().signal)
    const writeMany = async () => {
      for (let i = 0; i < 10_000; i++) await write('a\n')
      collect()
      return process.memoryUsage().heapUsed
    }
    const before = await writeMany()
    expect((await writeMany()) - before).toBeLessThan(800_000)
  })

  test('tells that nothing can be written', async () => {
    const write = withWriteDeadline(() => Promise.reject(new Error('EPIPE')), new AbortController().signal)
    await expect(write('a\n')).rejects.toThrow('EPIPE')
  })
})
