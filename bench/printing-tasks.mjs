// The action with tasks that print much, as benches measure it.
import path from 'node:path'
import {root} from '../scripts/set-up.mjs'

/** The most memory that the action may take, whatever is printed, in MB. */
export const mostMemoryMb = 150

/** The command of a shell that runs the bundle; the file that PEAK_MEMORY_FILE names has its memory afterwards. */
export const action = `'${process.execPath}' --import '${path.join(root, 'bench', 'peak-memory.mjs')}' '${path.join(root, 'dist', 'index.js')}'`

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
