import type {ListNode, MapNode} from '../source/list-node.ts'
import type {LocatedText} from '../source/list-text.ts'
import {renderPlace} from '../source/mistakes.ts'

/** One of the items that an entry makes tasks of. */
export interface EntryItem {
  /** Its `$_`. */
  readonly value: ListNode
  /** The part of it that a default name shows. */
  readonly shown: ListNode
}

/** The items of an entry, in order. */
export interface EntryItems {
  /** The field that they come from. */
  readonly field: 'foreach' | 'matrix'
  readonly items: readonly EntryItem[]
}

/** The fields that items come from. */
export const itemFields = ['foreach', 'matrix'] as const satisfies readonly EntryItems['field'][]

/** Whether an entry makes a task of each of its items, even if it has none. */
export function hasItems({fields}: MapNode): boolean {
  return itemFields.some(name => fields.has(name))
}

/** Whether a task of the entry starts after others, which may make what it needs. */
export function hasNeeds({fields}: MapNode): boolean {
  const needs = fields.get('needs')?.value
  return needs !== undefined && !(needs.kind === 'list' && needs.items.length === 0)
}

/** Each value as an item that is shown whole. */
export function itemsOf(values: readonly ListNode[]): readonly EntryItem[] {
  return values.map(value => ({value, shown: value}))
}

/** An item in a message: `item 3 of foreach`, with its place where that is in a file of items. `index`: from 0. */
export function itemLabel({field, items}: EntryItems, index: number, text: LocatedText): string {
  if (field === 'matrix') return `combination ${index + 1} of matrix`
  const offset = items[index]?.value.offset ?? 0
  const file = text.isAttached(offset) ? ` (${renderPlace(text.placeAt(offset))})` : ''
  return `item ${index + 1} of foreach${file}`
}
