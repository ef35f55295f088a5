import {cut, maxShownLength, quoted} from '../../text/quoted.ts'

/** The value of a YAML scalar; an integer of any size is a `bigint`. */
export type ScalarValue = null | boolean | bigint | number | string

/** A single value. */
export interface ScalarNode {
  readonly kind: 'scalar'
  readonly value: ScalarValue
  /** The value of a string; for any other scalar the text as it is written, so that `1.10` stays `1.10`. */
  readonly text: string
  /** Offset of its start in the text, in UTF-16 units from 0. */
  readonly offset: number
}

/** Values in order. */
export interface SequenceNode {
  readonly kind: 'list'
  readonly items: readonly ListNode[]
  readonly offset: number
  /** Levels of lists and maps, this one included. */
  readonly depth: number
  /** Values in it when every alias is written out, itself included. */
  readonly size: number
}

/** One key of a map, and its value. */
export interface MapField {
  readonly key: string
  readonly keyOffset: number
  readonly value: ListNode
}

/** Values by key, in order. */
export interface MapNode {
  readonly kind: 'map'
  readonly fields: ReadonlyMap<string, MapField>
  readonly offset: number
  /** Levels of lists and maps, this one included. */
  readonly depth: number
  /** Values in it when every alias is written out, itself included. */
  readonly size: number
}

/**
 * A value of a document with its position. Aliases and merge keys are resolved; a value used by several aliases is one object, so the tree stays as
 * small as its text.
 */
export type ListNode = ScalarNode | SequenceNode | MapNode

/** Levels of lists and maps in `node`, itself included; 0 for a scalar. */
export function depthOf(node: ListNode): number {
  return node.kind === 'scalar' ? 0 : node.depth
}

/** Number of values in `node`, itself included, with aliases expanded. */
export function sizeOf(node: ListNode): number {
  return node.kind === 'scalar' ? 1 : node.size
}

/** A list of `items` that starts at `offset`. */
export function sequenceNode(items: readonly ListNode[], offset: number): SequenceNode {
  return {kind: 'list', items, offset, ...measure(items)}
}

/** A map of `fields` that starts at `offset`. */
export function mapNode(fields: ReadonlyMap<string, MapField>, offset: number): MapNode {
  return {kind: 'map', fields, offset, ...measure(Array.from(fields.values(), field => field.value))}
}

/** A string that starts at `offset`. */
export function stringNode(text: string, offset: number): ScalarNode {
  return {kind: 'scalar', value: text, text, offset}
}

function measure(children: readonly ListNode[]): {depth: number; size: number} {
  let depth = 0
  let size = 1
  for (const child of children) {
    depth = Math.max(depth, depthOf(child))
    size += sizeOf(child)
  }
  return {depth: depth + 1, size}
}

/** `node` in words, for the end of a message: `"5 mins"`, `12`, `true`, `nothing`, `a list`, `an empty map`. */
export function describeNode(node: ListNode): string {
  if (node.kind === 'list') return node.items.length === 0 ? 'an empty list' : 'a list'
  if (node.kind === 'map') return node.fields.size === 0 ? 'an empty map' : 'a map'
  if (node.value === null) return 'nothing'
  return typeof node.value === 'string' ? quoted(node.text) : cut(node.text, maxShownLength)
}
