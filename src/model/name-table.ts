/**
 * Values by name with the runner's rules: a repeated name keeps its position and first spelling and gets the new value.
 * Source: actions/runner, src/Sdk/DTPipelines/Pipelines/ContextData/DictionaryContextData.cs.
 */
export class NameTable<V> {
  readonly #entries = new Map<string, {readonly name: string; readonly value: V}>()
  readonly #fold: (name: string) => string

  /** `ignoresCase`: names that differ only in case are one. */
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
 * Equal for names that .NET's `OrdinalIgnoreCase` considers equal: each character's simple upper case, with `ı` and `ſ` unchanged.
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
