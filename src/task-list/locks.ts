import type {Lock} from '../model/task.ts'
import {quoted} from '../text/quoted.ts'
import type {DeclaredLock, PlacedText, TextReading} from './entries/list-reading.ts'
import {readValues} from './entries/read-fields.ts'
import {lock} from './schema/field-schemas.ts'
import {describeNode, type ListNode} from './source/list-node.ts'
import {type MistakeLog, renderPlace} from './source/mistakes.ts'

/** Reads the `locks` of one text. Two texts that declare the same lock differently are a mistake. */
export function declareLocks(node: ListNode, {locks, mistakes, text}: TextReading): void {
  if (node.kind === 'scalar' && node.value === null) return
  if (node.kind !== 'map') {
    mistakes.add(text.placeAt(node.offset), `locks: expected a map of rooms by the name of the lock, got ${describeNode(node)}`)
    return
  }
  for (const [name, {room, per}] of readValues(node, lock, {text, mistakes, label: 'locks', isOpen: () => false})) {
    const place = text.placeAt(node.fields.get(name)?.keyOffset ?? node.offset)
    if (name === '') mistakes.add(place, 'locks: expected the name of a lock, got ""')
    const first = locks.get(name)
    if (first === undefined) locks.set(name, {room, per, place})
    else if (first.room !== room || first.per !== per) {
      mistakes.add(place, `locks: ${quoted(name)} has ${roomText({room, per})} here, and ${roomText(first)} at ${renderPlace(first.place)}`)
    }
  }
}

function roomText({room, per}: Pick<Lock, 'room' | 'per'>): string {
  return `room for ${room}${per === 'machine' ? ' on each machine' : ''}`
}

const maxNameLength = 256

/** The locks of each task, with one object for each name. A lock that is not `declared` allows one task at a time. */
export function resolveLocks(
  locksOfTasks: readonly (readonly PlacedText[])[],
  declared: ReadonlyMap<string, DeclaredLock>,
  mistakes: MistakeLog
): readonly (readonly Lock[])[] {
  const byName = new Map<string, Lock>()
  const byVariable = new Map<string, PlacedText>()

  function add({text: name, place}: PlacedText, {room, per}: Pick<Lock, 'room' | 'per'>, label: string): Lock {
    const variable = variableOf(name)
    const lock = {name, variable, room, per}
    byName.set(name, lock)
    const other = byVariable.get(variable)
    if (/\p{Cc}/u.test(name) || name.length > maxNameLength)
      mistakes.add(place, `${label}: expected a name of one line and at most ${maxNameLength} characters, got ${quoted(name)}`)
    else if (other === undefined) byVariable.set(variable, {text: name, place})
    else
      mistakes.add(
        place,
        `${label}: ${quoted(name)}, and ${quoted(other.text)} at ${renderPlace(other.place)}, would both have the variable ${variable}; if they are one lock, write it in one way`
      )
    return lock
  }

  for (const [text, lock] of declared) add({text, place: lock.place}, lock, 'locks')
  const known = new Map<readonly PlacedText[], readonly Lock[]>()
  return locksOfTasks.map(written => {
    const locks = known.get(written) ?? written.map(each => byName.get(each.text) ?? add(each, {room: 1, per: 'all'}, 'lock'))
    known.set(written, locks)
    return locks
  })
}

/** The variable that holds a task's slot of a lock. Keeps the letters and digits that PowerShell accepts without braces: 16 bits, any script. */
function variableOf(name: string): string {
  const upper = name.normalize('NFC').toUpperCase()
  return `PWSH_POOL_LOCK_${upper.replace(/[^\p{L}\p{Nd}]|[\u{10000}-\u{10FFFF}]/gu, '_')}`
}
