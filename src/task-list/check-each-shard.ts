import type {Task} from '../model/task.ts'
import {quoted} from '../text/quoted.ts'
import type {TaskDraft} from './entries/task-draft.ts'
import type {MistakeLog} from './source/mistakes.ts'

/**
 * Checks the tasks with `shard: each`, which run on several machines at the same time: their needs must run in each shard too, and they cannot hold a
 * lock that allows one task at a time over all machines.
 */
export function checkEachShard(tasks: readonly Task[], drafts: readonly TaskDraft[], mistakes: MistakeLog): void {
  for (const {index, isInEachShard, needs, locks} of tasks) {
    const draft = drafts[index]
    if (!isInEachShard || draft === undefined) continue
    for (const {id, tasks: needed} of needs) {
      if (needed.every(other => tasks[other]?.isInEachShard === true)) continue
      const written = draft.needs.find(({text}) => text.toLowerCase() === id.toLowerCase())
      mistakes.add(
        written?.place ?? draft.name.place,
        `shard: each: it needs ${quoted(id)}, which runs in one shard only; give ${quoted(id)} "shard: each" too`
      )
    }
    for (const {name, room, per} of locks) {
      if (room > 1 || per === 'machine') continue
      const written = draft.settings.locks.find(({text}) => text === name)
      mistakes.add(
        written?.place ?? draft.name.place,
        `shard: each: several shards would have the lock ${quoted(name)} at the same time; give it "per: machine" under "locks", or more room`
      )
    }
  }
}
