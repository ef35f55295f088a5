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

/** Tasks that fail the run, and all others. */
export type AnnotationPriority = 'failed' | 'other'

/**
 * What tasks asked to be annotated, by the last attempt of each: an attempt that is retried leaves nothing. No more is kept than can be given, the
 * first in declared order.
 */
export class AnnotationLedger {
  /** Of attempts whose end has not been told yet. */
  readonly #pending = new Map<Task, AttemptAnnotations>()
  readonly #shares: Readonly<Record<AnnotationPriority, LedgerShare>> = {failed: new LedgerShare(), other: new LedgerShare()}
  #failures: readonly {task: Task; annotations: AttemptAnnotations}[] = []

  /** Takes the annotations of an attempt that is over, or will be in a moment. */
  add(task: Task, annotations: AttemptAnnotations): void {
    this.#pending.set(task, annotations)
  }

  /** Is told how it ended. */
  settle({task, attempt, retryInMs}: AttemptEnded): void {
    const annotations = this.#pending.get(task)
    this.#pending.delete(task)
    if (annotations === undefined || retryInMs !== undefined) return
    const hasFailed = isFailed(attempt.end) && !isAllowedFailure(task, attempt.end)
    this.#shares[hasFailed ? 'failed' : 'other'].add(task, annotations)
    if (hasFailed) this.#failures = firstOf([...this.#failures, {task, annotations}])
  }

  /** What one of the first tasks that fail the run asked for. */
  ofFailure(task: Task): AttemptAnnotations | undefined {
    return this.#failures.find(failure => failure.task === task)?.annotations
  }

  /** The first of a type, in declared order of the tasks. */
  first(type: AnnotationType, standing: AnnotationPriority): readonly LedgerEntry[] {
    return this.#shares[standing].entries[type]
  }

  /** How many of a type these tasks together asked for. */
  count(type: AnnotationType, standing: AnnotationPriority): number {
    return this.#shares[standing].counts[type]
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

/** As many as can be given, in declared order. */
function firstOf<T extends {readonly task: Task}>(list: readonly T[]): readonly T[] {
  return list.toSorted((a, b) => a.task.index - b.task.index).slice(0, annotationLimit)
}
