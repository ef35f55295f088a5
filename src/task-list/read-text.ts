import {unreachable} from '../model/unreachable.ts'
import {nearest} from '../text/nearest.ts'
import type {Fallback, ListReading, TextReading} from './entries/list-reading.ts'
import {ParameterValues} from './entries/parameter-values.ts'
import {asEntry, readEntry, readScriptText} from './entries/read-entry.ts'
import {readFields} from './entries/read-fields.ts'
import {readSettings} from './entries/read-settings.ts'
import type {EntryDraft} from './entries/task-draft.ts'
import {declareLocks} from './locks.ts'
import {defaultsShape, entryShape, inputHint, rootFields} from './schema/list-schema.ts'
import {describeNode, type ListNode, type MapNode} from './source/list-node.ts'
import {LocatedText, maxTextBytes, type TaskListText} from './source/list-text.ts'
import {nodeFromYaml} from './source/node-from-yaml.ts'
import {detectNotation} from './source/notation.ts'
import {readPlainLines} from './source/plain-lines.ts'
import {parseYaml} from './source/yaml-document.ts'

/** Reads one text of a list. */
export function readText(source: TaskListText, list: ListReading): EntryDraft[] {
  const text = new LocatedText(source)
  const reading: TextReading = {...list, text, values: new ParameterValues(text, list.mistakes), itemFiles: new Map()}
  const bytes = Buffer.byteLength(text.text)
  if (bytes > maxTextBytes) {
    list.mistakes.add(
      text.placeAt(0),
      `the list is ${inMiB(bytes)}, and 8 MiB is the limit; split it, or let its scripts read their data from files`
    )
    return []
  }
  const notation = source.notation === 'detect' ? detectNotation(text.text) : source.notation
  switch (notation) {
    case undefined:
      list.mistakes.add(text.placeAt(0), blankList(text.text))
      return []
    case 'lines':
      return readLines(reading)
    case 'yaml':
    case 'entries':
      return readYaml(reading)
    default:
      return unreachable(notation)
  }
}

function inMiB(bytes: number): string {
  return `${(Math.ceil((bytes / 1024 / 1024) * 10) / 10).toFixed(1)} MiB`
}

function blankList(text: string): string {
  const found = text.trim() === '' ? 'a blank text' : 'only comments'
  return `expected tasks, one invocation a line or a YAML list, got ${found} (a list of no tasks is [])`
}

function readLines(reading: TextReading): EntryDraft[] {
  const fallback = fallbackOf(reading)
  const lines = readPlainLines(reading.text, reading.mistakes)
  reading.budget.tasks -= lines.length
  if (reading.budget.tasks < 0) return []
  return lines.map(line => readScriptText(line.text, reading.text.placeAt(line.offset), fallback))
}

function readYaml(reading: TextReading): EntryDraft[] {
  const parsed = parseYaml(reading.text, reading.mistakes)
  if (!parsed.ok) return []
  const root = nodeFromYaml(parsed.value, reading.text, reading.mistakes)
  if (root.kind === 'list') return readEntries(root.items, fallbackOf(reading), reading)
  if (root.kind === 'map') return readLongForm(root, reading)
  // An empty file is a list without entries, just as a plain list without lines is.
  if (root.value !== null) reading.mistakes.add(reading.text.placeAt(root.offset), `${rootRule}, got ${describeNode(root)}`)
  return []
}

const rootRule = 'expected a list of tasks, or a map of "defaults", "locks" and "tasks"'

function readLongForm(root: MapNode, reading: TextReading): EntryDraft[] {
  const {mistakes, text} = reading
  if (isEntry(root)) {
    mistakes.add(text.placeAt(root.offset), `${rootRule}, got the fields of one task; begin it with "- "`)
    return []
  }
  if (!root.fields.has('tasks')) {
    const [first] = [...root.fields.values()].filter(({key, value}) => !isRootField(key) && isTask(value))
    if (first !== undefined) {
      mistakes.add(text.placeAt(first.keyOffset), `${rootRule}, got a map of tasks by id; ${asEntry(first.key)}`)
      return []
    }
  }
  for (const {key, keyOffset} of root.fields.values()) {
    if (isRootField(key)) continue
    const hint = rootHint(key) ?? mistakes.hint(key, rootFields)
    mistakes.add(text.placeAt(keyOffset), `unknown field ${JSON.stringify(key)}${hint}`)
  }
  const locks = root.fields.get('locks')
  if (locks !== undefined) declareLocks(locks.value, reading)
  const fallback = readDefaults(root.fields.get('defaults')?.value, reading)
  const tasks = root.fields.get('tasks')
  const isMisspelt = [...root.fields.keys()].some(key => nearest(key.slice(0, maxKeyLength), ['tasks']) !== undefined)
  if (tasks?.value.kind === 'list') return readEntries(tasks.value.items, fallback, reading)
  if (tasks !== undefined)
    mistakes.add(
      text.placeAt(tasks.value.offset),
      `tasks: expected a list of tasks, got ${describeNode(tasks.value)}${byIdHint(tasks.value)}`
    )
  else if (!isMisspelt) mistakes.add(text.placeAt(root.offset), 'expected "tasks" with the list of tasks, got a map without it')
  return []
}

function rootHint(key: string): string | undefined {
  if (key === 'lock') return ', did you mean "locks", or "lock" in "defaults"?'
  return Object.hasOwn(defaultsShape, key) ? ', which belongs in "defaults"' : inputHint(key)
}

const isRootField = (key: string): boolean => rootFields.some(name => name === key)

const maxKeyLength = 100

const isTask = (node: ListNode): boolean => node.kind === 'map' && (node.fields.has('run') || node.fields.has('file'))

/** A hint for tasks that are written as a map by id. */
function byIdHint(node: ListNode): string {
  const [first] = node.kind === 'map' ? [...node.fields.values()].filter(({value}) => isTask(value)) : []
  return first === undefined ? '' : `; ${asEntry(first.key)}`
}

function isEntry({fields}: MapNode): boolean {
  return !rootFields.some(name => fields.has(name)) && [...fields.keys()].some(key => Object.hasOwn(entryShape, key))
}

function readEntries(nodes: readonly ListNode[], fallback: Fallback, reading: TextReading): EntryDraft[] {
  const entries: EntryDraft[] = []
  if (nodes.length > reading.budget.tasks) reading.budget.tasks = -1
  for (const node of nodes) {
    if (reading.budget.tasks < 0) break
    entries.push(readEntry(node, fallback, reading))
  }
  return entries
}

/** The defaults that the action's inputs set for a text. */
function fallbackOf({context}: TextReading): Fallback {
  const {isolation, objects = false, retry, shell, slow, successCodes, timeoutMs, workingDirectory} = context
  return {
    env: new Map(),
    workingDirectory,
    timeoutMs,
    retry,
    slow,
    continueOnError: false,
    successCodes,
    locks: [],
    isolation,
    objects,
    shell,
    resume: 'auto'
  }
}

function readDefaults(node: ListNode | undefined, reading: TextReading): Fallback {
  const {mistakes, text} = reading
  const inputs = fallbackOf(reading)
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return inputs
  if (node.kind !== 'map') {
    mistakes.add(text.placeAt(node.offset), `defaults: expected a map, got ${describeNode(node)}`)
    return inputs
  }
  const known = Object.keys(defaultsShape).join(', ')
  const fields = readFields(node, defaultsShape, {
    text,
    mistakes,
    isOpen: () => false,
    label: 'defaults',
    unknownHint: name => (Object.hasOwn(entryShape, name) ? `, which is for a task only; defaults takes ${known}` : inputHint(name))
  })
  return readSettings(node, fields, inputs, reading, 'defaults.')
}
