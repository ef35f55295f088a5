import type {Isolation, Place, RetryPolicy, SlowLimit} from '../../model/task.ts'

/** A list text: an input, or one file. */
export interface TaskListText {
  /** Its name in messages: `tasks`, or the path as given. */
  readonly source: string
  /** The path relative to the workspace, with `/`; `undefined` for an input. */
  readonly file: string | undefined
  /** `detect`: decided by the first significant line. `entries`: YAML from a script, with one entry on each line. */
  readonly notation: 'detect' | 'yaml' | 'entries' | 'lines'
  readonly text: string
}

/** Defaults from inputs, and the file system context. */
export interface ListContext {
  /** Absolute. */
  readonly workspace: string
  /** Absolute; default `working-directory`. */
  readonly workingDirectory: string
  /** For each attempt, in milliseconds; 0 for none. */
  readonly timeoutMs: number
  readonly retry: RetryPolicy
  readonly slow?: SlowLimit | undefined
  /** Absolute path of recorded durations; absent for none. */
  readonly timingsFile?: string | undefined
  readonly successCodes: readonly number[]
  readonly shell: string
  readonly isolation: Isolation
  /** Default: false. */
  readonly objects?: boolean | undefined
  /** Decides path separators and whether variable names are case-sensitive. */
  readonly platform: NodeJS.Platform
}

/** Size limit of a text, in bytes of UTF-8. */
export const maxTextBytes = 8 * 1024 * 1024

/**
 * A text without its byte order mark, which maps offsets (from 0, in UTF-16 units) to positions. Other texts can be attached; their offsets follow
 * the end of this one.
 */
export class LocatedText {
  readonly text: string
  readonly #source: TaskListText
  readonly #lineStarts: number[] = [0]
  /** Sorted by `base`. */
  readonly #attached: {readonly base: number; readonly text: LocatedText}[] = []
  #end: number

  constructor(source: TaskListText) {
    this.#source = source
    this.text = source.text.startsWith('\uFEFF') ? source.text.slice(1) : source.text
    this.#end = this.text.length + 1
    for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1)) this.#lineStarts.push(at + 1)
  }

  /** Attaches a text, such as the content of a file that this one names. Returns its base: the offset at which it starts here. */
  attach(text: LocatedText): number {
    const base = this.#end
    this.#attached.push({base, text})
    this.#end += text.text.length + 1
    return base
  }

  /** Whether an offset is in an attached text. */
  isAttached(offset: number): boolean {
    return offset > this.text.length
  }

  placeAt(offset: number): Place {
    const attached = this.#attachedAt(offset)
    if (attached !== undefined) return attached.text.placeAt(offset - attached.base)
    const line = this.#lineIndexAt(offset)
    const {source, file, notation} = this.#source
    const place = {source, file, line: line + 1, column: offset - this.#startOf(line) + 1}
    return notation === 'entries' ? {...place, isByEntry: true} : place
  }

  /** The line around `offset`, cut to 120 units, with a caret below the position. */
  excerptAt(offset: number): string {
    const attached = this.#attachedAt(offset)
    if (attached !== undefined) return attached.text.excerptAt(offset - attached.base)
    const line = this.#lineIndexAt(offset)
    const start = this.#startOf(line)
    const end = this.#lineStarts[line + 1] ?? this.text.length + 1
    const column = offset - start
    const from = column <= 100 ? 0 : column - 60
    const shown = this.text.slice(start + from, Math.min(end - 1, start + from + 120)).replace(/\r$/, '')
    // Tabs are kept, so the caret stands below its character with any tab width.
    const indent = shown.slice(0, column - from).replace(/[^\t]/g, ' ')
    return `${shown}\n${indent}^`
  }

  #attachedAt(offset: number): {readonly base: number; readonly text: LocatedText} | undefined {
    return this.isAttached(offset) ? this.#attached.findLast(({base}) => base <= offset) : undefined
  }

  #startOf(line: number): number {
    return this.#lineStarts[line] ?? 0
  }

  #lineIndexAt(offset: number): number {
    let low = 0
    let high = this.#lineStarts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.#startOf(middle) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
}
