import {NeedsGraph} from '../model/needs-graph.ts'
import {failure, type Result, success} from '../model/result.ts'
import type {Task} from '../model/task.ts'
import {PortableContent} from '../text/portable-content.ts'
import {quoted} from '../text/quoted.ts'
import {checkEachShard} from './check-each-shard.ts'
import type {ListReading} from './entries/list-reading.ts'
import type {EntryDraft, TaskDraft} from './entries/task-draft.ts'
import {idFromName} from './entries/task-name.ts'
import {identifyTasks} from './identify-tasks.ts'
import {maxItemBytes, maxTasks, maxValues, moreThanTasks} from './items/item-reading.ts'
import {keyTasks} from './key-tasks.ts'
import {resolveLocks} from './locks.ts'
import {nameTasks} from './name-tasks.ts'
import {readText} from './read-text.ts'
import {resolveNeeds} from './resolve-needs.ts'
import type {ListContext, TaskListText} from './source/list-text.ts'
import {type Mistake, MistakeLog} from './source/mistakes.ts'
import {PathLookup} from './source/path-lookup.ts'

export type {ListContext, TaskListText} from './source/list-text.ts'
export type {Mistake} from './source/mistakes.ts'

/** Most text that references to items may produce in all tasks together, in UTF-16 units. */
const maxItemText = 64 * 1024 * 1024

/**
 * Reads a list of one or more texts into tasks in declared order, with all defaults applied, all paths absolute and all references resolved. The
 * error lists all mistakes, text by text, from top to bottom. `defaults` apply to their own text only; ids and names must be unique over all texts.
 * `isPartial`: texts are missing, so unknown ids are not mistakes.
 */
export function readTaskList(
  texts: readonly TaskListText[],
  context: ListContext,
  isPartial = false
): Result<readonly Task[], readonly Mistake[]> {
  const mistakes = new MistakeLog()
  const budget = {tasks: maxTasks, values: maxValues, left: maxItemText, itemBytes: maxItemBytes}
  const list: ListReading = {context, mistakes, paths: new PathLookup(context), budget, locks: new Map()}
  const entries: EntryDraft[] = []
  for (const text of texts) {
    for (const entry of readText(text, list)) entries.push(entry)
    if (budget.tasks < 0) {
      mistakes.add({source: text.source, file: text.file, line: 1, column: 1}, tooManyTasks)
      return failure(mistakes.inOrder())
    }
  }
  const tasks = connect(entries, list, isPartial)
  return mistakes.isEmpty ? success(tasks) : failure(mistakes.inOrder())
}

const tooManyTasks = `the list makes more than ${maxTasks.toLocaleString('en')} tasks, which is the limit; ${moreThanTasks}`

function connect(entries: readonly EntryDraft[], {context, locks, mistakes}: ListReading, isPartial: boolean): readonly Task[] {
  const drafts = entries.flatMap(entry => entry.tasks)
  const names = nameTasks(
    drafts.map(({name}) => name),
    mistakes
  )
  const ids = identifyTasks(entries, mistakes)
  const needs = resolveNeeds(drafts, ids, isPartial ? undefined : mistakes)
  const keys = keyTasks(
    entries
      .flatMap(entry => entry.tasks.map(task => ({...task, hasId: entry.id !== undefined})))
      .map(({hasId, match, name, settings}, index) => ({
        ...settings,
        id: ids.ofTasks[index] ?? '',
        group: ids.ofGroups[index],
        defaultId: hasId ? undefined : idFromName(name.text),
        match
      })),
    new PortableContent(context)
  )
  const locksOf = resolveLocks(
    drafts.map(({settings}) => settings.locks),
    locks,
    mistakes
  )
  const tasks = drafts.map(
    ({name, settings}, index): Task => ({
      index,
      position: index,
      key: keys[index] ?? '',
      fingerprint: null,
      id: ids.ofTasks[index] ?? '',
      group: ids.ofGroups[index],
      name: names[index] ?? '',
      isNamedByScript: !name.isExplicit && settings.script.kind === 'run',
      needs: needs[index] ?? [],
      ...settings,
      locks: locksOf[index] ?? []
    })
  )
  reportCycles(tasks, drafts, mistakes)
  checkEachShard(tasks, drafts, mistakes)
  return tasks
}

function reportCycles(tasks: readonly Task[], drafts: readonly TaskDraft[], mistakes: MistakeLog): void {
  for (const cycle of new NeedsGraph(tasks).cycles()) {
    const [first = 0, second = first] = cycle
    const at = tasks[first]?.needs.findIndex(need => need.tasks.includes(second)) ?? 0
    const place = drafts[first]?.needs[at]?.place ?? drafts[first]?.needs[0]?.place
    const ids = [...cycle, first].map(index => quoted(tasks[index]?.id ?? ''))
    const shown = ids.length > 12 ? [...ids.slice(0, 6), `… ${ids.length - 11} more …`, ...ids.slice(-5)] : ids
    if (place !== undefined) mistakes.add(place, `needs: ${shown.join(' needs ')}: none of them could ever start`)
  }
}
