// What docs/architecture.md draws and lists of the folders of src/, from folders.mjs. generate-schema.mjs writes it there.
import {folders} from './folders.mjs'

/** The folders directly in src/, with what is in them, and who imports whom, as Mermaid. */
export function folderDrawing() {
  const arrows = tops.flatMap(name => arrowsOf(name).map(known => `  ${box(name)} --> ${box(known)}`))
  return ['```mermaid', 'flowchart TD', ...arrows, '```'].join('\n')
}

const tops = [...new Set(folders.map(({name}) => topOf(name)))]

/** A table of what each folder holds, the entries first. */
export function folderTable() {
  const rows = folders.toReversed().map(folder => `| ${placesOf(folder)} | ${folder.holds} |`)
  return ['| folder | holds |', '|---|---|', ...rows].join('\n')
}

/**
 * The folders that `name` knows, but for those that it knows by way of another one: the drawing has those arrows already.
 * @param {string} name
 */
function arrowsOf(name) {
  const knows = knownTo(name)
  return knows.filter(known => !knows.some(other => other !== known && reaches(other, known)))
}

/**
 * @param {string} from
 * @param {string} to
 * @returns {boolean}
 */
function reaches(from, to) {
  return knownTo(from).some(known => known === to || reaches(known, to))
}

/** @param {import('./folders.mjs').Folder} folder */
function placesOf({name, files = [name.endsWith('.ts') ? name : `${name}/`]}) {
  return files.map(file => `\`src/${file}\``).join(', ')
}

/**
 * What a folder directly in src/ imports, by way of what is in it too.
 * @param {string} name
 */
function knownTo(name) {
  const own = folders.filter(folder => topOf(folder.name) === name)
  return [...new Set(own.flatMap(({knows}) => knows.map(topOf)))].filter(known => known !== name)
}

/** @param {string} name */
function topOf(name) {
  return name.split('/')[0] ?? name
}

/** @param {string} name */
function box(name) {
  return `${name.replaceAll(/[^a-z]/g, '_')}[${name}]`
}
