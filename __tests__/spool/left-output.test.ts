import {describe, expect, test} from '@jest/globals'
import {LeftOutput, LeftOutputs, leftOutputLimit, mostLeft} from '../../src/spool/left-output.ts'
import {createTask} from '../support/create-task.ts'

async function textOf(output: {chunks(): AsyncIterable<Uint8Array>}): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of output.chunks()) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

describe('LeftOutput', () => {
  test('keeps whole lines of both streams in the order in which they were completed', async () => {
    const left = new LeftOutput(undefined, () => {})
    left.take('stdout', Buffer.from('out '))
    left.take('stderr', Buffer.from('error\nand'))
    left.take('stdout', Buffer.from('one\nout two'))
    const closed = left.close()
    expect(await textOf(closed)).toBe('error\nout one\nout two\nand')
    expect(closed).toMatchObject({size: 25, leftOut: 0, wasHeld: true})
  })

  test.each([
    ['in short lines', 'a line of it\n'],
    ['in one line', 'x']
  ])('keeps the end of much output %s, and counts the rest', async (_, piece) => {
    const left = new LeftOutput(undefined, () => {})
    const chunk = Buffer.from(piece.repeat(5000))
    for (let i = 0; i < 100; i++) left.take('stdout', chunk)
    const closed = left.close()
    expect(closed.size).toBeGreaterThan(leftOutputLimit - 100)
    expect(closed.size).toBeLessThanOrEqual(leftOutputLimit)
    expect(closed.size + closed.leftOut).toBe(100 * chunk.length)
    expect((await textOf(closed)).startsWith(piece)).toBe(true)
  })

  test('lets what it takes be heard at once, and closes the pipes', () => {
    const heard: string[] = []
    let isClosed = false
    const close = () => {
      isClosed = true
    }
    const left = new LeftOutput({receive: (stream, bytes) => void heard.push(`${stream}: ${bytes}`)}, close)
    left.take('stderr', Buffer.from('::add-mask::x'))
    expect(heard).toEqual(['stderr: ::add-mask::x'])
    left.close()
    expect(isClosed).toBe(true)
  })
})

describe('LeftOutputs', () => {
  test('closes the first when there are too many, and tells of all in order', () => {
    const all = new LeftOutputs()
    const tasks = Array.from({length: mostLeft + 2}, (_, index) => createTask({index}))
    const closed: number[] = []
    for (const task of tasks) all.add(task, new LeftOutput(undefined, () => closed.push(task.index)))
    expect(closed).toEqual([0, 1])
    expect(all.close().map(({task}) => task)).toEqual(tasks)
    expect(closed).toEqual(tasks.map(({index}) => index))
    expect(all.close()).toEqual([])
  })

  test('says nothing of one through which nothing came and that nobody holds', () => {
    const all = new LeftOutputs()
    const silent = new LeftOutput(undefined, () => {})
    silent.end()
    all.add(createTask(), silent)
    expect(all.close()).toEqual([])
  })
})
