import {foldCase} from '../model/name-table.ts'
import type {Value} from '../model/task.ts'
import {isMap} from './json-value.ts'

/**
 * A list of values as CLIXML on one line, for `PSSerializer.Deserialize`. Maps become custom objects, lists become `ArrayList`, and whole numbers
 * become the first type that holds them: int, long, decimal, string. Names that PowerShell does not allow (empty, or equal to another but for case)
 * are left out.
 */
export function renderClixml(values: readonly Value[]): string {
  return `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">${element(values, '')}</Objs>`
}

const maxInt = 2n ** 31n
const maxLong = 2n ** 63n
const maxDecimal = 2n ** 96n

function element(value: Value, name: string): string {
  const tagged = (tag: string, text: string) => `<${tag}${name}>${text}</${tag}>`
  if (value === null) return `<Nil${name} />`
  switch (typeof value) {
    case 'boolean':
      return tagged('B', String(value))
    case 'string':
      return tagged('S', escaped(value))
    case 'bigint':
      return tagged(integerTag(value), String(value))
    case 'number':
      return tagged('Db', doubleText(value))
    default:
      return isMap(value)
        ? tagged('Obj', `<MS>${members(value)}</MS>`)
        : tagged('Obj', `<LST>${value.map(item => element(item, '')).join('')}</LST>`)
  }
}

function integerTag(value: bigint): string {
  if (value >= -maxInt && value < maxInt) return 'I32'
  if (value >= -maxLong && value < maxLong) return 'I64'
  return value > -maxDecimal && value < maxDecimal ? 'D' : 'S'
}

function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF'
  return Object.is(value, -0) ? '-0' : String(value)
}

function members(map: ReadonlyMap<string, Value>): string {
  const seen = new Set<string>()
  const parts: string[] = []
  for (const [key, value] of map) {
    const folded = foldCase(key)
    if (key === '' || seen.has(folded)) continue
    seen.add(folded)
    parts.push(element(value, ` N="${escaped(key)}"`))
  }
  return parts.join('')
}

const entities: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'}

// PowerShell's own escapes: characters that XML cannot hold, and line ends, become `_xHHHH_`, and so does an underscore that would begin such an
// escape.
function escaped(text: string): string {
  return text
    .replace(/_(?=x)|[^ -~\u00a0-\ud7ff\ue000-\ufffd]/gi, unit => `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replace(/[&<>"]/g, mark => entities[mark] ?? mark)
}
