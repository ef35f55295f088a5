// Checks every regular expression in src/: none may take time that grows faster than the text it is run on, since a task chooses the text, and
// while an expression runs no timeout fires. An expression is exempt if the line above it says why no text from outside reaches it:
//     // check-expressions: REASON
// What was found safe is remembered in node_modules/.cache. Other folders can be given as arguments.
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import babel from '@babel/core'

const require = createRequire(import.meta.url)
/** The checker that needs neither Java nor a program of its own. @type {Pick<typeof import('recheck'), 'checkSync'>} */
const {checkSync} = require('recheck/lib/browser.js')

/** For one expression, in milliseconds; those of src/ take a few seconds at most. */
const timeout = 60_000
const root = fileURLToPath(new URL('..', import.meta.url))
const cacheFile = path.join(root, 'node_modules/.cache/check-expressions.json')
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

/** @param {Expression} expression what is wrong with it, in words, or nothing */
function objectionTo({source, flags}) {
  const result = checkSync(source, flags, {timeout})
  if (result.status === 'safe') return undefined
  if (result.status === 'unknown') return `could not be checked (${result.error.kind})`
  const {complexity, attack} = result
  return `${complexity.type === 'exponential' ? 'exponential' : `polynomial, degree ${complexity.degree}`}: ${attack.pattern}`
}

/** @returns {Set<string>} */
function readCache() {
  try {
    return new Set(JSON.parse(readFileSync(cacheFile, 'utf8')))
  } catch {
    return new Set()
  }
}

const folders = process.argv.length > 2 ? process.argv.slice(2) : [path.join(root, 'src')]
const files = folders.flatMap(folder =>
  readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter(name => name.endsWith('.ts'))
    .map(name => path.join(folder, name))
)
const found = files.map(expressionsIn)
const expressions = found.flatMap(each => each.expressions)
const known = readCache()
const safe = new Set()
const {version} = require('recheck/package.json')
const mistakes = found.flatMap(({unknown}) => unknown.map(place => `${place}: its text is not known before the program runs`))
for (const expression of expressions) {
  const key = `${version} /${expression.source}/${expression.flags}`
  const objection = known.has(key) || safe.has(key) ? undefined : objectionTo(expression)
  if (objection === undefined) safe.add(key)
  else mistakes.push(`${expression.place}: /${expression.source}/${expression.flags} ${objection}`)
}
mkdirSync(path.dirname(cacheFile), {recursive: true})
writeFileSync(cacheFile, JSON.stringify([...new Set([...known, ...safe])]))
if (mistakes.length > 0) {
  console.error(`Regular expressions that can stop the event loop:\n${mistakes.map(text => `  ${text}`).join('\n')}`)
  process.exitCode = 1
} else console.log(`Checked ${expressions.length} regular expressions. None takes time that grows faster than the text.`)
