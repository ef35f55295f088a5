import type {Need} from '../model/task.ts'
import {quoted} from '../text/quoted.ts'
import type {TaskDraft} from './entries/task-draft.ts'
import {idFromName} from './entries/task-name.ts'
import type {TaskIds} from './identify-tasks.ts'
import type {MistakeLog} from './source/mistakes.ts'

/**
 * Resolves the needs of each task. Ids ignore case. Unknown ids are mistakes, or are dropped if `mistakes` is `undefined`. Tasks that need the same
 * group share one object.
 */
export function resolveNeeds(tasks: readonly TaskDraft[], ids: TaskIds, mistakes: MistakeLog | undefined): readonly (readonly Need[])[] {
  const known = new Map<string, Need>()
  return tasks.map(({needs}) => {
    const resolved = new Map<string, Need>()
    for (const {place, text} of needs) {
      const need = known.get(text) ?? findNeed(text, ids)
      if (need === undefined) {
        mistakes?.add(place, `needs: no task has the id ${quoted(text)}${hintFor(text, ids, mistakes)}`)
        continue
      }
      known.set(text, need)
      const key = text.toLowerCase()
      if (!resolved.has(key)) resolved.set(key, need)
    }
    return [...resolved.values()]
  })
}

function findNeed(id: string, ids: TaskIds): Need | undefined {
  const found = ids.all.get(id.toLowerCase())
  return found === undefined ? undefined : {id, isGroup: found.isGroup, tasks: found.tasks}
}

function hintFor(text: string, ids: TaskIds, mistakes: MistakeLog): string {
  // The author may have used the name of a task that has no explicit id.
  const slug = ids.all.get(idFromName(text).toLowerCase())
  if (slug !== undefined) return `, did you mean ${quoted(slug.id)}?`
  return mistakes.hint(text, idsOf(ids))
}

// A generator: with many unknown ids, hints stop before all ids have been listed many times.
function* idsOf({all}: TaskIds): Generator<string> {
  for (const {id} of all.values()) yield id
}
