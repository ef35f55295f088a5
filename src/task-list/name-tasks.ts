import type {Place} from '../model/task.ts'
import {quoted} from '../text/quoted.ts'
import type {DraftName} from './entries/task-draft.ts'
import {type MistakeLog, renderPlace} from './source/mistakes.ts'

/** Names the tasks. Two equal explicit names are a mistake; a default name that is taken gets ` (2)`. */
export function nameTasks(names: readonly DraftName[], mistakes: MistakeLog): readonly string[] {
  const explicit = new Map<string, Place>()
  for (const {isExplicit, place, text} of names) {
    if (!isExplicit) continue
    const first = explicit.get(text)
    if (first === undefined) explicit.set(text, place)
    else mistakes.add(place, sameName(text, first, place))
  }
  const taken = new Set(explicit.keys())
  const numbers = new Map<string, number>()
  return names.map(({isExplicit, text}) => {
    if (isExplicit) return text
    let name = text
    for (let number = numbers.get(text) ?? 2; taken.has(name); number++) {
      name = `${text} (${number})`
      numbers.set(text, number + 1)
    }
    taken.add(name)
    return name
  })
}

function sameName(name: string, first: Place, second: Place): string {
  const isSameEntry = renderPlace(first) === renderPlace(second)
  if (isSameEntry) return `name: ${quoted(name)} is the name of several tasks of this entry; add what tells them apart`
  return `name: ${quoted(name)} is already the name of the task at ${renderPlace(first)}`
}
