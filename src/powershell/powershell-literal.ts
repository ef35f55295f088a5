import type {Value, ValueMap} from '../model/task.ts'
import {unreachable} from '../model/unreachable.ts'

/**
 * The PowerShell expression that evaluates to `value`, equal in value and type: null, bool, int or long or bigint by size, double, string, object[]
 * or hashtable. It is one physical line. A value cannot change its syntax, because every character that is not plain and printable is written as a
 * number. Precondition: no two keys of one map are equal without regard to case (the task list refuses them).
 */
export function powershellLiteral(value: Value): string {
  if (value === null) return '$null'
  switch (typeof value) {
    case 'boolean':
      return value ? '$true' : '$false'
    case 'bigint':
      return integerLiteral(value)
    case 'number':
      return doubleLiteral(value)
    case 'string':
      return stringLiteral(value)
    case 'object':
      return isMap(value) ? hashtableLiteral(value) : arrayLiteral(value)
    default:
      return unreachable(value)
  }
}

const isMap = (value: readonly Value[] | ValueMap): value is ValueMap => value instanceof Map

const maxInt = 2n ** 31n
const maxLong = 2n ** 63n

// A cast from a string: a bare literal larger than long would be a decimal or a double, and the smallest int would be parsed as a negated long.
function integerLiteral(value: bigint): string {
  if (value >= -maxInt && value < maxInt) return `[int]'${value}'`
  if (value >= -maxLong && value < maxLong) return `[long]'${value}'`
  return `[bigint]::Parse('${value}',[cultureinfo]::InvariantCulture)`
}

function doubleLiteral(value: number): string {
  if (Number.isNaN(value)) return '[double]::NaN'
  if (!Number.isFinite(value)) return value > 0 ? '[double]::PositiveInfinity' : '[double]::NegativeInfinity'
  return `[double]'${Object.is(value, -0) ? '-0.0' : value}'`
}

// Only printable ASCII is written as it is: PowerShell also takes U+2018..201B for single quotes, and Windows PowerShell reads a file without a byte
// order mark as ANSI.
const segments = /[ -&(-~]+|[^ -&(-~]+/g
const isPlain = (segment: string): boolean => /^[ -&(-~]/.test(segment)

function stringLiteral(text: string): string {
  const parts = text.match(segments) ?? []
  if (parts.length === 0) return "''"
  if (parts.length === 1 && isPlain(text)) return `'${text}'`
  return `(-join(${parts.map(part => (isPlain(part) ? `'${part}'` : characterCodes(part))).join(',')}))`
}

// Unit by unit of UTF-16, which keeps a lone surrogate that a file could not hold.
function characterCodes(segment: string): string {
  return Array.from({length: segment.length}, (_, i) => `[char]${segment.charCodeAt(i)}`).join(',')
}

// The comma in front keeps PowerShell from unrolling an array that is the only element.
function arrayLiteral(values: readonly Value[]): string {
  const [only, ...others] = values
  if (only === undefined) return '@()'
  return others.length === 0 ? `@(,${powershellLiteral(only)})` : `@(${values.map(powershellLiteral).join(',')})`
}

function hashtableLiteral(map: ValueMap): string {
  return `@{${[...map].map(([key, value]) => `${stringLiteral(key)}=${powershellLiteral(value)}`).join(';')}}`
}
