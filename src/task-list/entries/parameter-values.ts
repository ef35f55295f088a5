import type {Value, ValueMap} from '../../model/task.ts'
import {quoted} from '../../text/quoted.ts'
import {depthOf, type ListNode, type MapNode, type SequenceNode} from '../source/list-node.ts'
import type {LocatedText} from '../source/list-text.ts'
import type {MistakeLog} from '../source/mistakes.ts'

/** Deepest nesting of a value. */
const maxDepth = 100

/** Turns nodes into values for tasks. Tasks that share a node share its value. */
export class ParameterValues {
  readonly #text: LocatedText
  readonly #mistakes: MistakeLog
  readonly #known = new WeakMap<ListNode, Value>()

  constructor(text: LocatedText, mistakes: MistakeLog) {
    this.#text = text
    this.#mistakes = mistakes
  }

  /** The value of `node`. `label`: the parameter that it belongs to, such as `parameters.Hosts`. */
  read(node: ListNode, label: string): Value {
    if (depthOf(node) > maxDepth) {
      this.#mistakes.add(this.#text.placeAt(node.offset), `${label}: nested deeper than ${maxDepth} levels`)
      return null
    }
    return this.#valueOf(node, label)
  }

  /** The values of `parameters` by name. */
  readParameters(node: MapNode): ValueMap {
    const known = this.#known.get(node)
    if (known instanceof Map) return known
    for (const {key, keyOffset} of node.fields.values()) {
      const rule = 'parameters: expected the name of a parameter'
      if (key === '') this.#mistakes.add(this.#text.placeAt(keyOffset), `${rule}, got ""`)
      else if (key.startsWith('-')) this.#mistakes.add(this.#text.placeAt(keyOffset), `${rule} without the dash, got ${quoted(key)}`)
    }
    const map = this.#readMap(node, 'parameters')
    this.#known.set(node, map)
    return map
  }

  /** The values of `arguments` in order. */
  readArguments(node: SequenceNode): readonly Value[] {
    const known = this.#known.get(node)
    if (Array.isArray(known)) return known
    const list = this.#readList(node, 'arguments')
    this.#known.set(node, list)
    return list
  }

  #readMap(node: MapNode, label: string): ValueMap {
    const spellings = new Map<string, string>()
    const map = new Map<string, Value>()
    for (const {key, keyOffset, value} of node.fields.values()) {
      const other = spellings.get(key.toLowerCase())
      if (other !== undefined) {
        const message = `${label}: ${quoted(key)} and ${quoted(other)} differ in case only, which is one key to PowerShell`
        this.#mistakes.add(this.#text.placeAt(keyOffset), message)
      }
      spellings.set(key.toLowerCase(), key)
      map.set(key, this.read(value, label))
    }
    return map
  }

  #readList(node: SequenceNode, label: string): readonly Value[] {
    return node.items.map(item => this.read(item, label))
  }

  #valueOf(node: ListNode, label: string): Value {
    if (node.kind === 'scalar') return node.value
    const known = this.#known.get(node)
    if (known !== undefined) return known
    const value = node.kind === 'list' ? this.#readList(node, label) : this.#readMap(node, label)
    this.#known.set(node, value)
    return value
  }
}
