import {type ListNode, type MapField, mapNode, type ScalarNode, sequenceNode, stringNode} from '../source/list-node.ts'

/** The reason a reference has no value for an item. */
export type ReferenceMistake =
  | {readonly reason: 'unknown-key'; readonly key: string; readonly known: readonly string[]}
  | {readonly reason: 'no-map'; readonly key: string}
  | {readonly reason: 'no-text'; readonly reference: string; readonly kind: 'list' | 'map'}
  | {readonly reason: 'letters-follow'; readonly written: string}
  | {readonly reason: 'too-long'}

/** The target of a reference: a value, and the text after the last key that exists. */
type Target = {readonly node: ListNode; readonly rest: string} | ReferenceMistake

// `$$_` stands for the characters `$_`; `${_…}` may have any text next to it; the keys after `$_` continue only as long as the value is a map.
const reference = /(?<literal>\$\$)\{?_|(?<brace>\$\{_)[.}]|\$_(?<letters>[\p{L}\p{N}_]+)?(?<keys>(?:\.[\p{L}\p{N}_]+)*)/gu

/** A reference in a text to the item or a part of it. */
interface Reference {
  readonly index: number
  readonly written: string
  /** `true` for `$$`, which stands for `$`. */
  readonly isLiteral: boolean
  /** Text between the braces after `_`: empty, or a dot and keys. */
  readonly braced?: string
  /** Letters directly after `$_`, which are invalid. */
  readonly letters?: string | undefined
  /** `.a.b` */
  readonly keys: string
}

/** All references in the text, in order. */
function* referencesIn(text: string): Iterable<Reference> {
  const lastBrace = text.lastIndexOf('}')
  const search = new RegExp(reference)
  for (let found = search.exec(text); found !== null; found = search.exec(text)) {
    const {index, groups: {literal, brace, letters, keys = ''} = {}} = found
    if (literal !== undefined) search.lastIndex = index + literal.length
    else if (brace !== undefined) {
      // An unclosed brace is plain text. The expression does not search for the closing brace, so a text is scanned only once.
      const inside = index + brace.length
      search.lastIndex = lastBrace < inside ? inside : text.indexOf('}', inside) + 1
      if (lastBrace < inside) continue
    }
    const written = text.slice(index, search.lastIndex)
    const braced = brace === undefined ? {} : {braced: written.slice(brace.length, -1)}
    yield {index, written, isLiteral: literal !== undefined, letters, keys, ...braced}
  }
}

/** Replaces each reference in the text. */
function withReplaced(text: string, replacement: (reference: Reference) => string): string {
  let end = 0
  const parts: string[] = []
  for (const found of referencesIn(text)) {
    parts.push(text.slice(end, found.index), replacement(found))
    end = found.index + found.written.length
  }
  return parts.join('') + text.slice(end)
}

/** Whether `node` is a text that depends on an item, or that becomes `$_` in an entry with `foreach`. */
export function isOpenNode(node: ListNode): boolean {
  return node.kind === 'scalar' && typeof node.value === 'string' && /\$\{?_/.test(node.value)
}

/** Whether `text` refers to the item at least once. */
export function refersToItem(text: string): boolean {
  return [...referencesIn(text)].some(({isLiteral}) => !isLiteral)
}

/** The text that references may still produce in one list, in UTF-16 units. */
export interface TextBudget {
  left: number
}

/** Replaces references to one item in the values of an entry. Values without references are shared, not copied. */
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

  /** Whether a mistake about `node` has been reported already. */
  hasFailed(node: ListNode): boolean {
    return this.#unfilled.has(node)
  }

  /** `node` with its references replaced. A text that is exactly one reference becomes the typed value; any other text remains text. */
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
    for (const found of referencesIn(node.text)) {
      const {index, written} = found
      parts.push(node.text.slice(end, index))
      end = index + written.length
      if (found.isLiteral) {
        parts.push('$')
        continue
      }
      const target = followReference(this.#item, found)
      if ('reason' in target) return this.#fail(node, target)
      const isWhole = written.length === node.text.length && target.rest === ''
      if (isWhole) return target.node
      if (target.node.kind !== 'scalar') return this.#fail(node, {reason: 'no-text', reference: written, kind: target.node.kind})
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

/** `text` for display: a reference is replaced if the item has text for it, and kept otherwise. */
export function showItem(text: string, item: ListNode): string {
  return withReplaced(text, found => {
    if (found.isLiteral) return found.written
    const target = followReference(item, found)
    return 'reason' in target || target.node.kind !== 'scalar' ? found.written : `${target.node.text}${target.rest}`
  })
}

/** `text` without its references. */
export function withoutItem(text: string): string {
  return withReplaced(text, ({isLiteral}) => (isLiteral ? '$' : ''))
}

function followReference(item: ListNode, {written, letters, braced, keys}: Reference): Target {
  if (letters !== undefined) return {reason: 'letters-follow', written}
  if (braced !== undefined) return braced === '' ? {node: item, rest: ''} : followBraced(item, braced.slice(1))
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

/** Resolves the keys between braces: one key with any characters, or several keys separated by dots. */
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

/** The value of a key, without regard to case, as in PowerShell. */
function valueAt(map: ListNode & {kind: 'map'}, key: string): ListNode | undefined {
  const exact = map.fields.get(key)
  if (exact !== undefined) return exact.value
  const wanted = key.toLowerCase()
  for (const field of map.fields.values()) if (field.key.toLowerCase() === wanted) return field.value
  return undefined
}
