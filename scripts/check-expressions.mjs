// Knows that no regular expression in src/ takes time that grows faster than the text it is run on: a task chooses the text, and while an
// expression runs no timeout fires. To check one takes up to seconds, so what was found safe is committed in checked-expressions.json:
//     node scripts/check-expressions.mjs             whether the list holds the expressions of src/, and nothing else
//     npm run check:expressions                      checks those that it lacks, and writes it
// An expression is exempt if the line above it says why no text from outside reaches it:
//     // check-expressions: REASON
// Another list and other folders can be given: --list FILE FOLDER…
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import babel from '@babel/core'

const require = createRequire(import.meta.url)
/** For one expression, in milliseconds; those of src/ take a few seconds at most. */
const timeout = 60_000
const root = fileURLToPath(new URL('..', import.meta.url))
const exemption = /^ *check-expressions: *\S/

/** @typedef {{place: string, source: string, flags: string}} Expression */

/**
 * The expressions in a file, and the places of those that are not known before the program runs.
 * @param {string} file
 */
function expressionsIn(file) {
  /** @type {Expression[]} */
  const expressions = []
  /** @type {string[]} */
  const unknown = []
  const options = {filename: file, configFile: false, babelrc: false, presets: [require.resolve('@babel/preset-typescript')]}
  const program = babel.parseSync(readFileSync(file, 'utf8'), options)
  if (program === null) throw new Error(`${file} was not parsed`)
  const exempt = new Set(program.comments?.filter(({value}) => exemption.test(value)).map(({loc}) => (loc?.end.line ?? 0) + 1))
  const placeOf = (/** @type {babel.Node} */ node) => `${path.relative(process.cwd(), file)}:${node.loc?.start.line}`
  const isExempt = (/** @type {babel.Node} */ node) => exempt.has(node.loc?.start.line ?? 0)

  const visitConstructor = (/** @type {babel.NodePath<babel.types.NewExpression | babel.types.CallExpression>} */ found) => {
    if (!babel.types.isIdentifier(found.node.callee, {name: 'RegExp'}) || isExempt(found.node)) return
    const [pattern, flags] = found.get('arguments')
    const copied = pattern?.isIdentifier() ? found.scope.getBinding(pattern.node.name)?.path.node : undefined
    // A copy of one that is checked where it is written.
    if (babel.types.isVariableDeclarator(copied) && babel.types.isRegExpLiteral(copied.init)) return
    const source = pattern?.evaluate()
    const flagText = flags?.evaluate() ?? {confident: true, value: ''}
    if (source?.confident && flagText.confident) expressions.push({place: placeOf(found.node), source: source.value, flags: flagText.value})
    else unknown.push(placeOf(found.node))
  }

  babel.traverse(program, {
    RegExpLiteral({node}) {
      if (!isExempt(node)) expressions.push({place: placeOf(node), source: node.pattern, flags: node.flags})
    },
    NewExpression: visitConstructor,
    CallExpression: visitConstructor
  })
  return {expressions, unknown}
}

/** @param {Expression} expression */
const written = ({source, flags}) => `/${source}/${flags}`

/**
 * What is wrong with an expression, in words, or nothing.
 * @param {Expression} expression
 */
function objectionTo({source, flags}) {
  /** The checker that needs neither Java nor a program of its own. @type {Pick<typeof import('recheck'), 'checkSync'>} */
  const {checkSync} = require('recheck/lib/browser.js')
  // How long a match takes depends on the machine; how many steps it takes does not.
  const result = checkSync(source, flags, {timeout, attackTimeout: null, incubationTimeout: null, seedingTimeout: null})
  if (result.status === 'safe') return undefined
  if (result.status === 'unknown') return `could not be checked (${result.error.kind})`
  const {complexity, attack} = result
  return `${complexity.type === 'exponential' ? 'exponential' : `polynomial, degree ${complexity.degree}`}: ${attack.pattern}`
}

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    update: {type: 'boolean', default: false},
    list: {type: 'string', default: path.join(root, 'scripts', 'checked-expressions.json')}
  }
})
const folders = positionals.length > 0 ? positionals : [path.join(root, 'src')]
const files = folders.flatMap(folder =>
  readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter(name => name.endsWith('.ts'))
    .map(name => path.join(folder, name))
)
const found = files.map(expressionsIn)
const expressions = new Map(found.flatMap(each => each.expressions.map(expression => [written(expression), expression])))
/** What another version has found safe, this one may not. @type {{version: string}} */
const {version} = require('recheck/package.json')
/** @type {{recheck: string, safe: string[]}} */
const list = existsSync(values.list) ? JSON.parse(readFileSync(values.list, 'utf8')) : {recheck: version, safe: []}
const listed = new Set(list.recheck === version ? list.safe : [])

const unknown = found.flatMap(each => each.unknown.map(place => `${place}: its text is not known before the program runs`))
const objections = [...expressions].flatMap(([text, expression]) => {
  if (listed.has(text)) return []
  const objection = values.update ? objectionTo(expression) : 'was not checked yet'
  if (objection === undefined) listed.add(text)
  return objection === undefined ? [] : [`${expression.place}: ${text} ${objection}`]
})
const stale = [...listed].filter(text => !expressions.has(text))
if (values.update) {
  const safe = [...listed].filter(text => expressions.has(text)).sort()
  writeFileSync(values.list, `${JSON.stringify({recheck: version, safe}, undefined, 2)}\n`)
}

const mistakes = [
  ...unknown,
  ...objections,
  ...(values.update ? [] : stale.map(text => `${path.basename(values.list)}: ${text} is nowhere any more`))
]
if (mistakes.length > 0) {
  console.error(`Regular expressions that may stop the event loop:\n${mistakes.map(text => `  ${text}`).join('\n')}`)
  if (!values.update) console.error('To check them: npm run check:expressions')
  process.exitCode = 1
} else console.log(`${expressions.size} regular expressions: none takes time that grows faster than the text.`)
