import {expect, test} from '@jest/globals'
import type {PoolEvent} from '../../src/model/event.ts'
import {EventStream} from '../../src/model/event-stream.ts'

const booted = (text: string): PoolEvent => ({type: 'worker-booted', text})

test.each([
  [
    'throws',
    () => {
      throw new TypeError('boom')
    }
  ],
  ['rejects', () => Promise.reject(new TypeError('boom'))]
])('a reader that %s for one event is given the later ones, as all others are, and what it did comes out in the end', async (_, fail) => {
  const heard: string[] = []
  const read =
    (name: string, failsAt: string) =>
    (event: PoolEvent): void | Promise<void> => {
      if (event.type !== 'worker-booted') return
      if (event.text === failsAt) return fail()
      heard.push(name + event.text)
    }
  const events = new EventStream([read('a', '1'), read('b', '')])
  const published = Promise.all(['0', '1', '2'].map(text => events.publish(booted(text))))
  await expect(events.drained()).rejects.toThrow('boom')
  await published
  expect(heard.toSorted()).toEqual(['a0', 'a2', 'b0', 'b1', 'b2'])
})
