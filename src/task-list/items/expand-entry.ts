import {entryShape} from '../schema/list-schema.ts'
import {type ListNode, type MapField, type MapNode, mapNode, sizeOf} from '../source/list-node.ts'
import {type EntryItem, type EntryItems, itemFields, itemLabel} from './entry-items.ts'
import type {ItemReading} from './item-reading.ts'
import {ItemReferences, isOpenNode} from './item-references.ts'
import {referenceMessage} from './reference-message.ts'

/** An entry expanded for one item of `foreach`. */
export interface Expansion {
  /** The whole entry with the item inserted. */
  readonly entry: MapNode
  /** Only the fields that contain the item. */
  readonly changed: MapNode
  readonly item: EntryItem
  /** Whether a mistake about this value has been reported. */
  readonly hasFailed: (node: ListNode) => boolean
}

// `run` reads `$_` at run time; an id names the whole group; the other two list the items.
const unfilledFields: readonly string[] = ['run', 'id', ...itemFields]

/** The fields of an entry in which `$_` is replaced by the item. */
export const filledFields: ReadonlySet<string> = new Set(Object.keys(entryShape).filter(name => !unfilledFields.includes(name)))

// Fields whose value is one object shared by all tasks, unless it refers to the item.
const sharedFields: ReadonlySet<string> = new Set([...itemFields, 'parameters', 'arguments'])

/** Expands an entry once for each item, with the item in place of `$_`. Stops with a mistake at the limits of a list. */
export function* expandEntry(entry: MapNode, all: EntryItems, reading: ItemReading): Generator<Expansion> {
  const {budget, mistakes, text} = reading
  const open = [...entry.fields.values()].filter(({key, value}) => filledFields.has(key) && hasOpenNode(value))
  const perTask = [...entry.fields.values()].filter(field => open.includes(field) || !sharedFields.has(field.key))
  const size = perTask.reduce((sum, {value}) => sum + sizeOf(value), 1)
  const reported = new Set<string>()
  for (const [index, item] of all.items.entries()) {
    budget.values -= size
    if (budget.values < 0 || budget.left < 0) {
      mistakes.add(text.placeAt(entry.offset), 'the values of all tasks together are more than a list can hold; pass less to each of them')
      return
    }
    let label = ''
    const references = new ItemReferences(item.value, budget, (node, mistake) => {
      // An error in a text is reported once, not for every item.
      const slip = `${node.offset}:${mistake.reason}`
      if (!reported.has(slip))
        mistakes.addLast(
          text.placeAt(node.offset),
          `${label}: ${referenceMessage(mistake, item.value, itemLabel(all, index, text), mistakes)}`
        )
      reported.add(slip)
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

/** Whether any text in `node` refers to the item. */
export function hasOpenNode(node: ListNode, seen = new Set<ListNode>()): boolean {
  if (node.kind === 'scalar') return isOpenNode(node)
  if (seen.has(node)) return false
  seen.add(node)
  if (node.kind === 'list') return node.items.some(item => hasOpenNode(item, seen))
  return [...node.fields.values()].some(({value}) => hasOpenNode(value, seen))
}
