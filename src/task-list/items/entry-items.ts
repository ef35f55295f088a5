import type {ListNode, MapNode} from '../source/list-node.ts'
import type {LocatedText} from '../source/list-text.ts'
import {renderPlace} from '../source/mistakes.ts'

/** An item of an entry; each item becomes a task. */
export interface EntryItem {
  /** The value of `$_` in the task. */
  readonly value: ListNode
  /** The part of it that a default name shows. */
  readonly shown: ListNode
}

/** The items of an entry, in order. */
export interface EntryItems {
  /** The field that lists the items. */
  readonly field: 'foreach' | 'matrix'
  readonly items: readonly EntryItem[]
}

/** The fields that can list items. */
export const itemFields = ['foreach', 'matrix'] as const satisfies readonly EntryItems['field'][]

/** Whether an entry lists items, even if the list is empty. */
export function hasItems({fields}: MapNode): boolean {
  return itemFields.some(name => fields.has(name))
}

/** Whether an entry has needs: an earlier task may then create its files. */
export function hasNeeds({fields}: MapNode): boolean {
  const needs = fields.get('needs')?.value
  return needs !== undefined && !(needs.kind === 'list' && needs.items.length === 0)
}

/** The values as items whose default names show the whole value. */
export function itemsOf(values: readonly ListNode[]): readonly EntryItem[] {
  return values.map(value => ({value, shown: value}))
}

/** An item as messages name it: `item 3 of foreach`, with its position if it comes from a file. `index`: from 0. */
export function itemLabel({field, items}: EntryItems, index: number, text: LocatedText): string {
  if (field === 'matrix') return `combination ${index + 1} of matrix`
  const offset = items[index]?.value.offset ?? 0
  const file = text.isAttached(offset) ? ` (${renderPlace(text.placeAt(offset))})` : ''
  return `item ${index + 1} of foreach${file}`
}
