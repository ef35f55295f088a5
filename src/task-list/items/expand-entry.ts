import {entryShape} from '../schema/list-schema.ts'
import {type ListNode, type MapField, type MapNode, mapNode, sizeOf} from '../source/list-node.ts'
import type {ItemReading} from './item-reading.ts'
import {ItemReferences, isOpenNode} from './item-references.ts'
import {referenceMessage} from './reference-message.ts'

/** An entry expanded for one item of `foreach`. */
export interface Expansion {
  /** The whole entry with the item inserted. */
  readonly entry: MapNode
  /** Only the fields that contain the item. */
  readonly changed: MapNode
  readonly item: ListNode
  /** Whether a mistake about this value has been reported. */
  readonly hasFailed: (node: ListNode) => boolean
}

// `run` sees the item as its own `$_`; an id names the whole group; `foreach` is where the items come from.
const filledFields: ReadonlySet<string> = new Set(Object.keys(entryShape).filter(name => !['run', 'id', 'foreach'].includes(name)))

// What all tasks have one object of, as long as no item is in it.
const sharedFields: ReadonlySet<string> = new Set(['foreach', 'parameters', 'arguments'])

/** Expands an entry for each item, inserted wherever `$_` stands. Ends early, with a mistake, at the limits of a list. */
export function* expandEntry(entry: MapNode, items: readonly ListNode[], reading: ItemReading): Generator<Expansion> {
  const {budget, mistakes, text} = reading
  const open = [...entry.fields.values()].filter(({key, value}) => filledFields.has(key) && hasOpenNode(value))
  const perTask = [...entry.fields.values()].filter(field => open.includes(field) || !sharedFields.has(field.key))
  const size = perTask.reduce((sum, {value}) => sum + sizeOf(value), 1)
  const told = new Set<string>()
  for (const [index, item] of items.entries()) {
    budget.values -= size
    if (budget.values < 0 || budget.left < 0) {
      mistakes.add(text.placeAt(entry.offset), 'the values of all tasks together are more than a list can hold; pass less to each of them')
      return
    }
    let label = ''
    const references = new ItemReferences(item, budget, (node, mistake) => {
      // One slip in a text is one mistake, however many items run into it.
      const slip = `${node.offset}:${mistake.reason}`
      if (!told.has(slip)) mistakes.addLast(text.placeAt(node.offset), `${label}: ${referenceMessage(mistake, item, index, mistakes)}`)
      told.add(slip)
    })
    const filled: [string, MapField][] = []
    for (const field of open) {
      label = field.key
      filled.push([field.key, {...field, value: references.fill(field.value)}])
    }
    yield {
      entry: filled.length === 0 ? entry : mapNode(new Map([...entry.fields, ...filled]), entry.offset),
      changed: mapNode(new Map(filled), entry.offset),
      item,
      hasFailed: node => references.hasFailed(node)
    }
  }
}

function hasOpenNode(node: ListNode, seen = new Set<ListNode>()): boolean {
  if (node.kind === 'scalar') return isOpenNode(node)
  if (seen.has(node)) return false
  seen.add(node)
  if (node.kind === 'list') return node.items.some(item => hasOpenNode(item, seen))
  return [...node.fields.values()].some(({value}) => hasOpenNode(value, seen))
}
