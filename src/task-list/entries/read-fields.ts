import type {z} from 'zod'
import {quoted} from '../../text/quoted.ts'
import {describeNode, type ListNode, type MapNode} from '../source/list-node.ts'
import type {LocatedText} from '../source/list-text.ts'
import type {MistakeLog} from '../source/mistakes.ts'

/** A violation of a schema, as zod reports it. */
type Issue = z.core.$ZodIssue

/** Fields by name, each with its schema. */
type Shape = Readonly<Record<string, z.ZodType>>

/** The valid fields of a map, as their schemas return them. */
export type Fields<S extends Shape> = {readonly [Name in keyof S]?: z.output<S[Name]>}

/** Options of reading a map. */
export interface FieldReading {
  readonly text: LocatedText
  readonly mistakes: MistakeLog
  /** The hint after `unknown field "x"`; if it returns `undefined`, the nearest known name is suggested. */
  readonly unknownHint?: (name: string) => string | undefined
  /** Prefix of field names in messages; `undefined` for an entry. */
  readonly label?: string
  /** Whether a value depends on an item, so violations are not reported yet. */
  readonly isOpen: (node: ListNode, field: string) => boolean
}

/** Reads the known and valid fields of `map`. All other fields are mistakes. */
export function readFields<S extends Shape>(map: MapNode, shape: S, reading: FieldReading): Fields<S> {
  const fields: Record<string, unknown> = {}
  for (const {key, keyOffset, value} of map.fields.values()) {
    const schema = Object.hasOwn(shape, key) ? shape[key] : undefined
    if (schema === undefined) {
      reading.mistakes.add(reading.text.placeAt(keyOffset), unknownField(key, Object.keys(shape), reading))
      continue
    }
    const read = readValue(key, value, schema, reading)
    if (read !== undefined) fields[key] = read
  }
  return fields as Fields<S>
}

/** Reads a map with keys of the user's own, whose values have one schema. Values that violate it are mistakes. */
export function readValues<T>(map: MapNode, schema: z.ZodType<T>, reading: FieldReading): ReadonlyMap<string, T> {
  const values = Array.from(map.fields.values(), ({key, value}) => [key, readValue(key, value, schema, reading)] as const)
  return new Map(values.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])))
}

function readValue<T>(key: string, value: ListNode, schema: z.ZodType<T>, reading: FieldReading): T | undefined {
  const parsed = schema.safeParse(plainValue(value, maxPlainDepth))
  if (parsed.success) return parsed.data
  for (const issue of relevantIssues(parsed.error.issues)) report(issue, key, value, reading)
  return undefined
}

function unknownField(name: string, known: readonly string[], {label, mistakes, unknownHint}: FieldReading): string {
  return `${label === undefined ? '' : `${label}: `}unknown field ${quoted(name)}${unknownHint?.(name) ?? mistakes.hint(name, known)}`
}

// No schema checks deeper than field, map, list; deeper values are the user's own.
const maxPlainDepth = 3

/** `node` as input for a schema. Integers become numbers; text that must stay as written is read from the node instead. */
function plainValue(node: ListNode, depth: number): unknown {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'bigint' ? Number(node.value) : node.value
    case 'list':
      return depth === 0 ? [] : node.items.map(item => plainValue(item, depth - 1))
    case 'map': {
      const plain: Record<string, unknown> = Object.create(null)
      if (depth > 0) for (const {key, value} of node.fields.values()) plain[key] = plainValue(value, depth - 1)
      return plain
    }
  }
}

/**
 * The issues of the union member that accepts this type of value, so that an error deep in a map is reported precisely. The issue of the union itself
 * if no member or several accept the type.
 */
function relevantIssues(issues: readonly Issue[]): Issue[] {
  return issues.flatMap(issue => {
    if (issue.code !== 'invalid_union') return [issue]
    const branches = issue.errors.filter(branch => !branch.some(isAboutWhole))
    const [branch] = branches
    if (branch === undefined || branches.length > 1) return [issue]
    return relevantIssues(branch).map(inner => ({...inner, path: [...issue.path, ...inner.path]}))
  })
}

function isAboutWhole({code, path}: Issue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value' || code === 'invalid_union')
}

function report(issue: Issue, field: string, value: ListNode, reading: FieldReading): void {
  const found = follow(value, issue.path)
  if (reading.isOpen(found.node, field)) return
  const {mistakes, text} = reading
  const label = [
    ...(reading.label === undefined ? [] : [reading.label]),
    field,
    ...issue.path.filter(part => typeof part === 'string')
  ].join('.')
  if (issue.code === 'unrecognized_keys' && found.node.kind === 'map') {
    // For unknown keys, the schema's message is the list of known ones.
    const known = issue.message.split(' ')
    for (const key of issue.keys) {
      const offset = found.node.fields.get(key)?.keyOffset ?? found.node.offset
      mistakes.add(text.placeAt(offset), `${label}: unknown field ${quoted(key)}${mistakes.hint(key, known)}`)
    }
  } else if (found.isMissing) {
    mistakes.add(text.placeAt(found.node.offset), `${label} is missing: expected ${issue.message}`)
  } else {
    const {node} = found
    mistakes.add(
      text.placeAt(node.offset),
      `${label}: expected ${issue.message}, got ${describeNode(node)}${valueHint(issue, node, mistakes)}`
    )
  }
}

// These are booleans in YAML 1.1 and text in YAML 1.2.
const formerBooleans: Readonly<Record<string, boolean>> = {yes: true, y: true, on: true, no: false, n: false, off: false}

function valueHint(issue: Issue, node: ListNode, mistakes: MistakeLog): string {
  if (node.kind !== 'scalar') return ''
  const values = knownValues(issue)
  if (values.length > 0) return mistakes.hint(node.text, values)
  if (issue.code !== 'invalid_type' || issue.expected !== 'boolean') return ''
  const word = node.text.toLowerCase()
  const meant = Object.hasOwn(formerBooleans, word) ? formerBooleans[word] : ['true', 'false'].find(each => each === word)
  return meant === undefined ? '' : `, did you mean ${meant}?`
}

function knownValues(issue: Issue): string[] {
  if (issue.code === 'invalid_union') return issue.errors.flat().flatMap(knownValues)
  return issue.code === 'invalid_value' ? issue.values.map(String) : []
}

function follow(value: ListNode, path: readonly PropertyKey[]): {node: ListNode; isMissing: boolean} {
  let node = value
  for (const part of path) {
    const next = node.kind === 'map' ? node.fields.get(String(part))?.value : node.kind === 'list' ? node.items[Number(part)] : undefined
    if (next === undefined) return {node, isMissing: true}
    node = next
  }
  return {node, isMissing: false}
}
