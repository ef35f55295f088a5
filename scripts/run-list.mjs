// Runs one list through the built action: node scripts/run-list.mjs FILE [INPUT=VALUE …]
import {readFileSync} from 'node:fs'
import path from 'node:path'
import {findPwsh} from './find-pwsh.mjs'
import {runAction} from './run-action.mjs'
import {root} from './set-up.mjs'

const [file, ...pairs] = process.argv.slice(2)
if (file === undefined) {
  console.error('usage: node scripts/run-list.mjs FILE [INPUT=VALUE …]')
  process.exit(2)
}
const inputs = Object.fromEntries(pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
const {path: shell} = await findPwsh()
const {exitCode, summaryFile} = await runAction({'tasks-file': file, shell, ...inputs}, path.join(root, 'demo-output'))
if (!readFileSync(summaryFile, 'utf8').startsWith('## ')) throw new Error('The action wrote no summary')
process.exitCode = exitCode ?? 1
