import type {AttemptEnded} from '../model/event.ts'
import type {Task} from '../model/task.ts'
import {isAllowedFailure, isFailed} from '../model/verdict.ts'
import {type AttemptAnnotations, annotationLimit} from '../workflow-commands/attempt-annotations.ts'
import type {AnnotationType, TaskAnnotation} from '../workflow-commands/interpreter.ts'

/** An annotation and the task that asked for it. */
export interface LedgerEntry {
  readonly task: Task
  readonly annotation: TaskAnnotation
}

/** Annotations of tasks that fail the run come first. */
export type AnnotationPriority = 'failed' | 'other'

/**
 * The annotations that tasks asked for, of the last attempt of each task. Keeps no more than can be issued: the first ones in declared order.
 */
export class AnnotationLedger {
  /** Of attempts that have not been settled yet. */
  readonly #pending = new Map<Task, AttemptAnnotations>()
  readonly #shares: Readonly<Record<AnnotationPriority, LedgerShare>> = {failed: new LedgerShare(), other: new LedgerShare()}
  #failures: readonly {task: Task; annotations: AttemptAnnotations}[] = []

  /** Adds the annotations of an attempt, before it is settled. */
  add(task: Task, annotations: AttemptAnnotations): void {
    this.#pending.set(task, annotations)
  }

  /** Keeps the annotations of the attempt, or drops them if it is retried. */
  settle({task, attempt, retryInMs}: AttemptEnded): void {
    const annotations = this.#pending.get(task)
    this.#pending.delete(task)
    if (annotations === undefined || retryInMs !== undefined) return
    const hasFailed = isFailed(attempt.end) && !isAllowedFailure(task, attempt.end)
    this.#shares[hasFailed ? 'failed' : 'other'].add(task, annotations)
    if (hasFailed) this.#failures = firstOf([...this.#failures, {task, annotations}])
  }

  /** The annotations of one of the first tasks that fail the run. */
  ofFailure(task: Task): AttemptAnnotations | undefined {
    return this.#failures.find(failure => failure.task === task)?.annotations
  }

  /** The first annotations of a type, in declared order of their tasks. */
  first(type: AnnotationType, priority: AnnotationPriority): readonly LedgerEntry[] {
    return this.#shares[priority].entries[type]
  }

  /** How many annotations of a type were asked for in all. */
  count(type: AnnotationType, priority: AnnotationPriority): number {
    return this.#shares[priority].counts[type]
  }
}

/** The annotations of some tasks: the first of each type, and how many there are. */
class LedgerShare {
  readonly entries: Record<AnnotationType, readonly LedgerEntry[]> = {error: [], warning: [], notice: []}
  readonly counts: Record<AnnotationType, number> = {error: 0, warning: 0, notice: 0}

  add(task: Task, annotations: AttemptAnnotations): void {
    for (const type of ['error', 'warning', 'notice'] as const) {
      this.counts[type] += annotations.counts[type]
      const fresh = annotations.first(type).map(annotation => ({task, annotation}))
      if (fresh.length > 0) this.entries[type] = firstOf([...this.entries[type], ...fresh])
    }
  }
}

/** The first ones in declared order, at most `annotationLimit`. */
function firstOf<T extends {readonly task: Task}>(list: readonly T[]): readonly T[] {
  return list.toSorted((a, b) => a.task.index - b.task.index).slice(0, annotationLimit)
}
