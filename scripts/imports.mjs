import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {parseSync} from '@babel/core'
import {folders} from './folders.mjs'
import {root} from './set-up.mjs'

/**
 * A file of src/ and what it imports, types too.
 * @typedef {{file: string, folder: string, lines: number, imports: {specifier: string, folder: string | undefined}[]}} Source
 */

/**
 * All files of src/.
 * @returns {Source[]}
 */
export function sources() {
  const files = readdirSync(path.join(root, 'src'), {recursive: true, encoding: 'utf8'}).map(file => file.replaceAll(path.sep, '/'))
  return files
    .filter(file => file.endsWith('.ts'))
    .sort()
    .map(file => {
      const text = readFileSync(path.join(root, 'src', file), 'utf8')
      const imports = specifiersOf(file, text).map(specifier => ({
        specifier,
        folder: specifier.startsWith('.') ? folderOf(path.posix.join(path.posix.dirname(file), specifier)) : undefined
      }))
      return {file, folder: folderOf(file), lines: text.split('\n').length - 1, imports}
    })
}

/**
 * The files of page/, and what they import to run it: without types.
 * @returns {{file: string, values: string[]}[]} files, and those of the project that are imported, from its root; packages by their names
 */
export function pageSources() {
  const files = readdirSync(path.join(root, 'page')).filter(file => /\.tsx?$/.test(file))
  return files.sort().map(name => valuesOf(`page/${name}`))
}

/**
 * A file, and what it imports to run it.
 * @param {string} file from the root of the project
 */
export function valuesOf(file) {
  const statements = importsIn(file, readFileSync(path.join(root, file), 'utf8')).filter(({isType}) => !isType)
  const values = statements.map(({specifier}) =>
    specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : specifier
  )
  return {file, values}
}

/**
 * The folder of a file of src/, as folders.mjs has it; the file's own name where it has none.
 * @param {string} file
 */
function folderOf(file) {
  const folder = path.posix.dirname(file)
  if (folder !== '.') return folder
  return folders.find(({files}) => files?.includes(file))?.name ?? file
}

/**
 * @param {string} file
 * @param {string} text
 * @returns {string[]}
 */
const specifiersOf = (file, text) => importsIn(file, text).map(({specifier}) => specifier)

/**
 * @param {string} file
 * @param {string} text
 * @returns {{specifier: string, isType: boolean}[]}
 */
function importsIn(file, text) {
  const parsed = parseSync(text, {filename: file, presets: ['@babel/preset-typescript'], configFile: false, babelrc: false})
  if (parsed === null || !('program' in parsed)) throw new Error(`${file} cannot be parsed`)
  return parsed.program.body.flatMap(statement => {
    if (!('source' in statement) || !statement.source) return []
    const kind = 'importKind' in statement ? statement.importKind : 'exportKind' in statement ? statement.exportKind : 'value'
    return [{specifier: statement.source.value, isType: kind === 'type'}]
  })
}
