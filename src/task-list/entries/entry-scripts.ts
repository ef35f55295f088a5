import type {TaskScript} from '../../model/task.ts'
import {quoted} from '../../text/quoted.ts'
import {hasNeeds} from '../items/entry-items.ts'
import {hasOpenNode} from '../items/expand-entry.ts'
import type {ListNode, MapNode, ScalarNode} from '../source/list-node.ts'
import type {FoundFile} from '../source/path-lookup.ts'
import type {TextReading} from './list-reading.ts'

/** A script of an entry. */
export interface MemberScript {
  readonly script: TaskScript
  /** The text from which the default name is made. */
  readonly shown: string
  /** Whether the entry names files by a glob or a list. */
  readonly isMatch: boolean
}

/** The paths and globs of an entry, except those that exclude files. */
export function pathsOf(entry: MapNode): readonly ScalarNode[] {
  return textsIn(entry.fields.get('file')?.value).filter(({text}) => !isExclusion(text))
}

const extensions = ['.ps1']

/** Finds the scripts of one entry. Its files are looked up once, not once for each item, unless their paths refer to the item. */
export class EntryScripts {
  readonly #reading: TextReading
  readonly #known = new WeakMap<ListNode, readonly MemberScript[]>()

  constructor(reading: TextReading) {
    this.#reading = reading
  }

  /** The scripts of `entry`, in which the item has been inserted. `fields`: its valid fields. Empty only after a mistake. */
  of(entry: MapNode, fields: {readonly file?: unknown}, workingDirectory: string): readonly MemberScript[] {
    const file = fields.file === undefined ? undefined : entry.fields.get('file')?.value
    if (file !== undefined) {
      const known = this.#known.get(file)
      const scripts = known ?? this.#find(file, workingDirectory, hasNeeds(entry))
      // Only a text that does not refer to the item is the same object for all tasks.
      this.#known.set(file, scripts)
      if (scripts.length > 0) return scripts
    }
    const run = entry.fields.get('run')?.value
    const script = run?.kind === 'scalar' ? run.text : ''
    return [{script: {kind: 'run', text: script}, shown: script, isMatch: false}]
  }

  /** Number of scripts for each item; 1 if it depends on the item. */
  countFor(entry: MapNode, fields: {readonly file?: unknown}, workingDirectory: string): number {
    const file = entry.fields.get('file')?.value
    return file === undefined || hasOpenNode(file) ? 1 : this.of(entry, fields, workingDirectory).length
  }

  #find(file: ListNode, otherBase: string, mayBeMade: boolean): readonly MemberScript[] {
    if (file.kind === 'list') return this.#findAll(file, otherBase, mayBeMade)
    if (file.kind !== 'scalar') return []
    if (isExclusion(file.text))
      return this.#refuse(file, `${quoted(file.text)} leaves files out of those before it in a list, and there are none`)
    const found = this.#reading.paths.files(file.text, extensions, otherBase, mayBeMade)
    return found.ok ? found.value.files.map(each => scriptOf(each, found.value.isGlob)) : this.#refuse(file, found.error.message)
  }

  #findAll(list: ListNode, otherBase: string, mayBeMade: boolean): readonly MemberScript[] {
    const {context, paths} = this.#reading
    const chosen = new Map<string, FoundFile>()
    const identity = ({path}: FoundFile) => (context.platform === 'win32' ? path.toLowerCase() : path)
    let hasFailed = false
    const fail = (node: ScalarNode, message: string) => {
      hasFailed = true
      this.#refuse(node, message)
    }
    for (const [index, node] of textsIn(list).entries()) {
      const isExcluded = isExclusion(node.text)
      if (isExcluded && index === 0) {
        fail(node, `${quoted(node.text)} leaves files out of those before it, and there are none`)
        continue
      }
      const found = paths.files(isExcluded ? node.text.slice(1) : node.text, extensions, otherBase, mayBeMade)
      if (found.ok) {
        for (const file of found.value.files) {
          if (isExcluded) chosen.delete(identity(file))
          else if (!chosen.has(identity(file))) chosen.set(identity(file), file)
        }
        // An excluding glob need not match anything.
      } else if (!(isExcluded && found.error.reason === 'no-match')) fail(node, found.error.message)
    }
    if (chosen.size === 0 && !hasFailed) {
      this.#reading.mistakes.add(this.#reading.text.placeAt(list.offset), 'file: none is left, as all of them are left out')
    }
    return Array.from(chosen.values(), file => scriptOf(file, true))
  }

  #refuse(node: ScalarNode, message: string): readonly MemberScript[] {
    const {mistakes, text} = this.#reading
    mistakes.add(text.placeAt(node.offset), `file: ${message}`)
    return []
  }
}

function scriptOf({path, shown}: FoundFile, isMatch: boolean): MemberScript {
  return {script: {kind: 'file', path}, shown, isMatch}
}

const isExclusion = (text: string): boolean => text.startsWith('!')

function textsIn(node: ListNode | undefined): readonly ScalarNode[] {
  if (node === undefined || node.kind === 'map') return []
  return node.kind === 'list' ? node.items.filter(item => item.kind === 'scalar') : [node]
}
