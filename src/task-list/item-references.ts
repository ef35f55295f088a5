import {type ListNode, type MapField, mapNode, type ScalarNode, sequenceNode, stringNode} from './list-node.ts'

/** Why a text with `$_` in it has no value for an item. */
export type ReferenceMistake =
  | {readonly reason: 'unknown-key'; readonly key: string; readonly known: readonly string[]}
  | {readonly reason: 'no-map'; readonly key: string}
  | {readonly reason: 'no-text'; readonly reference: string; readonly kind: 'list' | 'map'}
  | {readonly reason: 'letters-follow'; readonly written: string}
  | {readonly reason: 'too-long'}

/** Where a reference leads: to a value, with what turned out to be no key of it but text behind it. */
type Target = {readonly node: ListNode; readonly rest: string} | ReferenceMistake

// `$$_` is the characters themselves; `${_…}` may touch anything; `$_` is followed by keys for as long as there are maps for them.
const reference = /(?<literal>\$\$(?=_|\{_))|\$\{_(?<braced>(?:\.[^}]*)?)\}|\$_(?<letters>[\p{L}\p{N}_]+)?(?<keys>(?:\.[\p{L}\p{N}_]+)*)/gu

/** Whether `node` is a text with something in it that only an item decides, or that `foreach` would turn into `$_`. */
export function isOpenNode(node: ListNode): boolean {
  return node.kind === 'scalar' && typeof node.value === 'string' && /\$\{?_/.test(node.value)
}

/** Whether `text` stands for the item, or for something of it, in at least one place. */
export function refersToItem(text: string): boolean {
  return [...text.matchAll(reference)].some(match => match.groups?.literal === undefined)
}

/** What is left of the text that the items of one list may become, in UTF-16 units. */
export interface TextBudget {
  left: number
}

/** Puts one item in the place of `$_` in the values of an entry. Values without `$_` are kept as they are, not copied. */
export class ItemReferences {
  readonly #item: ListNode
  readonly #budget: TextBudget
  readonly #onMistake: (node: ScalarNode, mistake: ReferenceMistake) => void
  readonly #filled = new Map<ListNode, ListNode>()
  readonly #unfilled = new Set<ListNode>()

  constructor(item: ListNode, budget: TextBudget, onMistake: (node: ScalarNode, mistake: ReferenceMistake) => void) {
    this.#item = item
    this.#budget = budget
    this.#onMistake = onMistake
  }

  /** Whether a mistake about `node` has been told, so that nothing else needs to be said of it. */
  hasFailed(node: ListNode): boolean {
    return this.#unfilled.has(node)
  }

  /** `node` with the item in it: a text that is exactly one reference becomes the typed value, any other stays text. */
  fill(node: ListNode): ListNode {
    if (node.kind === 'scalar') return isOpenNode(node) ? this.#fillText(node) : node
    const known = this.#filled.get(node)
    if (known !== undefined) return known
    const filled = node.kind === 'list' ? this.#fillItems(node) : this.#fillFields(node)
    this.#filled.set(node, filled)
    return filled
  }

  #fillItems(node: ListNode & {kind: 'list'}): ListNode {
    const items = node.items.map(item => this.fill(item))
    return items.every((item, index) => item === node.items[index]) ? node : sequenceNode(items, node.offset)
  }

  #fillFields(node: ListNode & {kind: 'map'}): ListNode {
    let isChanged = false
    const fields = new Map<string, MapField>()
    for (const [key, field] of node.fields) {
      const value = this.fill(field.value)
      isChanged ||= value !== field.value
      fields.set(key, {...field, value})
    }
    return isChanged ? mapNode(fields, node.offset) : node
  }

  #fillText(node: ScalarNode): ListNode {
    if (node.text === '$_') return this.#item
    const parts: string[] = []
    let end = 0
    for (const match of node.text.matchAll(reference)) {
      parts.push(node.text.slice(end, match.index))
      end = match.index + match[0].length
      if (match.groups?.literal !== undefined) {
        parts.push('$')
        continue
      }
      const target = followReference(this.#item, match)
      if ('reason' in target) return this.#fail(node, target)
      const isWhole = match[0].length === node.text.length && target.rest === ''
      if (isWhole) return target.node
      if (target.node.kind !== 'scalar') return this.#fail(node, {reason: 'no-text', reference: match[0], kind: target.node.kind})
      parts.push(target.node.text, target.rest)
      this.#budget.left -= target.node.text.length
      if (this.#budget.left < 0) return this.#fail(node, {reason: 'too-long'})
    }
    parts.push(node.text.slice(end))
    this.#budget.left -= node.text.length
    return stringNode(parts.join(''), node.offset)
  }

  #fail(node: ScalarNode, mistake: ReferenceMistake): ListNode {
    this.#onMistake(node, mistake)
    this.#unfilled.add(node)
    return node
  }
}

/** `text` for people to read: what stands for the item or a value of it is written out where it has a text, all else is left alone. */
export function showItem(text: string, item: ListNode): string {
  return text.replace(reference, (...args) => {
    const match = args as unknown as readonly string[]
    const groups = args.at(-1) as RegExpExecArray['groups']
    if (groups?.literal !== undefined) return match[0] ?? ''
    const target = followReference(item, {groups})
    const isText = !('reason' in target) && target.node.kind === 'scalar'
    return isText ? `${target.node.kind === 'scalar' ? target.node.text : ''}${target.rest}` : (match[0] ?? '')
  })
}

/** `text` without all that stands for the item in it. */
export function withoutItem(text: string): string {
  return text.replace(reference, (found: string) => (found === '$$' ? '$' : ''))
}

function followReference(item: ListNode, {groups, 0: written = ''}: {groups?: RegExpExecArray['groups']; 0?: string}): Target {
  if (groups?.letters !== undefined) return {reason: 'letters-follow', written}
  const braced = groups?.braced
  if (braced !== undefined) return braced === '' ? {node: item, rest: ''} : followBraced(item, braced.slice(1))
  const keys = groups?.keys ?? ''
  let node = item
  let rest = keys
  for (const key of keys.split('.').slice(1)) {
    if (node.kind !== 'map') break
    const value = valueAt(node, key)
    if (value === undefined) return {reason: 'unknown-key', key, known: [...node.fields.keys()]}
    node = value
    rest = rest.slice(key.length + 1)
  }
  return {node, rest}
}

/** Between braces all of it is keys: one key that may hold any character, or several, with dots between them. */
function followBraced(item: ListNode, keys: string): Target {
  if (item.kind !== 'map') return {reason: 'no-map', key: keys}
  const whole = valueAt(item, keys)
  if (whole !== undefined) return {node: whole, rest: ''}
  let node: ListNode = item
  for (const key of keys.split('.')) {
    if (node.kind !== 'map') return {reason: 'no-map', key}
    const value = valueAt(node, key)
    if (value === undefined) return {reason: 'unknown-key', key, known: [...node.fields.keys()]}
    node = value
  }
  return {node, rest: ''}
}

/** As in PowerShell, the case of a key does not matter. */
function valueAt(map: ListNode & {kind: 'map'}, key: string): ListNode | undefined {
  const exact = map.fields.get(key)
  if (exact !== undefined) return exact.value
  const wanted = key.toLowerCase()
  for (const field of map.fields.values()) if (field.key.toLowerCase() === wanted) return field.value
  return undefined
}
