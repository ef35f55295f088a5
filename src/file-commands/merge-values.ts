import {NameTable} from '../model/name-table.ts'
import {quoted, quotedList} from '../text/quoted.ts'

/** The values that one task set. */
export interface NamedValues {
  /** The task's, for messages. */
  readonly name: string
  readonly values: ReadonlyMap<string, string>
}

/** What is merged. */
export interface ValueKind {
  /** As a message calls it. */
  readonly kind: 'output' | 'variable'
  /** Whether names that differ in case alone are one. */
  readonly ignoresCase: boolean
}

/** Who set a name, and to what. */
interface Setting {
  /** The last one's. */
  readonly value: string
  readonly isDisputed: boolean
  /** Names of tasks, in declared order. */
  readonly writers: string[]
}

/** The values of all tasks, in declared order, a later one's instead of an earlier one's; a warning for each name with different values. */
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
