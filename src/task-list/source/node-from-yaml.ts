import {isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap} from 'yaml'
import {quoted} from '../../text/quoted.ts'
import {describeNode, type ListNode, type MapField, mapNode, type ScalarNode, type ScalarValue, sequenceNode, sizeOf} from './list-node.ts'
import type {LocatedText} from './list-text.ts'
import type {MistakeLog} from './mistakes.ts'

/** Most values in a document after all aliases are expanded: more than any list needs, and read within a second. */
const maxExpandedSize = 5_000_000

/**
 * Turns a parsed YAML document into values with positions: resolves aliases and merge keys (`<<`), and checks that keys are unique texts. Errors go
 * to `mistakes`. `base`: the offset in `text` at which the document starts.
 */
export function nodeFromYaml(contents: Node | null, text: LocatedText, mistakes: MistakeLog, base = 0): ListNode {
  const reader = new YamlReader(text, mistakes, base)
  const node = contents === null ? nullNode(base) : reader.read(contents)
  if (sizeOf(node) <= maxExpandedSize) return node
  mistakes.add(
    text.placeAt(node.offset),
    `with its aliases written out the list has more than ${maxExpandedSize.toLocaleString('en')} values`
  )
  return nullNode(node.offset)
}

class YamlReader {
  readonly #text: LocatedText
  readonly #mistakes: MistakeLog
  readonly #base: number
  /** The latest anchor of each name; `undefined` while its value is being read. */
  readonly #anchors = new Map<string, ListNode | undefined>()

  constructor(text: LocatedText, mistakes: MistakeLog, base: number) {
    this.#text = text
    this.#mistakes = mistakes
    this.#base = base
  }

  read(node: Node): ListNode {
    if (isAlias(node)) return this.#resolve(node.source, this.#offsetOf(node))
    if (node.anchor === undefined) return this.#readContents(node)
    this.#anchors.set(node.anchor, undefined)
    const contents = this.#readContents(node)
    this.#anchors.set(node.anchor, contents)
    return contents
  }

  #readContents(node: Exclude<Node, {source: string; kind: 'alias'}>): ListNode {
    if (isMap(node)) return this.#readMap(node)
    if (isSeq(node))
      return sequenceNode(
        node.items.map(item => this.#readItem(item)),
        this.#offsetOf(node)
      )
    return isScalar(node) ? this.#readScalar(node) : nullNode(this.#offsetOf(node))
  }

  /** `[a: 1]` is a list of one map in YAML. */
  #readItem(item: unknown): ListNode {
    if (!isPair(item)) return this.read(item as Node)
    const fields = new Map<string, MapField>()
    this.#addPair(item as Pair<Node, Node | null>, fields, new Map())
    return mapNode(fields, this.#offsetOf(item.key as Node))
  }

  #readScalar(node: Scalar): ListNode {
    const offset = this.#offsetOf(node)
    const value = node.value as ScalarValue
    if (typeof value === 'string') return {kind: 'scalar', value, text: value, offset}
    if (value === null) return nullNode(offset)
    const text = node.source ?? String(value)
    if (typeof value === 'number' && !Number.isFinite(value) && /\d/.test(text)) {
      this.#mistakes.add(
        this.#text.placeAt(offset),
        `${quoted(text)} is larger than any number (a double); put it in quotes if it is a text`
      )
    }
    return {kind: 'scalar', value, text, offset}
  }

  #readMap(map: YAMLMap): ListNode {
    const own = new Map<string, MapField>()
    const merged = new Map<string, MapField>()
    for (const pair of map.items) this.#addPair(pair as Pair<Node, Node | null>, own, merged)
    if (merged.size === 0) return mapNode(own, this.#offsetOf(map))
    return mapNode(new Map([...merged, ...own]), this.#offsetOf(map))
  }

  #addPair({key, value}: Pair<Node, Node | null>, own: Map<string, MapField>, merged: Map<string, MapField>): void {
    const valueNode = value === null ? nullNode(this.#offsetOf(key)) : this.read(value)
    if (isMergeKey(key)) this.#merge(valueNode, merged)
    else this.#addField(key, valueNode, own)
  }

  #addField(key: Node, value: ListNode, own: Map<string, MapField>): void {
    const keyOffset = this.#offsetOf(key)
    const name = this.#readKey(key)
    if (name === undefined) return
    const first = own.get(name)
    if (first === undefined) own.set(name, {key: name, keyOffset, value})
    else {
      const {line, column} = this.#text.placeAt(first.keyOffset)
      this.#mistakes.add(this.#text.placeAt(keyOffset), `duplicate key ${quoted(name)}, first at ${line}:${column}`)
    }
  }

  #readKey(key: Node): string | undefined {
    const node = this.read(key)
    if (node.kind === 'scalar' && typeof node.value === 'string') return node.value
    const written = isScalar(key) && key.source ? `${key.source}; put it in quotes` : describeNode(node)
    this.#mistakes.add(this.#text.placeAt(this.#offsetOf(key)), `expected a key that is text, got ${written}`)
    return undefined
  }

  /** Merges maps as https://yaml.org/type/merge.html says: the map's own keys win, then those of maps named first. */
  #merge(value: ListNode, merged: Map<string, MapField>): void {
    for (const source of value.kind === 'list' ? value.items : [value]) {
      if (source.kind !== 'map') {
        this.#mistakes.add(this.#text.placeAt(source.offset), `<<: expected a map or a list of maps to merge, got ${describeNode(source)}`)
        continue
      }
      for (const [name, field] of source.fields) if (!merged.has(name)) merged.set(name, field)
    }
  }

  #offsetOf(node: Node): number {
    return this.#base + (node.range?.[0] ?? 0)
  }

  #resolve(name: string, offset: number): ListNode {
    const anchored = this.#anchors.get(name)
    if (anchored !== undefined) return anchored
    const message = this.#anchors.has(name)
      ? `the alias ${quoted(`*${name}`)} stands inside the value that it names`
      : `unknown alias ${quoted(`*${name}`)}${this.#mistakes.hint(name, this.#anchors.keys())}; "*" starts an alias in YAML: put a text in quotes`
    this.#mistakes.addLast(this.#text.placeAt(offset), message)
    return nullNode(offset)
  }
}

function isMergeKey(key: Node): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN'
}

function nullNode(offset: number): ScalarNode {
  return {kind: 'scalar', value: null, text: '', offset}
}
