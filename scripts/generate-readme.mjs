// Writes the tables of inputs and outputs of action.yml into the README. With --check it only says whether they are there as they should be.
import {readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {parse} from 'yaml'
import {root} from './set-up.mjs'

/** @typedef {Record<string, {description: string, default?: string}>} Described */

const file = path.join(root, 'README.md')
/** @type {{inputs: Described, outputs: Described}} */
const action = parse(readFileSync(path.join(root, 'action.yml'), 'utf8'))
const before = readFileSync(file, 'utf8')

/** @param {string} text */
const cell = text => text.trim().replaceAll('|', '\\|').replace(/\s+/g, ' ')

const inputs = Object.entries(action.inputs).map(
  ([name, input]) => `| \`${name}\` | ${input.default ? `\`${input.default}\`` : ''} | ${cell(input.description)} |`
)
const outputs = Object.entries(action.outputs).map(([name, output]) => `| \`${name}\` | ${cell(output.description)} |`)
const tables = {
  inputs: ['| input | default | |', '|---|---|---|', ...inputs],
  outputs: ['| output | |', '|---|---|', ...outputs]
}

let after = before
for (const [name, lines] of Object.entries(tables)) {
  after = after.replace(
    new RegExp(`(<!-- ${name} -->\n).*?(<!-- /${name} -->)`, 's'),
    (_, start, end) => `${start}${lines.join('\n')}\n${end}`
  )
}
if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error('README.md does not say what action.yml says: npm run generate')
    process.exitCode = 1
  }
} else writeFileSync(file, after)
