import {readdirSync, statSync} from 'node:fs'
import path from 'node:path'
import {globSync} from 'tinyglobby'
import {failure, type Result, success} from '../../model/result.ts'
import {nearest} from '../../text/nearest.ts'
import {quoted} from '../../text/quoted.ts'
import type {ListContext} from './list-text.ts'

/** A file that a task names. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string
  /** For display: as given, or relative to the workspace with `/` if a glob found it. */
  readonly shown: string
}

/** The files of one path or glob. */
export interface FoundFiles {
  readonly isGlob: boolean
  /** Sorted by path. */
  readonly files: readonly FoundFile[]
}

/** Why a path or glob has no files. */
export interface PathMistake {
  /** `no-match`: a glob that matches nothing. */
  readonly reason: 'no-match' | 'wrong-path'
  /** What is wrong, the rule, and the nearest right thing. */
  readonly message: string
}

/** Longest path on Windows; other systems allow less. */
const maxPathLength = 32_767

type Kind = 'file' | 'folder' | 'missing'

/** Looks up the paths of a list, each once. Relative paths start at the workspace; on Windows both separators count. */
export class PathLookup {
  readonly #base: string
  readonly #isWindows: boolean
  readonly #kinds = new Map<string, Kind>()
  readonly #names = new Map<string, readonly string[]>()
  readonly #files = new Map<string, Result<FoundFiles, PathMistake>>()

  constructor({workspace, platform}: Pick<ListContext, 'workspace' | 'platform'>) {
    this.#base = workspace
    this.#isWindows = platform === 'win32'
  }

  /**
   * The absolute path of a folder, or why it cannot be used. `otherBase`: another folder that the path may be meant relative to. `mayBeMade`: a
   * missing folder is accepted and checked again when the task starts.
   */
  folder(given: string, otherBase: string, mayBeMade = false): Result<string, string> {
    if (given.length > maxPathLength) return failure(`no such folder ${quoted(given)}`)
    const absolute = this.#resolve(given)
    switch (this.#kindOf(absolute)) {
      case 'folder':
        return success(absolute)
      case 'file':
        return failure(`expected a folder, got the file ${quoted(given)}`)
      case 'missing':
        if (mayBeMade && !given.includes('\0')) return success(absolute)
        return failure(`no such folder ${quoted(given)}${this.#hint(given, 'folder', otherBase)}`)
    }
  }

  /** The files of a path or glob, each with one of `extensions`, or why there are none. `mayBeMade`: as for `folder`; applies to plain paths. */
  files(given: string, extensions: readonly string[], otherBase: string, mayBeMade = false): Result<FoundFiles, PathMistake> {
    const key = JSON.stringify([given, extensions, otherBase, mayBeMade])
    if (given.length > maxPathLength) return wrongPath(`no such file ${quoted(given)}`)
    const known = this.#files.get(key)
    if (known !== undefined) return known
    const found = this.#find(given, extensions, otherBase, mayBeMade)
    this.#files.set(key, found)
    return found
  }

  /** The file of a path, with one of `extensions`, or why it cannot be used. */
  file(given: string, extensions: readonly string[], otherBase: string): Result<FoundFile, string> {
    if (given.length > maxPathLength) return failure(`no such file ${quoted(given)}`)
    return this.#findPlain(given, extensions, otherBase, false)
  }

  /** `absolute` relative to the workspace, with `/`. */
  shown(absolute: string): string {
    return path.relative(this.#base, absolute).split(path.sep).join('/')
  }

  #find(given: string, extensions: readonly string[], otherBase: string, mayBeMade: boolean): Result<FoundFiles, PathMistake> {
    if (isGlob(given) && this.#kindOf(this.#resolve(given)) === 'missing') return this.#glob(given, extensions, mayBeMade)
    const found = this.#findPlain(given, extensions, otherBase, mayBeMade)
    return found.ok ? success({isGlob: false, files: [found.value]}) : wrongPath(found.error)
  }

  #findPlain(given: string, extensions: readonly string[], otherBase: string, mayBeMade: boolean): Result<FoundFile, string> {
    const absolute = this.#resolve(given)
    const kind = this.#kindOf(absolute)
    const rule = `${extensions.join(', ')} file`
    if (kind === 'folder')
      return failure(
        `expected a ${rule}, got the folder ${quoted(given)}; ${quoted(`${given.replace(/[\\/]$/, '')}/*${extensions[0]}`)} takes all in it`
      )
    if (kind === 'missing' && !(mayBeMade && hasExtension(given, extensions) && !given.includes('\0')))
      return failure(`no such file ${quoted(given)}${this.#hint(given, 'file', otherBase)}`)
    if (!hasExtension(given, extensions)) return failure(`expected a ${rule}, got ${quoted(given)}`)
    return success({path: absolute, shown: given})
  }

  #glob(given: string, extensions: readonly string[], mayBeMade: boolean): Result<FoundFiles, PathMistake> {
    const matches = globSync(this.#separated(given), {
      absolute: true,
      caseSensitiveMatch: !this.#isWindows,
      cwd: this.#base,
      expandDirectories: false
    })
    const files = matches
      .filter(match => hasExtension(match, extensions))
      .map(match => ({path: path.normalize(match), shown: this.shown(path.normalize(match))}))
      .sort((a, b) => (a.shown < b.shown ? -1 : 1))
    if (files.length > 0) return success({isGlob: true, files})
    const others = matches.length > 0 ? ` (${matches.length} with other extensions)` : ''
    const hint = mayBeMade ? '; a glob is looked up with the list, before any task has run' : ''
    return failure({reason: 'no-match', message: `no ${extensions.join(', ')} file matches ${quoted(given)}${others}${hint}`})
  }

  #hint(given: string, kind: 'file' | 'folder', otherBase: string): string {
    const elsewhere = path.resolve(otherBase, this.#separated(given))
    if (this.#kindOf(elsewhere) === kind) return `; there is one in the working-directory: write ${quoted(this.shown(elsewhere))}`
    const slashed = given.replaceAll('\\', '/')
    if (!this.#isWindows && slashed !== given && this.#kindOf(path.resolve(this.#base, slashed)) === kind)
      return `, did you mean ${quoted(slashed)}?`
    return this.#nearestPath(given, kind)
  }

  /**
   * The nearest existing path: each missing name is replaced by the nearest existing one. If no name is near, the message says which folder lacks it.
   */
  #nearestPath(given: string, kind: Kind): string {
    const absolute = this.#resolve(given)
    const {root} = path.parse(absolute)
    const written = (found: string) => quoted(path.isAbsolute(given) ? found : this.shown(found))
    let at = root
    let isRenamed = false
    for (const name of absolute.slice(root.length).split(path.sep)) {
      const next = path.join(at, name)
      const near = this.#kindOf(next) === 'missing' ? nearest(name.slice(0, 255), this.#namesIn(at)) : name
      if (near === undefined) return isRenamed ? `; the nearest folder is ${written(at)}` : ''
      isRenamed ||= near !== name
      at = path.join(at, near)
    }
    return this.#kindOf(at) === kind ? `, did you mean ${written(at)}?` : ''
  }

  #resolve(given: string): string {
    return path.resolve(this.#base, this.#separated(given))
  }

  #separated(given: string): string {
    return this.#isWindows ? given.replaceAll('\\', '/') : given
  }

  #kindOf(absolute: string): Kind {
    const known = this.#kinds.get(absolute)
    if (known !== undefined) return known
    const kind = kindOnDisk(absolute)
    this.#kinds.set(absolute, kind)
    return kind
  }

  #namesIn(folder: string): readonly string[] {
    const known = this.#names.get(folder)
    if (known !== undefined) return known
    const names = namesOnDisk(folder)
    this.#names.set(folder, names)
    return names
  }
}

const wrongPath = (message: string) => failure({reason: 'wrong-path', message} as const)

function isGlob(given: string): boolean {
  if (/[*?]/.test(given)) return true
  return enclosed(given, '[', ']').some(inner => inner !== '') || enclosed(given, '{', '}').some(inner => /[,.]/.test(inner))
}

/** The texts between an opening sign and the next closing sign, each as long as possible. */
function enclosed(text: string, open: string, close: string): string[] {
  const found: string[] = []
  for (let start = text.indexOf(open); start >= 0; ) {
    const end = text.indexOf(close, start)
    if (end < 0) break
    found.push(text.slice(start + 1, end))
    start = text.indexOf(open, end)
  }
  return found
}

function hasExtension(file: string, extensions: readonly string[]): boolean {
  return extensions.includes(path.extname(file).toLowerCase())
}

function kindOnDisk(absolute: string): Kind {
  // statSync throws on NUL even with `throwIfNoEntry: false`.
  if (absolute.includes('\0')) return 'missing'
  try {
    const stats = statSync(absolute)
    return stats.isDirectory() ? 'folder' : 'file'
  } catch {
    return 'missing'
  }
}

function namesOnDisk(folder: string): readonly string[] {
  try {
    return readdirSync(folder).slice(0, 1000)
  } catch {
    return []
  }
}
