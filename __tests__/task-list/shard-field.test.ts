import {expect, test} from '@jest/globals'
import {ListReader} from './lists.ts'

const lists = new ListReader()

test('a task may run in each shard, with those that it needs', () => {
  const tasks = lists.tasks(
    '- {id: restore, run: x, shard: each}\n- {id: build, run: x, needs: restore, shard: each}\n- {run: y, needs: build}'
  )
  expect(tasks.map(({isInEachShard}) => isInEachShard)).toEqual([true, true, false])
})

test('another word for a shard is a mistake', () => {
  expect(lists.mistakes('- {run: x, shard: all}')).toEqual(['tasks:1:19: shard: expected each, got "all"'])
})

test('a task of each shard cannot need one that runs in one shard only', () => {
  expect(lists.mistakes('- {id: restore, run: x}\n- {run: x, needs: restore, shard: each}')).toEqual([
    'tasks:2:19: shard: each: it needs "restore", which runs in one shard only; give "restore" "shard: each" too'
  ])
})

test('a task of each shard cannot have a lock for one task on all machines', () => {
  const mistake = expect.stringContaining('shard: each: several shards would have the lock "db" at the same time; give it "per: machine"')
  expect(lists.mistakes('- {run: x, lock: db, shard: each}')).toEqual([mistake])
  const declared = 'locks: {db: {room: 1, per: machine}, api: 3}\ntasks: [{run: x, lock: [db, api], shard: each}]'
  expect(lists.mistakes(declared)).toEqual([])
})
