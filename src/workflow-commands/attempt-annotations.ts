import type {AnnotationType, TaskAnnotation} from './interpreter.ts'

/** Limit of a kept message, in UTF-16 units: masking may shorten it before the runner cuts it at 4,096. */
const longestMessage = 8 * 1024

/** Most annotations kept of each type: the runner's limit for a step. Source: actions/runner, ExecutionContext.cs. */
export const annotationLimit = 10

/**
 * The annotations that one attempt requested: the first ten of each type, and the number of all. Also the end of its standard error, for a failure
 * without annotations.
 */
export class AttemptAnnotations {
  /** The last complete lines on standard error, not masked. */
  endOfStandardError: readonly string[] = []
  readonly #kept: Record<AnnotationType, TaskAnnotation[]> = {error: [], warning: [], notice: []}
  readonly #counts: Record<AnnotationType, number> = {error: 0, warning: 0, notice: 0}

  add(annotation: TaskAnnotation): void {
    const {type, message, properties} = annotation
    this.#counts[type]++
    if (this.#kept[type].length >= annotationLimit) return
    const shortened = [...properties].map(([name, value]) => [name, value.slice(0, longestMessage)] as const)
    this.#kept[type].push({type, message: message.slice(0, longestMessage), properties: new Map(shortened)})
  }

  /** The kept annotations of a type, in order. */
  first(type: AnnotationType): readonly TaskAnnotation[] {
    return this.#kept[type]
  }

  /** The number of each type, including those not kept. */
  get counts(): Readonly<Record<AnnotationType, number>> {
    return this.#counts
  }
}
