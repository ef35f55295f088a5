/**
 * Values by name, as the runner keeps them: a name that comes again keeps its place and its first spelling and gets the new value.
 * Source: actions/runner, src/Sdk/DTPipelines/Pipelines/ContextData/DictionaryContextData.cs.
 */
export class NameTable<V> {
  readonly #entries = new Map<string, {readonly name: string; readonly value: V}>()
  readonly #fold: (name: string) => string

  /** Whether names that differ in case alone are one. */
  constructor(ignoresCase: boolean) {
    this.#fold = ignoresCase ? foldCase : name => name
  }

  get(name: string): V | undefined {
    return this.#entries.get(this.#fold(name))?.value
  }

  has(name: string): boolean {
    return this.#entries.has(this.#fold(name))
  }

  set(name: string, value: V): void {
    const key = this.#fold(name)
    this.#entries.set(key, {name: this.#entries.get(key)?.name ?? name, value})
  }

  /** By first spelling, in the order of first appearance. */
  toMap(): Map<string, V> {
    return new Map([...this.#entries.values()].map(({name, value}) => [name, value]))
  }
}

/**
 * The same text for names that .NET's `OrdinalIgnoreCase` takes for one: each character by its simple upper case, `ı` and `ſ` as they are.
 * Source: dotnet/runtime, pal_casing.c.
 */
export function foldCase(name: string): string {
  // Nearly all of them, and far cheaper.
  if (!beyondAscii.test(name)) return name.toUpperCase()
  return name.replace(/[a-z\u0080-\u{10FFFF}]/gu, character => {
    const upper = character.toUpperCase()
    return upper.length !== character.length || (character > '\u007F' && upper <= '\u007F') ? character : upper
  })
}

const beyondAscii = /[^\0-\x7f]/
