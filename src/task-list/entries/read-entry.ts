import type {Place} from '../../model/task.ts'
import {nearest} from '../../text/nearest.ts'
import {cut, maxShownLength, quoted} from '../../text/quoted.ts'
import {type EntryItems, hasItems} from '../items/entry-items.ts'
import {expandEntry, filledFields} from '../items/expand-entry.ts'
import {maxTasks, moreThanTasks} from '../items/item-reading.ts'
import {isOpenNode, withoutItem} from '../items/item-references.ts'
import {readItems} from '../items/read-items.ts'
import {entryShape, fieldKnownAs, inputHint, rootFields} from '../schema/list-schema.ts'
import {describeNode, type ListNode, type MapNode} from '../source/list-node.ts'
import {quoteIt} from '../source/yaml-syntax.ts'
import {EntryScripts, pathsOf} from './entry-scripts.ts'
import type {Fallback, TextReading} from './list-reading.ts'
import {type FieldReading, readFields} from './read-fields.ts'
import {type EntryFields, type Member, readMember} from './read-member.ts'
import type {EntryDraft, TaskDraft} from './task-draft.ts'
import {cutName, nameFrom, nameOfScript} from './task-name.ts'

/** Reads one entry of a YAML list. An entry with mistakes still yields a draft, so references to it are not reported as well. */
export function readEntry(node: ListNode, fallback: Fallback, reading: TextReading): EntryDraft {
  const place = reading.text.placeAt(node.offset)
  if (node.kind === 'scalar' && typeof node.value === 'string' && /\S/.test(node.value)) return readScriptText(node.value, place, fallback)
  if (node.kind === 'map') return readMapEntry(node, place, fallback, reading)
  reading.mistakes.add(place, `expected a task (script text, or a map with "run" or "file"), got ${describeNode(node)}`)
  return {place, id: undefined, name: '', isGroup: false, tasks: []}
}

/** Reads an entry that is only script text. */
export function readScriptText(text: string, place: Place, fallback: Fallback): EntryDraft {
  const name = {text: nameOfScript(text), place, isExplicit: false}
  const settings = {
    ...fallback,
    script: {kind: 'run', text},
    parameters: undefined,
    arguments: undefined,
    item: undefined,
    when: 'success',
    isInEachShard: false,
    place
  } as const
  return {place, id: undefined, name: name.text, isGroup: false, tasks: [{name, needs: [], match: undefined, settings}]}
}

function readMapEntry(entry: MapNode, place: Place, fallback: Fallback, reading: TextReading): EntryDraft {
  const otherForm = otherFormOf(entry)
  if (otherForm !== undefined) {
    reading.mistakes.add(place, otherForm)
    return {place, id: undefined, name: '', isGroup: false, tasks: []}
  }
  const id = entry.fields.get('id')?.value
  const isSpread = hasItems(entry)
  if (id !== undefined && isSpread && isOpenNode(id)) {
    reading.mistakes.addLast(
      reading.text.placeAt(id.offset),
      'id: it names all tasks of this entry together, which get _1, _2, … behind it; leave out $_'
    )
  }
  const fields = readEntryFields(entry, reading, (node, field) => isSpread && filledFields.has(field) && isOpenNode(node))
  checkScript(entry, place, reading)
  const items = readItems(entry, reading)
  const scripts = new EntryScripts(reading)
  const each = scripts.countFor(entry, fields, folderOf(entry, fallback, reading))
  const tasks: TaskDraft[] = []
  let isGroup = isSpread || each > 1
  for (const member of hasRoomFor(items, each, place, reading) ? membersOf(entry, fields, items, reading) : []) {
    const made = readMember(member, place, fallback, scripts, reading)
    isGroup ||= made.some(({match}) => match !== undefined)
    for (const task of made) tasks.push(task)
    reading.budget.tasks -= made.length
    if (reading.budget.tasks < 0) break
  }
  return {
    place,
    id: fields.id === undefined || id === undefined ? undefined : {text: fields.id, place: reading.text.placeAt(id.offset)},
    name: groupName(entry),
    isGroup,
    tasks
  }
}

/** A hint for an entry that has no field of a task and was probably meant in another form. */
function otherFormOf({fields}: MapNode): string | undefined {
  const names = [...fields.keys()]
  if (names.some(name => Object.hasOwn(entryShape, name))) return undefined
  const [only] = fields.values()
  if (fields.size === 1 && only?.value.kind === 'map' && (only.value.fields.has('run') || only.value.fields.has('file'))) {
    return `expected the fields of a task, got ${quoted(only.key)} with a task below it; ${asEntry(only.key)}`
  }
  // YAML reads a script line with `: ` or braces as a map.
  const split = names.find(name => !isFieldName(name))
  return split === undefined ? undefined : `expected a field such as "run", got the key ${quoted(split)}; if it is PowerShell, ${quoteIt}`
}

/** The correct form of a task that is written below its id or name. */
export function asEntry(key: string): string {
  const field = entryShape.id.safeParse(key).success ? 'id' : 'name'
  return `write "- ${field}: ${cut(key, maxShownLength)}", and the fields below that`
}

function isFieldName(name: string): boolean {
  return /^[A-Za-z_][\w-]*$/.test(name) && !/^[A-Z][a-z]+-[A-Z]/.test(name)
}

/** The working directory of an entry's tasks; if it refers to the item, the default one. */
function folderOf({fields}: MapNode, {workingDirectory}: Fallback, {context, paths}: TextReading): string {
  const folder = fields.get('working-directory')?.value
  const found = folder?.kind === 'scalar' && !isOpenNode(folder) ? paths.folder(folder.text, context.workingDirectory) : undefined
  return found?.ok === true ? found.value : workingDirectory
}

/**
 * Whether the tasks of an entry, one for each of its items and files, fit into the limit of the list. If not, reports a mistake, and none of them is
 * made.
 */
function hasRoomFor(items: EntryItems | undefined, files: number, place: Place, {budget, mistakes}: TextReading): boolean {
  const count = (items?.items.length ?? 1) * files
  if (count <= budget.tasks) return true
  const shown = (number: number) => number.toLocaleString('en')
  const factors = items !== undefined && files > 1 ? ` (${shown(items.items.length)} × ${shown(files)} files)` : ''
  const before = budget.tasks < maxTasks ? `, of which those before it have taken ${shown(maxTasks - budget.tasks)}` : ''
  mistakes.add(place, `this entry makes ${shown(count)} tasks${factors}, and a list can have ${shown(maxTasks)}${before}; ${moreThanTasks}`)
  return false
}

function* membersOf(entry: MapNode, fields: EntryFields, items: EntryItems | undefined, reading: TextReading): Generator<Member> {
  if (items === undefined) {
    yield {template: entry, entry, fields, item: undefined}
    return
  }
  for (const {changed, entry: filled, hasFailed, item} of expandEntry(entry, items, reading)) {
    // Fields that do not refer to the item are read once, not once for each item.
    yield {template: entry, entry: filled, fields: {...fields, ...readEntryFields(changed, reading, hasFailed)}, item}
  }
}

function readEntryFields(entry: MapNode, {mistakes, text}: TextReading, isOpen: FieldReading['isOpen']): EntryFields {
  return readFields(entry, entryShape, {
    text,
    mistakes,
    isOpen,
    unknownHint: name => {
      if (name === 'tasks') return ', which belongs at the top of a list in YAML'
      if (rootFields.some(field => field === name))
        return `, which belongs at the top of a list in YAML, beside "tasks"${name === 'locks' ? '; a task has "lock"' : ''}`
      if (name === 'include' || name === 'exclude') return ', which belongs in "matrix"'
      const meant = fieldKnownAs(name)
      return meant === undefined ? inputHint(name) : `, did you mean "${meant}"?`
    }
  })
}

function checkScript(entry: MapNode, place: Place, {mistakes, text}: TextReading): void {
  const run = entry.fields.get('run')
  const file = entry.fields.get('file')
  if (run !== undefined && file !== undefined) {
    const second = run.keyOffset > file.keyOffset ? run : file
    mistakes.add(text.placeAt(second.keyOffset), 'expected one of "run" and "file", got both')
  } else if (run === undefined && file === undefined && !isMisspelt(entry)) {
    mistakes.add(place, 'expected a task with "run" (script text) or "file" (a .ps1 file), got neither')
  }
}

/** Whether an unknown field was probably meant as `run` or `file`; the mistake about that field says so. */
function isMisspelt(entry: MapNode): boolean {
  return [...entry.fields.keys()].some(key => !Object.hasOwn(entryShape, key) && ['run', 'file'].includes(meantBy(key) ?? ''))
}

function meantBy(name: string): string | undefined {
  return fieldKnownAs(name) ?? (name.length > maxFieldLength ? undefined : nearest(name, Object.keys(entryShape)))
}

const maxFieldLength = 100

/** The name of an entry without the item or file. */
function groupName(entry: MapNode): string {
  const textOf = (node: ListNode | undefined) =>
    node?.kind !== 'scalar' ? undefined : hasItems(entry) && isOpenNode(node) ? withoutItem(node.text) : node.text
  const textIn = (field: string) => textOf(entry.fields.get(field)?.value)
  const name = textIn('name') ?? textOf(pathsOf(entry)[0])
  return cutName(name === undefined ? nameOfScript(textIn('run') ?? '') : nameFrom(name))
}
