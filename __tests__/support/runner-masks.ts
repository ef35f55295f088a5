/**
 * How the runner takes secrets out of what it stores, rule by rule as its source has it and apart from how the product does it.
 * Source: actions/runner 2.336.0, src/Sdk/DTLogging/Logging/SecretMasker.cs, ValueSecret.cs and ValueEncoders.cs.
 */

/** The values that a runner masks. */
export class RunnerMasks {
  readonly #originals = new Set<string>()
  readonly #values = new Set<string>()

  /** `add-mask`: the value as it is and each of its lines, trimmed (src/Runner.Worker/ActionCommandManager.cs:440-448). */
  addWithLines(value: string): void {
    this.add(value)
    for (const line of value.split(/[\r\n]/)) this.add(trimmed(line))
  }

  /** The value, and what each encoder makes of it (SecretMasker.cs:78-143). */
  add(value: string): void {
    if (value === '' || this.#originals.has(value)) return
    this.#originals.add(value)
    for (const each of [value, ...encoders.map(encode => encode(value))]) if (each !== '') this.#values.add(each)
  }

  /** Ranges that overlap or touch become one `***` (SecretMasker.cs:216-297); occurrences may overlap (ValueSecret.cs:27-44). */
  mask(text: string): string {
    const ranges = [...this.#values].flatMap(value => positions(text, value)).toSorted((a, b) => a.from - b.from)
    let result = ''
    let end = 0
    let isMasking = false
    for (const {from, to} of ranges) {
      if (!isMasking || from > end) result += `${text.slice(end, from)}***`
      end = isMasking ? Math.max(end, to) : to
      isMasking = true
    }
    return result + text.slice(end)
  }
}

function positions(text: string, value: string): {from: number; to: number}[] {
  const found: {from: number; to: number}[] = []
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) found.push({from: at, to: at + value.length})
  return found
}

type Encoder = (value: string) => string

// In the order of src/Runner.Common/HostContext.cs:103-113; each with its lines in ValueEncoders.cs.
const encoders: readonly Encoder[] = [
  value => base64(value, 0), // :16-19
  value => base64(value, 1), // :31-34
  value => base64(value, 2), // :36-39
  value => value.replaceAll('"', '\\"'), // CommandLineArgumentEscape, :42-45
  value => value.replaceAll("'", "''"), // ExpressionStringEscape, :47-50
  jsonString, // :52-58
  value => encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\ufffd')).replace(/[!'()*]/g, percent), // UriDataEscape, :60-63
  xmlData, // :65-68
  value => (value.length > 8 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : ''), // TrimDoubleQuotes, :70-82
  beforeAmpersand, // :84-116
  afterAmpersand // :118-144
]

function base64(value: string, shift: number): string {
  const bytes = Buffer.from(value)
  return (bytes.length > shift ? bytes.subarray(shift) : bytes).toString('base64')
}

const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`

// Newtonsoft also escapes what JavaScript would take for a line end.
function jsonString(value: string): string {
  const json = JSON.stringify(value).slice(1, -1)
  return json.replace(/[\u0085\u2028\u2029]/g, end => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const xmlEntities: Readonly<Record<string, string>> = {'<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '&': '&amp;'}
function xmlData(value: string): string {
  return value.replace(/[<>"'&]/g, character => xmlEntities[character] ?? character)
}

const shortestSection = 6
const longEnough = (section: string) => (section.length >= shortestSection ? section : '')

function beforeAmpersand(value: string): string {
  if (!value.includes('&')) return ''
  return longEnough(value.includes('&+') ? value.slice(0, value.indexOf('&+') + 2) : value.slice(0, value.lastIndexOf('&') + 1))
}

function afterAmpersand(value: string): string {
  if (!value.includes('&')) return ''
  // One more is skipped: the letter that PowerShell colors.
  return longEnough(value.includes('&+') ? value.slice(value.indexOf('&+') + 3) : value.slice(value.lastIndexOf('&') + 1))
}

const trimmed = (text: string) => text.replace(/^(?:(?!\uFEFF)[\s\u0085])+|(?:(?!\uFEFF)[\s\u0085])+$/g, '')
