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
  /** Of its first character. */
  readonly offset: number
}

/**
 * The rows of a CSV (RFC 4180, with any line ends) below its header, each a map of texts by the names in the header. `base` is added to all offsets.
 * What is wrong goes to `mistakes`, with the line where the row begins.
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

/** The records, blank lines left out; `undefined` where the text is no CSV. */
function readRows(text: LocatedText, mistakes: MistakeLog): readonly Row[] | undefined {
  // What Export-Csv writes above the header in Windows PowerShell.
  const start = /^#TYPE [^\r\n]*(?:\r\n|\r|\n)?/.exec(text.text)?.[0].length ?? 0
  const bytes = Buffer.from(text.text.slice(start))
  const offsets = new RowOffsets(bytes, start)
  const rows: Row[] = []
  try {
    parse(bytes, {
      // None is kept by the library: of many short ones, what it tells of each would take gigabytes.
      on_record: (values, {bytes: end}) => {
        rows.push({values, offset: offsets.next(end)})
        return null
      },
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      // The header, and one more than can be used.
      to: maxTasks + 2
    })
    return rows
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    // Behind the row before, or a byte further at the end of the text.
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

/** Offsets in UTF-16 units of rows, whose ends are known in bytes. */
class RowOffsets {
  readonly #bytes: Buffer
  #byte = 0
  #offset: number

  /** `start`: the offset of the first byte. */
  constructor(bytes: Buffer, start: number) {
    this.#bytes = bytes
    this.#offset = start
  }

  /** The offset of the next row, which ends at this byte. */
  next(end: number): number {
    const row = this.#skipBlank()
    this.#offset += this.#bytes.toString('utf8', this.#byte, end).length
    this.#byte = end
    return row
  }

  /** The offset of the row after the one that ends at this byte. */
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
