import {NameTable} from '../model/name-table.ts'
import {quoted, quotedList} from '../text/quoted.ts'

/** The values set by one task. */
export interface NamedValues {
  /** Name of the task, for messages. */
  readonly name: string
  readonly values: ReadonlyMap<string, string>
}

/** The file that the values come from. */
export interface ValueKind {
  /** The word in messages. */
  readonly kind: 'output' | 'variable'
  /** `true` treats names that differ only in case as one. */
  readonly ignoresCase: boolean
}

/** A name's value and the tasks that set it. */
interface Setting {
  /** The value that the last task set. */
  readonly value: string
  readonly isDisputed: boolean
  /** Names of tasks, in declared order. */
  readonly writers: string[]
}

/** Merges values in declared order, later ones replacing earlier ones, with a warning for each name that got different values. */
export function mergeValues(
  tasks: readonly NamedValues[],
  {kind, ignoresCase}: ValueKind
): {readonly values: ReadonlyMap<string, string>; readonly warnings: readonly string[]} {
  const settings = new NameTable<Setting>(ignoresCase)
  for (const {name: task, values} of tasks) {
    for (const [name, value] of values) {
      const before = settings.get(name)
      const writers = before?.writers ?? []
      writers.push(task)
      const isDisputed = before !== undefined && (before.isDisputed || before.value !== value)
      settings.set(name, {value, isDisputed, writers})
    }
  }
  const all = [...settings.toMap()]
  return {
    values: new Map(all.map(([name, {value}]) => [name, value])),
    warnings: all.filter(([, {isDisputed}]) => isDisputed).map(([name, {writers}]) => disputeWarning(kind, name, writers))
  }
}

function disputeWarning(kind: ValueKind['kind'], name: string, writers: readonly string[]): string {
  const winner = quoted(writers.at(-1) ?? '')
  return `The ${kind} ${quoted(name)} has different values from the tasks ${quotedList(writers)}: that of ${winner}, declared last, is used`
}
