import type {Place, TaskScript} from '../../model/task.ts'
import type {EntryItem} from '../items/entry-items.ts'
import {refersToItem} from '../items/item-references.ts'
import type {entryShape} from '../schema/list-schema.ts'
import {describeNode, type MapNode, type ScalarNode} from '../source/list-node.ts'
import {type EntryScripts, type MemberScript, pathsOf} from './entry-scripts.ts'
import type {Fallback, PlacedText, TextReading} from './list-reading.ts'
import type {Fields} from './read-fields.ts'
import {readSettings} from './read-settings.ts'
import type {DraftName, TaskDraft} from './task-draft.ts'
import {nameFrom, nameOfScript, nameWithDetail, nameWithItem} from './task-name.ts'

/** The valid fields of an entry. */
export type EntryFields = Fields<typeof entryShape>

/** An entry for one of its items, or the entry itself if it has none. */
export interface Member {
  /** The entry as it is written. */
  readonly template: MapNode
  /** The entry with the item inserted. */
  readonly entry: MapNode
  readonly fields: EntryFields
  readonly item: EntryItem | undefined
}

/** The tasks of a member: one for each file of a glob or list of files, otherwise one. */
export function readMember(
  member: Member,
  place: Place,
  fallback: Fallback,
  scripts: EntryScripts,
  reading: TextReading
): readonly TaskDraft[] {
  const {template, entry, fields, item} = member
  const {values} = reading
  const settings = readSettings(entry, fields, fallback, reading)
  const needs = readNeeds(entry, fields, reading)
  const parameters = fields.parameters === undefined ? undefined : entry.fields.get('parameters')?.value
  const positional = fields.arguments === undefined ? undefined : entry.fields.get('arguments')?.value
  checkWhen(entry, fields, needs, reading)
  const common = {
    ...settings,
    parameters: parameters?.kind === 'map' ? values.readParameters(parameters) : undefined,
    arguments: positional?.kind === 'list' ? values.readArguments(positional) : undefined,
    item: item === undefined ? undefined : values.read(item.value, template.fields.has('matrix') ? 'matrix' : 'foreach'),
    when: fields.when ?? 'success',
    isInEachShard: fields.shard === 'each',
    place
  } as const
  return scripts.of(entry, fields, settings.workingDirectory).map(each => ({
    name: readName(member, each, place, reading),
    needs,
    match: each.isMatch && each.script.kind === 'file' ? each.script.path : undefined,
    settings: {...common, script: each.script}
  }))
}

function readName(
  {template, entry, fields, item}: Member,
  {script, shown, isMatch}: MemberScript,
  place: Place,
  {mistakes, text}: TextReading
): DraftName {
  const given = fields.name === undefined ? undefined : entry.fields.get('name')?.value
  if (given?.kind !== 'scalar') {
    const files = pathsOf(template)
    const isInPath = files.length > 0 && files.every(({text}) => refersToItem(text))
    return {text: defaultName(script, shown, isInPath ? undefined : item) || 'task', place, isExplicit: false}
  }
  const at = text.placeAt(given.offset)
  const name = nameFrom(given.text)
  if (name === '') mistakes.add(at, `name: expected text, got ${describeNode(given)}`)
  const written = template.fields.get('name')?.value
  const isPerItem = written?.kind === 'scalar' && refersToItem(written.text)
  const perItem = item === undefined || isPerItem ? name : nameWithItem(name, item.shown)
  const isSpread = isMatch || (item !== undefined && !isPerItem)
  return {text: isMatch ? nameWithDetail(perItem, shown) : perItem, place: at, isExplicit: !isSpread}
}

function defaultName(script: TaskScript, shown: string, item: EntryItem | undefined): string {
  if (script.kind === 'run') return nameOfScript(shown, item)
  const name = nameFrom(shown)
  return item === undefined ? nameOfScript(name) : nameWithItem(name, item.shown)
}

function readNeeds(entry: MapNode, fields: EntryFields, {text}: TextReading): PlacedText[] {
  const needs = fields.needs === undefined ? undefined : entry.fields.get('needs')?.value
  if (needs === undefined) return []
  const nodes = needs.kind === 'list' ? needs.items : [needs]
  return nodes
    .filter((node): node is ScalarNode => node.kind === 'scalar')
    .map(node => ({text: node.text, place: text.placeAt(node.offset)}))
}

function checkWhen(entry: MapNode, {when}: EntryFields, needs: readonly PlacedText[], {mistakes, text}: TextReading): void {
  const field = entry.fields.get('when')
  if (field === undefined || when === undefined || when === 'success' || needs.length > 0) return
  const written = entry.fields.get('needs')?.value
  const isEmpty = written === undefined || (written.kind === 'list' && written.items.length === 0)
  if (isEmpty) mistakes.add(text.placeAt(field.keyOffset), `when: ${when} is about the tasks that this one needs, but there is no "needs"`)
}
