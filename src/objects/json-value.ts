import type {Value, ValueMap} from '../model/task.ts'

/** Deepest nesting that is read; workers write far less. */
const maxDepth = 64

/**
 * Parses JSON without loss: whole numbers of any size become `bigint`, others `number`, and keys keep their order. `undefined` if the text is no JSON
 * or is nested too deeply.
 */
export function parseJson(text: string): Value | undefined {
  try {
    JSON.parse(text)
    return taggedValue(JSON.parse(withTags(text)), maxDepth)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}

/**
 * The text with each scalar as a string whose first character is its kind: `#` for a number as it is written, `$` for a string or a key. Needed
 * because `JSON.parse` rounds numbers and reorders keys that are numbers. Precondition: `text` is JSON.
 */
function withTags(text: string): string {
  const parts: string[] = []
  for (let start = 0; start < text.length; ) {
    const quote = text.indexOf('"', start)
    const between = text.slice(start, quote < 0 ? text.length : quote)
    parts.push(between.replace(/-?\d[\d.eE+-]*/g, number => `"#${number}"`))
    if (quote < 0) break
    let end = quote + 1
    while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1
    parts.push('"$', text.slice(quote + 1, end + 1))
    start = end + 1
  }
  return parts.join('')
}

function taggedValue(parsed: unknown, depth: number): Value {
  if (depth < 0) throw new RangeError('nested too deep')
  if (typeof parsed === 'string') return parsed.startsWith('$') ? parsed.slice(1) : numberOf(parsed.slice(1))
  if (parsed === null || typeof parsed === 'boolean') return parsed
  if (Array.isArray(parsed)) return parsed.map(item => taggedValue(item, depth - 1))
  return new Map(Object.entries(parsed as object).map(([key, value]) => [key.slice(1), taggedValue(value, depth - 1)]))
}

const numberOf = (digits: string): Value => (/^-?\d+$/.test(digits) ? BigInt(digits) : Number(digits))

/** The value as compact JSON: lone halves of surrogate pairs are escaped; numbers that JSON cannot express become text. */
export function renderJson(value: Value): string {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : JSON.stringify(String(value))
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (isMap(value)) return `{${[...value].map(([key, part]) => `${JSON.stringify(key)}:${renderJson(part)}`).join(',')}}`
  return `[${value.map(renderJson).join(',')}]`
}

export function isMap(value: Value): value is ValueMap {
  return value instanceof Map
}

/** The value with all texts and keys masked. A number, `true`, `false` or `null` that contains a secret becomes text. */
export function maskedValue(value: Value, mask: (text: string) => string): Value {
  if (typeof value === 'string') return mask(value)
  if (value === null || typeof value !== 'object') {
    const text = renderJson(value)
    const masked = mask(text)
    return masked === text ? value : masked
  }
  if (isMap(value)) return new Map([...value].map(([key, part]) => [mask(key), maskedValue(part, mask)]))
  return value.map(part => maskedValue(part, mask))
}
