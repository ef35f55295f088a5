import path from 'node:path'
import {failure, type Result} from '../../model/result.ts'
import {readAtMost} from '../../system/bounded-read.ts'
import {quoted} from '../../text/quoted.ts'
import {decodeList} from '../source/list-files.ts'
import {describeNode, type ListNode, type ScalarNode, stringNode} from '../source/list-node.ts'
import {LocatedText, maxTextBytes} from '../source/list-text.ts'
import {nodeFromYaml} from '../source/node-from-yaml.ts'
import type {FoundFile} from '../source/path-lookup.ts'
import {parseYaml} from '../source/yaml-document.ts'
import {csvItems} from './csv-items.ts'
import {type ItemReading, maxTasks, tooManyItems} from './item-reading.ts'

/** Reads the items in a text. `base`: the offset at which the text is attached to the text of the list. */
type ReadItems = (text: LocatedText, base: number, reading: ItemReading) => readonly ListNode[]

const readers: Readonly<Record<string, ReadItems>> = {
  '.csv': (text, base, {mistakes}) => csvItems(text, base, mistakes),
  '.txt': lineItems,
  '.json': yamlItems,
  '.yml': yamlItems,
  '.yaml': yamlItems
}

const extensions = Object.keys(readers)

/**
 * Reads the items in the file that `node` names, relative to the workspace. The items are the rows of a CSV file as maps of texts, the lines of a
 * text file that are neither blank nor comments, or the list in a JSON or YAML file. Each file is read once for each list text. Errors go to the
 * mistakes.
 */
export function readItemFile(node: ScalarNode, hasNeeds: boolean, reading: ItemReading): readonly ListNode[] {
  const {context, itemFiles, mistakes, paths, text} = reading
  const given = node.text
  const refuse = (message: string): readonly ListNode[] => {
    mistakes.add(text.placeAt(node.offset), `foreach: ${message}`)
    return []
  }
  if (!extensions.includes(path.extname(given).toLowerCase()))
    return refuse(`expected a list of items, or the path of a .csv, .txt, .json or .yml file of them, got ${describeNode(node)}`)
  const found = paths.file(given, extensions, context.workingDirectory)
  if (!found.ok) {
    if (/[*?]/.test(given)) return refuse(`${found.error}; foreach takes one file, and no glob`)
    return refuse(`${found.error}${hasNeeds ? '; it is read with the list, before any task has run' : ''}`)
  }
  const known = itemFiles.get(found.value.path)
  if (known !== undefined) return known
  itemFiles.set(found.value.path, [])
  const read = readText(found.value, reading)
  if (!read.ok) return refuse(read.error)
  const own = new LocatedText({source: found.value.shown, file: paths.shown(found.value.path), notation: 'yaml', text: read.value})
  const items = readers[path.extname(given).toLowerCase()]?.(own, text.attach(own), reading) ?? []
  itemFiles.set(found.value.path, items)
  return items
}

function readText({path: file, shown}: FoundFile, {budget}: ItemReading): Result<string, string> {
  const read = readAtMost(file, maxTextBytes)
  if (!read.ok) return failure(`${quoted(shown)} ${read.error}`)
  const {bytes, size} = read.value
  if (size > maxTextBytes)
    return failure(`${quoted(shown)} has ${size.toLocaleString('en')} bytes, and 8 MiB is the limit of a file of items`)
  budget.itemBytes -= size
  if (budget.itemBytes < 0) return failure(`the files of items have more than 64 MiB together, with ${quoted(shown)}`)
  return decodeList(bytes, quoted(shown))
}

function lineItems(own: LocatedText, base: number, {mistakes}: ItemReading): readonly ListNode[] {
  const items: ListNode[] = []
  for (const {0: written, index} of own.text.matchAll(/[^\r\n]+/g)) {
    const line = written.trim()
    if (line === '' || line.startsWith('#')) continue
    items.push(stringNode(line, base + index))
    if (items.length <= maxTasks) continue
    mistakes.add(own.placeAt(index), tooManyItems)
    return []
  }
  return items
}

function yamlItems(own: LocatedText, base: number, {mistakes, text}: ItemReading): readonly ListNode[] {
  const parsed = parseYaml(own, mistakes)
  if (!parsed.ok) return []
  const root = nodeFromYaml(parsed.value, text, mistakes, base)
  if (root.kind === 'list') return root.items
  // An empty file has no items, just as a text file without lines has none.
  if (root.kind === 'scalar' && root.value === null) return []
  const hint = root.kind === 'map' ? '; of one object PowerShell makes a list with ConvertTo-Json -AsArray' : ''
  mistakes.add(text.placeAt(root.offset), `expected a list of items, got ${describeNode(root)}${hint}`)
  return []
}
