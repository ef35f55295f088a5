import {expect, test} from '@jest/globals'
import {estimate, shardLine} from '../../src/shards/shard-text.ts'

test.each([
  [0, '1 s'],
  [45_400, '45 s'],
  [59_600, '1 m 00 s'],
  [185_000, '3 m 05 s'],
  [3_599_600, '1 h 00 m'],
  [3_900_000, '1 h 05 m']
])('an expected duration of %d ms is %s', (ms, text) => {
  expect(estimate(ms)).toBe(text)
})

test('the line of a shard says its share, what it takes, and what all take', () => {
  const figures = {sizes: [62, 61, 61, 61], expectedMs: [192_000, 190_000, 185_000, 190_000], listed: 245, unknown: 4}
  expect(shardLine({index: 1, count: 4}, figures)).toBe(
    'shard 2 of 4: 61 of 245 tasks, about 3 m 10 s (all: 3 m 05 s to 3 m 12 s; 4 of unknown duration)'
  )
  expect(shardLine({index: 1, count: 4}, {...figures, unknown: 0})).toContain('(all: 3 m 05 s to 3 m 12 s)')
  expect(shardLine({index: 0, count: 1}, {sizes: [1], expectedMs: [5000], listed: 1, unknown: 0})).toBe(
    'shard 1 of 1: 1 of 1 task, about 5 s (all: 5 s)'
  )
})
