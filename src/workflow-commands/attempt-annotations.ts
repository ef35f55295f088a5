import type {AnnotationType, TaskAnnotation} from './interpreter.ts'

/** The most of a message that is kept, in UTF-16 units: masks may make it shorter before the runner cuts it at 4,096. */
const longestMessage = 8 * 1024

/** How many annotations of each type are kept: as many as the runner keeps of a step. Source: actions/runner, ExecutionContext.cs. */
export const annotationLimit = 10

/** The annotations that one attempt asked for: the first of each type, and how many there were; and what else tells what went wrong in it. */
export class AttemptAnnotations {
  /** The last whole lines that it wrote to standard error, not masked. */
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

  /** The first of a type, in order. */
  first(type: AnnotationType): readonly TaskAnnotation[] {
    return this.#kept[type]
  }

  /** How many of each type there were. */
  get counts(): Readonly<Record<AnnotationType, number>> {
    return this.#counts
  }
}
