import type {Task} from '../task.ts'
import {type AttemptAnnotations, annotationLimit} from '../task-command/attempt-annotations.ts'
import type {AnnotationType, TaskAnnotation} from '../task-command/interpreter.ts'

/** An annotation and the task that asked for it. */
export interface LedgerEntry {
  readonly task: Task
  readonly annotation: TaskAnnotation
}

/**
 * What tasks asked to be annotated, by the last attempt of each: an attempt that is retried leaves nothing. Of each type no more are kept than
 * can be given, the first in declared order.
 */
export class AnnotationLedger {
  #entries: readonly LedgerEntry[] = []
  readonly #counts = new Map<Task, Readonly<Record<AnnotationType, number>>>()
  readonly #totals: Record<AnnotationType, number> = {error: 0, warning: 0, notice: 0}

  /** Takes the annotations of an attempt instead of those of an earlier one. */
  set(task: Task, annotations: AttemptAnnotations): void {
    if (this.#counts.has(task)) this.#entries = this.#entries.filter(entry => entry.task !== task)
    const fresh = types.flatMap(type => annotations.first(type)).map(annotation => ({task, annotation}))
    const all = [...this.#entries, ...fresh].toSorted((a, b) => a.task.index - b.task.index)
    this.#entries = types.flatMap(type => all.filter(({annotation}) => annotation.type === type).slice(0, annotationLimit))
    for (const type of types) this.#totals[type] += annotations.counts[type] - (this.#counts.get(task)?.[type] ?? 0)
    this.#counts.set(task, annotations.counts)
  }

  /** The first of a type, in declared order of the tasks. */
  first(type: AnnotationType): readonly LedgerEntry[] {
    return this.#entries.filter(({annotation}) => annotation.type === type)
  }

  /** How many of a type all tasks together asked for. */
  count(type: AnnotationType): number {
    return this.#totals[type]
  }
}

const types: readonly AnnotationType[] = ['error', 'warning', 'notice']
