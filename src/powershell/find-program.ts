import {accessSync, constants, existsSync, lstatSync, type Stats, statSync} from 'node:fs'
import path from 'node:path'
import {variableKey} from '../model/environment.ts'
import {failure, type Result, success} from '../model/result.ts'

/** Where to search for a program. */
export interface ProgramSearch {
  /** Absolute; base of relative paths. */
  readonly folder: string
  /** Environment whose PATH is searched for a bare name. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform?: NodeJS.Platform
  /** As `fs.statSync`. */
  readonly stat?: (file: string) => Stats
}

/** The reason no program was found. `file`: absolute. */
export type NoProgram =
  | {readonly reason: 'not-on-path'; readonly searched: string}
  | {readonly reason: 'missing'; readonly file: string}
  | {readonly reason: 'folder'; readonly file: string}
  | {readonly reason: 'not-executable'; readonly file: string}
  /** A batch file: `cmd.exe` parses its arguments in its own way, so Node refuses to start it (CVE-2024-27980). */
  | {readonly reason: 'batch-file'; readonly file: string}

/** Whether `command` is a path, not a bare name. */
function isPath(command: string, platform: NodeJS.Platform = process.platform): boolean {
  return (platform === 'win32' ? /[\\/]/ : /\//).test(command)
}

/** The absolute path of a program given as a path or as a name on PATH. On Windows `.exe` and `.com` may be omitted. */
export function findProgram(command: string, search: ProgramSearch): Result<string, NoProgram> {
  const {folder, environment, platform = process.platform} = search
  const extensions = platform === 'win32' && path.extname(command) === '' ? ['', '.com', '.exe'] : ['']
  if (isPath(command, platform)) {
    const file = path.resolve(folder, command)
    const found = extensions.map(extension => lookAt(file + extension, search))
    return found.find(({ok}) => ok) ?? found.find(result => !result.ok && result.error.reason !== 'missing') ?? missing(file)
  }
  const searched = pathOf(environment, platform)
  const folders = searched.split(platform === 'win32' ? ';' : ':').filter(name => name !== '')
  // The error for a batch file says more than that nothing was found.
  const withBatch = extensions.length > 1 ? [...extensions, '.bat', '.cmd'] : extensions
  const found = folders.flatMap(name => withBatch.map(extension => lookAt(path.resolve(folder, name, command + extension), search)))
  const batchFile = found.find(result => !result.ok && result.error.reason === 'batch-file')
  return found.find(({ok}) => ok) ?? batchFile ?? failure({reason: 'not-on-path', searched})
}

function lookAt(file: string, {platform = process.platform, stat = statSync}: ProgramSearch): Result<string, NoProgram> {
  const kind = kindOf(file, stat)
  if (kind === 'missing') return missing(file)
  if (kind === 'folder') return failure({reason: 'folder', file})
  if (platform === 'win32') return /\.(?:bat|cmd)$/i.test(file) ? failure({reason: 'batch-file', file}) : success(file)
  try {
    accessSync(file, constants.X_OK)
    return success(file)
  } catch {
    return failure({reason: 'not-executable', file})
  }
}

function kindOf(file: string, stat: (file: string) => Stats): 'file' | 'folder' | 'missing' {
  try {
    return stat(file).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    // An app execution alias, for example of the Microsoft Store, can be started, but `stat` cannot follow its link (nodejs/node#36790).
    return (error as NodeJS.ErrnoException).code === 'EACCES' && isThere(file) ? 'file' : 'missing'
  }
}

function isThere(file: string): boolean {
  try {
    lstatSync(file)
    return true
  } catch {
    return false
  }
}

const missing = (file: string): Result<string, NoProgram> => failure({reason: 'missing', file})

/** The value of PATH in any spelling. */
function pathOf(environment: ProgramSearch['environment'], platform: NodeJS.Platform): string {
  return Object.entries(environment).find(([name]) => variableKey(name, platform) === 'PATH')?.[1] ?? ''
}

/** Whether the whole of `shell`, spaces included, is an existing path. */
export function isExistingPath(shell: string, folder: string, platform?: NodeJS.Platform): boolean {
  return isPath(shell, platform) && existsSync(path.resolve(folder, shell))
}
