// Writes the inputs of action.yml from the table in the code. With --check it only says whether they are there as they should be.
// Needs lib/, which `npm run build` makes.
import {readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {pathToFileURL} from 'node:url'
import {stringify} from 'yaml'
import {root} from './set-up.mjs'

/** @type {typeof import('../src/inputs/input-table.ts')} */
const {describeInput, inputNames} = await import(pathToFileURL(path.join(root, 'lib', 'inputs', 'input-table.js')).href)

const file = path.join(root, 'action.yml')
const before = readFileSync(file, 'utf8')
const inputs = Object.fromEntries(
  inputNames.map(name => {
    const {description, default: text} = describeInput(name)
    return [name, {description, required: false, ...(text === undefined ? {} : {default: text})}]
  })
)
const section = stringify({inputs}, {lineWidth: 0, singleQuote: true})
const after = before.replace(/^inputs:\n.*?(?=^outputs:\n)/ms, () => section)
if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error('action.yml does not have the inputs of src/inputs/input-table.ts: npm run generate')
    process.exitCode = 1
  }
} else writeFileSync(file, after)
