import {createHash} from 'node:crypto'
import path from 'node:path'
import type {Value} from '../model/task.ts'

/** What differs between machines that read the same list. */
export interface MachineContext {
  /** Absolute. */
  readonly workspace: string
  readonly platform: NodeJS.Platform
}

/** A value, or a list of values in which one may be absent, which is not the same as null. */
export type Content = Value | undefined | readonly Content[]

/** Hexadecimal digits of a hash that identifies a list or a plan. */
const digits = 32

/** Hexadecimal digits that stand for a text, a number or a boolean in what confirms no guess: see `coarse`. */
const coarseDigits = 4

/** Values whose coarse hash is remembered at a time. */
const maxRemembered = 10_000

/** Shorter texts, and lists of fewer values, are cheaper to write again than to look up. */
const memorable = 256
const fewItems = 16

/**
 * The SHA-256 of texts and values, cut to `length` hexadecimal digits. It does not depend on the machine: see `PortableContent`.
 * `parts`: each is separated from the next, so `ab`, `c` and `a`, `bc` differ.
 */
export function hashOf(parts: Iterable<string>, length: number = digits): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}:${part}`)
  return hash.digest('hex').slice(0, length)
}

/**
 * Writes values and paths as text that is equal on every machine: paths are relative to the workspace with `/`, mentions of the workspace in a text
 * are one mark, line ends are `\n`, and the keys of a map are in ordinal order, which PowerShell does not keep from process to process.
 */
export class PortableContent {
  readonly #root: string
  readonly #roots: readonly string[]
  readonly #path: path.PlatformPath
  readonly #ofTexts = new Map<string, string>()
  readonly #ofValues = new Map<string, string>()
  readonly #ofLists = new WeakMap<object, string>()

  constructor({workspace, platform}: MachineContext) {
    const isWindows = platform === 'win32'
    this.#path = isWindows ? path.win32 : path.posix
    this.#root = workspace
    // The root of a drive is in too many texts to mean the workspace.
    const roots = this.#path.dirname(workspace) === workspace ? [] : [workspace, ...(isWindows ? [workspace.replaceAll('\\', '/')] : [])]
    this.#roots = [...new Set(roots)]
  }

  /** An absolute path as it is called in the list of every machine; one on another drive stays absolute. */
  path(file: string): string {
    return this.#path.relative(this.#root, file).split(this.#path.sep).join('/').normalize('NFC') || '.'
  }

  /** Different for different values. Long texts and lists that occur more than once are read once. */
  of(content: Content): string {
    if (content === undefined) return 'u'
    if (content === null) return 'null'
    switch (typeof content) {
      case 'string':
        return this.#text(content)
      case 'bigint':
        return `${content}n`
      case 'boolean':
        return String(content)
      case 'number':
        // JSON has no infinities.
        return `${content}f`
      default: {
        if (Array.isArray(content) && content.length <= fewItems) return this.#list(content)
        const known = this.#ofLists.get(content) ?? this.#list(content)
        this.#ofLists.set(content, known)
        return known
      }
    }
  }

  /**
   * A value with 16 bits of its hash in place of each text, number and boolean in it; its form and the keys of maps stay. What is public may be made of
   * it: of 65,536 wrong guesses of a secret value one fits as well as the right one, however often the value occurs.
   */
  coarse(value: Value | readonly Value[] | undefined): Content {
    if (value === undefined || value === null) return value
    if (Array.isArray(value)) return (value as readonly Value[]).map(item => this.coarse(item))
    if (!(value instanceof Map)) return this.#coarseHash(this.of(value as Value))
    return [...(value as ReadonlyMap<string, Value>)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, this.coarse(item)])
  }

  // An item is often in several parameters of its task, and a value in many tasks.
  #coarseHash(content: string): string {
    const known = this.#ofValues.get(content)
    if (known !== undefined) return known
    if (this.#ofValues.size >= maxRemembered) this.#ofValues.clear()
    const hash = hashOf([content], coarseDigits)
    this.#ofValues.set(content, hash)
    return hash
  }

  #text(text: string): string {
    if (text.length < memorable) return JSON.stringify(this.#portable(text))
    const known = this.#ofTexts.get(text) ?? `s${hashOf([this.#portable(text)])}`
    this.#ofTexts.set(text, known)
    return known
  }

  #list(content: readonly Content[] | ReadonlyMap<string, Value>): string {
    if (!(content instanceof Map)) return short(`[${(content as readonly Content[]).map(item => this.of(item)).join()}]`)
    const fields = [...content.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
    return short(`{${fields.map(([key, value]) => `${this.#text(key)}:${this.of(value)}`).join()}}`)
  }

  #portable(text: string): string {
    return this.#roots.reduce(withoutRoot, text).replace(/\r\n?/g, '\n')
  }
}

// What holds a list more than once does not grow with it.
const short = (text: string): string => (text.length < memorable ? text : `l${hashOf([text])}`)

/** `text` with `\0` in place of the folder `root`. A script has no NUL. */
function withoutRoot(text: string, root: string): string {
  let [result, start] = ['', 0]
  for (let at = text.indexOf(root); at !== -1; at = text.indexOf(root, at + 1)) {
    const end = at + root.length
    // `/work` is no part of `/workshop`.
    if (end < text.length && /[\p{L}\p{N}_.-]/u.test(text.charAt(end))) continue
    result += `${text.slice(start, at)}\0`
    start = end
  }
  return result + text.slice(start)
}
