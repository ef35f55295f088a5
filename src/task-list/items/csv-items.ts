import {CsvError, parse} from 'csv-parse/sync'
import {quoted} from '../../text/quoted.ts'
import {type ListNode, type MapField, mapNode, stringNode} from '../source/list-node.ts'
import type {LocatedText} from '../source/list-text.ts'
import type {MistakeLog} from '../source/mistakes.ts'
import {maxTasks, maxValues, tooManyItems} from './item-reading.ts'
import {keyIdentity} from './loose-match.ts'

/** A record of a CSV. */
interface Row {
  readonly values: readonly string[]
  /** Offset of its first character. */
  readonly offset: number
}

/**
 * The rows of a CSV (RFC 4180, with any line ends) below the header, each a map of texts by header name. `base` is added to all offsets. Errors go to
 * `mistakes`, with the line on which the row begins.
 */
export function csvItems(text: LocatedText, base: number, mistakes: MistakeLog): readonly ListNode[] {
  const rows = readRows(text, mistakes)
  if (rows === undefined) return []
  const [header, ...others] = rows
  if (header === undefined) {
    mistakes.add(text.placeAt(0), 'expected a CSV with a header, which names the keys of the items, got no line')
    return []
  }
  if (!isHeader(header, text, mistakes)) return []
  if (others.length > maxTasks) {
    mistakes.add(text.placeAt(0), tooManyItems)
    return []
  }
  if (header.values.length * others.length > maxValues) {
    mistakes.add(text.placeAt(0), `the CSV has more than ${maxValues.toLocaleString('en')} values`)
    return []
  }
  return others.flatMap(({values, offset}) => {
    if (values.length === header.values.length) {
      const field = (key: string, at: number): MapField => ({
        key,
        keyOffset: base + header.offset,
        value: stringNode(values[at] ?? '', base + offset)
      })
      return [mapNode(new Map(header.values.map((key, at) => [key, field(key, at)])), base + offset)]
    }
    mistakes.add(text.placeAt(offset), `expected ${header.values.length} values, as the header has names, got ${values.length}`)
    return []
  })
}

function isHeader({values, offset}: Row, text: LocatedText, mistakes: MistakeLog): boolean {
  const place = text.placeAt(offset)
  const names = new Map<string, string>()
  let isRight = true
  for (const [at, name] of values.entries()) {
    const other = names.get(keyIdentity(name))
    names.set(keyIdentity(name), name)
    if (name !== '' && other === undefined) continue
    isRight = false
    if (name === '') mistakes.add(place, `expected a name in each column of the header, got none in column ${at + 1}`)
    else if (name === other) mistakes.add(place, `the header has the name ${quoted(name)} twice`)
    else mistakes.add(place, `the header has the names ${quoted(other ?? '')} and ${quoted(name)}, which is one key to PowerShell`)
  }
  return isRight
}

/** The records without blank lines; `undefined` if the text is not valid CSV. */
function readRows(text: LocatedText, mistakes: MistakeLog): readonly Row[] | undefined {
  // Export-Csv of Windows PowerShell writes this line above the header.
  const start = /^#TYPE [^\r\n]*(?:\r\n|\r|\n)?/.exec(text.text)?.[0].length ?? 0
  const bytes = Buffer.from(text.text.slice(start))
  const offsets = new RowOffsets(bytes, start)
  const rows: Row[] = []
  try {
    parse(bytes, {
      // Rows are not collected by the library: its info about each would take gigabytes if there are many short ones.
      on_record: (values, {bytes: end}) => {
        rows.push({values, offset: offsets.next(end)})
        return null
      },
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      // The header, and one row more than a list may have.
      to: maxTasks + 2
    })
    return rows
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    // The end of the previous row, or one byte further at the end of the text.
    const end = typeof error.bytes === 'number' ? error.bytes : 0
    const line = text.text.lastIndexOf('\n', offsets.after(end) - 1) + 1
    mistakes.add(text.placeAt(line), `the CSV is wrong in the row that begins here: ${causeOf(error)}`)
    return undefined
  }
}

function causeOf({code, message}: CsvError): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quote is never closed'
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'a comma or the end of the line has to follow a closing quote (a quote in a value is written twice)'
    case 'INVALID_OPENING_QUOTE':
      return 'a value with a quote in it has to be in quotes, and the quote written twice'
    default:
      return message
  }
}

/** Converts the ends of rows, known in bytes, to offsets in UTF-16 units. */
class RowOffsets {
  readonly #bytes: Buffer
  #byte = 0
  #offset: number

  /** `start`: the offset of the first byte. */
  constructor(bytes: Buffer, start: number) {
    this.#bytes = bytes
    this.#offset = start
  }

  /** The offset of the next row. `end`: the byte at which that row ends. */
  next(end: number): number {
    const row = this.#skipBlank()
    this.#offset += this.#bytes.toString('utf8', this.#byte, end).length
    this.#byte = end
    return row
  }

  /** The offset of the row after the one that ends at byte `end`. */
  after(end: number): number {
    if (end > this.#byte) this.next(end)
    return this.#skipBlank()
  }

  #skipBlank(): number {
    while (this.#bytes[this.#byte] === 10 || this.#bytes[this.#byte] === 13) {
      this.#byte++
      this.#offset++
    }
    return this.#offset
  }
}
