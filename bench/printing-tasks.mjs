// The action with tasks that print much, as benches measure it.
import {readFileSync} from 'node:fs'
import path from 'node:path'
import {root} from '../scripts/set-up.mjs'

/** The most memory that the action may take, whatever is printed, in MB. */
export const mostMemoryMb = 150

/**
 * Commands of a shell by name, each of which runs a bundle of the action: "action", of this folder, and those that BUNDLES names for comparison
 * (`NAME=FILE`, separated by commas). The file that USAGE_FILE names has what it used afterwards.
 * @type {Readonly<Record<string, string>>}
 */
export const actions = Object.fromEntries(
  [
    ['action', path.join(root, 'dist', 'index.js')],
    ...(process.env.BUNDLES ?? '').split(',').flatMap(pair => (pair === '' ? [] : [pair.split('=', 2)]))
  ].map(([name, file]) => [name, `'${process.execPath}' --import '${path.join(root, 'bench', 'usage.mjs')}' '${file}'`])
)

/**
 * What a process used that imported usage.mjs.
 * @param {string} file
 * @returns {{mb: number, seconds: number}}
 */
export function usageIn(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/**
 * The variables that give the action so many tasks, all at once, each of which runs the same; other names are inputs.
 * @param {{tasks: number, run: string} & Record<string, string | number>} options
 */
export function printingTasks({tasks, run, ...inputs}) {
  const list = Array.from({length: tasks}, (_, i) => ({name: `task ${i}`, run}))
  const all = {tasks: JSON.stringify(list), 'max-parallel': tasks, ...inputs}
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, String(value)]))
}

/** 10,000 lines, or what is printed in place of them. @param {(i: number) => string} line with its end */
export function lines(line) {
  return Buffer.from(Array.from({length: 10_000}, (_, i) => line(i)).join(''))
}

/** One of 10,000 lines as a build prints them, without its end. @param {number} i from 0 */
export function buildLine(i) {
  return `2026-11-23T12:00:00.000Z  Compiling src/module-${i}/file.cs (${i} of 10000)`
}
