// Writes the inputs of action.yml and of merge/action.yml from the tables in the code. With --check it only says whether they are there as they should
// be. Needs lib/, which `npm run build` makes.
import {readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {pathToFileURL} from 'node:url'
import {stringify} from 'yaml'
import {root} from './set-up.mjs'

/** @param {string} name */
const load = name => import(pathToFileURL(path.join(root, 'lib', 'inputs', name)).href)
/** @type {typeof import('../src/inputs/input-table.ts')} */
const {inputTable} = await load('input-table.js')
/** @type {typeof import('../src/inputs/merge-inputs.ts')} */
const {mergeInputTable} = await load('merge-inputs.js')

keepInputs('action.yml', inputTable, 'src/inputs/input-table.ts')
keepInputs('merge/action.yml', mergeInputTable, 'src/inputs/merge-inputs.ts')

/**
 * Brings the inputs in an action's file up to date.
 * @param {string} name
 * @param {Readonly<Record<string, import('../src/inputs/input-table.ts').InputDescription>>} table
 * @param {string} source where the table is
 */
function keepInputs(name, table, source) {
  const file = path.join(root, name)
  const before = readFileSync(file, 'utf8')
  const inputs = Object.fromEntries(
    Object.entries(table).map(([input, {description, default: text}]) => [
      input,
      {description, required: false, ...(text === undefined ? {} : {default: text})}
    ])
  )
  const section = stringify({inputs}, {lineWidth: 0, singleQuote: true})
  const after = before.replace(/^inputs:\n.*?(?=^outputs:\n)/ms, () => section)
  if (!process.argv.includes('--check')) {
    writeFileSync(file, after)
  } else if (after !== before) {
    console.error(`${name} does not have the inputs of ${source}: npm run generate`)
    process.exitCode = 1
  }
}
