import {quoted} from '../../text/quoted.ts'
import {describeNode, type ListNode, type MapField, type MapNode, mapNode, sequenceNode, sizeOf} from '../source/list-node.ts'
import type {EntryItem} from './entry-items.ts'
import {type ItemReading, maxTasks, moreThanTasks} from './item-reading.ts'
import {keyIdentity, matchesLoosely} from './loose-match.ts'

/** Most combinations before `exclude`, and most comparisons with `include` and `exclude`: done in a second or two. */
const maxCombinations = 1_000_000
const maxComparisons = 100_000_000

/** A list of the matrix; each combination has one of its values. */
interface Vector {
  readonly field: MapField
  readonly values: readonly ListNode[]
}

/** A map of `include` or `exclude`. */
interface Filter {
  readonly offset: number
  /** For each vector: which of its values match; `undefined` if the filter does not mention the vector. */
  readonly matches: readonly (readonly boolean[] | undefined)[]
  /** The fields of the filter that name a vector. */
  readonly known: readonly MapField[]
  readonly extra: readonly MapField[]
}

/**
 * The combinations of a matrix, by GitHub's rules. All combinations of its lists are made, the last list varying fastest, and those that match
 * `exclude` are removed. `include` adds values to every combination that it matches, without changing a value from the lists; if it matches none, it
 * becomes a combination of its own. Task names show the values of the lists. Errors go to the mistakes.
 *
 * Source: https://docs.github.com/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations, and MatrixBuilder.cs of
 * actions/runner.
 */
export function readMatrix(matrix: MapNode, reading: ItemReading): readonly EntryItem[] {
  const {budget} = reading
  const vectors = readVectors(matrix, reading)
  const excludes = readFilters(matrix, 'exclude', reading)
  const includes = readFilters(matrix, 'include', reading)
  const refuse = (message: string): readonly EntryItem[] => {
    reading.mistakes.add(reading.text.placeAt(matrix.offset), `matrix: ${message}`)
    return []
  }
  if (isBlank(matrix)) return refuse('expected a list of values by name, or at least one map in "include"')
  const product = vectors.length === 0 ? 0 : vectors.reduce((all, {values}) => all * values.length, 1)
  if (product > maxCombinations)
    return refuse(
      `its lists have ${shown(product)} combinations, and ${shown(maxCombinations)} is the limit before "exclude"; shorten them`
    )
  if (product * vectors.length > budget.values) return refuse(tooMuch)
  if (comparisonsOf([...excludes, ...includes], vectors, product) > maxComparisons)
    return refuse(`${shown(product)} combinations are too many to compare with this much in "include" and "exclude"`)
  const excluded = excludes.map(filter => withMatches(filter, vectors))
  const included = includes.map(filter => withMatches(filter, vectors))
  const combinations = combinationsOf(vectors, product).filter(combination => !excluded.some(filter => isMatch(filter, combination)))
  if (combinations.length > maxTasks) return refuse(tooMany(combinations.length))
  const matched = new Set<Filter>()
  const extras: (readonly MapField[])[] = []
  let values = 0
  for (const combination of combinations) {
    const matching = included.filter(filter => isMatch(filter, combination))
    for (const filter of matching) matched.add(filter)
    const extra = matching.flatMap(filter => filter.extra)
    values += vectors.length + extra.length
    if (values > budget.values) return refuse(tooMuch)
    extras.push(extra)
  }
  const others = included.filter(filter => !matched.has(filter))
  const count = combinations.length + others.length
  if (count > maxTasks) return refuse(tooMany(count))
  budget.values -= values
  const items = combinations.map((combination, index) => {
    const chosen = vectors.map(({field, values: ofField}, at) => ({...field, value: ofField[combination[at] ?? 0] ?? field.value}))
    return itemOf(chosen, extras[index] ?? [], matrix.offset)
  })
  return [...items, ...others.map(({known, extra, offset}) => itemOf([...known, ...extra], [], offset))]
}

/** Whether the matrix has neither lists nor `include`. */
function isBlank(matrix: MapNode): boolean {
  const include = matrix.fields.get('include')?.value
  return listNames(matrix).length === 0 && (include === undefined || (include.kind === 'list' && include.items.length === 0))
}

function listNames({fields}: MapNode): readonly string[] {
  return [...fields.keys()].filter(name => name !== 'include' && name !== 'exclude')
}

const tooMuch = 'the values of all combinations are more than a list can hold'

const shown = (count: number): string => count.toLocaleString('en')

const tooMany = (count: number): string => `it makes ${shown(count)} tasks, and a list can have ${shown(maxTasks)}; ${moreThanTasks}`

function readVectors(matrix: MapNode, {mistakes, text}: ItemReading): readonly Vector[] {
  reportSameKeys(matrix, 'matrix', {mistakes, text})
  return [...matrix.fields.values()].flatMap(field => {
    const {key, value} = field
    if (key === 'include' || key === 'exclude') return []
    if (value.kind === 'list' && value.items.length > 0) return [{field, values: value.items}]
    mistakes.add(text.placeAt(value.offset), `matrix.${key}: expected a list of at least one value, got ${describeNode(value)}`)
    return []
  })
}

function readFilters(matrix: MapNode, name: 'include' | 'exclude', reading: ItemReading): readonly MapNode[] {
  const {mistakes, text} = reading
  const label = `matrix.${name}`
  const node = matrix.fields.get(name)?.value
  if (node === undefined) return []
  if (node.kind !== 'list') {
    mistakes.add(text.placeAt(node.offset), `${label}: expected a list of maps, got ${describeNode(node)}`)
    return []
  }
  // A list with an error has been reported already.
  const keys = new Map(listNames(matrix).map(key => [keyIdentity(key), key]))
  return node.items.flatMap(item => {
    if (item.kind !== 'map' || item.fields.size === 0) {
      mistakes.add(text.placeAt(item.offset), `${label}: expected a map of values, got ${describeNode(item)}`)
      return []
    }
    reportSameKeys(item, label, reading)
    if (name === 'include') return [item]
    for (const {key, keyOffset} of item.fields.values()) {
      if (keys.has(keyIdentity(key))) continue
      mistakes.add(text.placeAt(keyOffset), `${label}: the matrix has no list ${quoted(key)}${mistakes.hint(key, keys.values())}`)
    }
    return [item]
  })
}

function reportSameKeys(map: MapNode, label: string, {mistakes, text}: Pick<ItemReading, 'mistakes' | 'text'>): void {
  const spellings = new Map<string, string>()
  for (const {key, keyOffset} of map.fields.values()) {
    const other = spellings.get(keyIdentity(key))
    if (other !== undefined)
      mistakes.add(
        text.placeAt(keyOffset),
        `${label}: ${quoted(key)} and ${quoted(other)} differ in case only, which is one key to PowerShell`
      )
    spellings.set(keyIdentity(key), key)
  }
}

function comparisonsOf(filters: readonly MapNode[], vectors: readonly Vector[], product: number): number {
  const lengths = new Map(vectors.map(({field, values}) => [keyIdentity(field.key), values.length]))
  const ofValues = filters.flatMap(({fields}) =>
    Array.from(fields.values(), ({key, value}) => sizeOf(value) * (lengths.get(keyIdentity(key)) ?? 0))
  )
  return ofValues.reduce((sum, each) => sum + each, product * vectors.length * filters.length)
}

function withMatches({fields, offset}: MapNode, vectors: readonly Vector[]): Filter {
  const byKey = new Map(Array.from(fields.values(), field => [keyIdentity(field.key), field]))
  const matches = vectors.map(({field, values}) => {
    const asked = byKey.get(keyIdentity(field.key))
    return asked && values.map(value => matchesLoosely(asked.value, value))
  })
  const names = new Set(vectors.map(({field}) => keyIdentity(field.key)))
  const isKnown = ({key}: MapField) => names.has(keyIdentity(key))
  const all = [...fields.values()]
  return {offset, matches, known: all.filter(isKnown), extra: all.filter(field => !isKnown(field))}
}

/** A combination: for each vector, the index of its value. */
type Combination = readonly number[]

const isMatch = ({matches}: Filter, combination: Combination): boolean =>
  matches.every((matching, at) => matching?.[combination[at] ?? 0] !== false)

/** All combinations, the last vector varying fastest. */
function combinationsOf(vectors: readonly Vector[], product: number): Combination[] {
  return Array.from({length: product}, (_, index) => {
    let block = product
    return vectors.map(({values}) => {
      block /= values.length
      return Math.floor(index / block) % values.length
    })
  })
}

/** An item with these values. A value in `extra` replaces an earlier one of the same name. */
function itemOf(chosen: readonly MapField[], extra: readonly MapField[], offset: number): EntryItem {
  const fields = new Map(chosen.map(field => [field.key, field]))
  const spellings = new Map<string, string>()
  for (const field of extra) {
    const key = spellings.get(keyIdentity(field.key)) ?? field.key
    spellings.set(keyIdentity(key), key)
    fields.set(key, {...field, key})
  }
  return {
    value: mapNode(fields, offset),
    shown: sequenceNode(
      chosen.map(({value}) => value),
      offset
    )
  }
}
