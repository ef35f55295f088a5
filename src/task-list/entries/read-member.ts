import type {Place, TaskScript} from '../../model/task.ts'
import {refersToItem} from '../items/item-references.ts'
import type {entryShape} from '../schema/list-schema.ts'
import {describeNode, type ListNode, type MapNode, type ScalarNode} from '../source/list-node.ts'
import type {Fallback, PlacedText, TextReading} from './list-reading.ts'
import type {Fields} from './read-fields.ts'
import {readSettings} from './read-settings.ts'
import type {DraftName, TaskDraft} from './task-draft.ts'
import {nameFrom, nameOfScript, nameWithDetail, nameWithItem} from './task-name.ts'

/** The valid fields of an entry. */
export type EntryFields = Fields<typeof entryShape>

/** An entry for one item of its `foreach`, or as it is without `foreach`. */
export interface Member {
  /** As it was written. */
  readonly template: MapNode
  /** With the item inserted. */
  readonly entry: MapNode
  readonly fields: EntryFields
  readonly item: ListNode | undefined
}

interface MemberScript {
  readonly script: TaskScript
  /** Source of the default name. */
  readonly shown: string
  readonly isMatch: boolean
}

/** The tasks of a member: one, or with a glob one for each file. */
export function readMember(
  member: Member,
  place: Place,
  fallback: Fallback,
  reading: TextReading
): {tasks: readonly TaskDraft[]; isGlob: boolean} {
  const {entry, fields, item} = member
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
    item: item === undefined ? undefined : values.read(item, 'foreach'),
    when: fields.when ?? 'success',
    isInEachShard: fields.shard === 'each',
    place
  } as const
  const scripts = readScripts(entry, fields, settings.workingDirectory, reading)
  const tasks = scripts.map(each => ({
    name: readName(member, each, place, reading),
    needs,
    match: each.isMatch && each.script.kind === 'file' ? each.script.path : undefined,
    settings: {...common, script: each.script}
  }))
  return {tasks, isGlob: scripts.some(({isMatch}) => isMatch)}
}

function readScripts(entry: MapNode, fields: EntryFields, workingDirectory: string, {mistakes, paths, text}: TextReading): MemberScript[] {
  const file = fields.file === undefined ? undefined : entry.fields.get('file')?.value
  if (file?.kind === 'scalar') {
    const found = paths.files(file.text, ['.ps1'], workingDirectory, entry.fields.has('needs'))
    if (found.ok) {
      const {files, isGlob} = found.value
      return files.map(({path, shown}) => ({script: {kind: 'file', path}, shown, isMatch: isGlob}))
    }
    mistakes.add(text.placeAt(file.offset), `file: ${found.error}`)
  }
  const run = entry.fields.get('run')?.value
  const script = run?.kind === 'scalar' ? run.text : ''
  return [{script: {kind: 'run', text: script}, shown: script, isMatch: false}]
}

function readName(
  {template, entry, fields, item}: Member,
  {script, shown, isMatch}: MemberScript,
  place: Place,
  {mistakes, text}: TextReading
): DraftName {
  const given = fields.name === undefined ? undefined : entry.fields.get('name')?.value
  if (given?.kind !== 'scalar') {
    const file = template.fields.get('file')?.value
    const isInPath = file?.kind === 'scalar' && refersToItem(file.text)
    return {text: defaultName(script, shown, isInPath ? undefined : item) || 'task', place, isExplicit: false}
  }
  const at = text.placeAt(given.offset)
  const name = nameFrom(given.text)
  if (name === '') mistakes.add(at, `name: expected text, got ${describeNode(given)}`)
  const written = template.fields.get('name')?.value
  const isPerItem = written?.kind === 'scalar' && refersToItem(written.text)
  const perItem = item === undefined || isPerItem ? name : nameWithItem(name, item)
  const isSpread = isMatch || (item !== undefined && !isPerItem)
  return {text: isMatch ? nameWithDetail(perItem, shown) : perItem, place: at, isExplicit: !isSpread}
}

function defaultName(script: TaskScript, shown: string, item: ListNode | undefined): string {
  if (script.kind === 'run') return nameOfScript(shown, item)
  const name = nameFrom(shown)
  return item === undefined ? nameOfScript(name) : nameWithItem(name, item)
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
