import type {ListNode, MapNode, ScalarNode, ScalarValue} from '../source/list-node.ts'

/**
 * Whether `value` matches `filter`. At every level, only the keys or positions that the filter has are compared. Scalars are compared like `==` in
 * GitHub's expressions. Source: actions/runner, src/Sdk/WorkflowParser/Conversion/MatrixBuilder.cs.
 */
export function matchesLoosely(filter: ListNode, value: ListNode | undefined): boolean {
  switch (filter.kind) {
    case 'scalar':
      return (value === undefined || value.kind === 'scalar') && areLooselyEqual(filter.value, value?.value ?? null)
    case 'list':
      return filter.items.every((item, index) => matchesLoosely(item, value?.kind === 'list' ? value.items[index] : undefined))
    case 'map':
      return [...filter.fields.values()].every(field =>
        matchesLoosely(field.value, value?.kind === 'map' ? fieldOf(value, field.key) : undefined)
      )
  }
}

const indices = new WeakMap<MapNode, ReadonlyMap<string, ListNode>>()

function fieldOf(map: MapNode, key: string): ListNode | undefined {
  const index = indices.get(map) ?? new Map(Array.from(map.fields.values(), field => [keyIdentity(field.key), field.value]))
  indices.set(map, index)
  return index.get(keyIdentity(key))
}

/** A form of a key that ignores case, as GitHub's matrices and PowerShell do. */
export function keyIdentity(key: string): string {
  return key.toLowerCase()
}

/** Compares like `==` in GitHub's expressions: texts without regard to case, values of different kinds as numbers. */
function areLooselyEqual(a: ScalarValue, b: ScalarValue): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.toUpperCase() === b.toUpperCase()
  if (typeof a === typeof b) return a === b
  return numberOf(a) === numberOf(b)
}

/** NaN for a text that is not a number; NaN equals nothing. */
function numberOf(value: ScalarNode['value']): number {
  return value === null ? 0 : Number(value)
}
