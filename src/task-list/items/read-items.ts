import type {MapNode} from '../source/list-node.ts'
import {type EntryItems, hasNeeds, itemsOf} from './entry-items.ts'
import {readItemFile} from './item-file.ts'
import type {ItemReading} from './item-reading.ts'
import {readMatrix} from './matrix.ts'

/** Reads the items of an entry; `undefined` if the entry is a single task. Invalid items go to the mistakes and yield an empty list. */
export function readItems(entry: MapNode, reading: ItemReading): EntryItems | undefined {
  const {mistakes, text} = reading
  const foreach = entry.fields.get('foreach')
  const matrix = entry.fields.get('matrix')
  if (foreach !== undefined && matrix !== undefined) {
    const second = foreach.keyOffset > matrix.keyOffset ? foreach : matrix
    mistakes.add(text.placeAt(second.keyOffset), 'expected one of "foreach" and "matrix", got both')
  }
  if (foreach !== undefined) {
    const {value} = foreach
    if (value.kind === 'list') return {field: 'foreach', items: itemsOf(value.items)}
    const isPath = value.kind === 'scalar' && typeof value.value === 'string' && value.text !== ''
    return {field: 'foreach', items: isPath ? itemsOf(readItemFile(value, hasNeeds(entry), reading)) : []}
  }
  if (matrix === undefined) return undefined
  return {field: 'matrix', items: matrix.value.kind === 'map' ? readMatrix(matrix.value, reading) : []}
}
