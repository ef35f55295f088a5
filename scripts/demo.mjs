// The RunspacePool example through the built action, as a step of a workflow would run it.
import {readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {findPwsh} from '../embedded-pwsh/find-pwsh.mjs'
import {runAction} from './run-action.mjs'
import {installPackages, root} from './set-up.mjs'

installPackages()
const {path: shell} = await findPwsh().catch((/** @type {Error} */ error) => {
  console.error(error.message)
  process.exit(1)
})
const inputs = {'tasks-file': 'examples/runspaces.yml', 'max-parallel': '10', shell}
const {exitCode, summaryFile} = await runAction(inputs, path.join(root, 'demo-output'))
console.log(`\nThe job summary, rendered: ${path.relative(root, await render(summaryFile))}`)
process.exitCode = exitCode ?? 1

/** @param {string} markdownFile */
async function render(markdownFile) {
  const {marked} = await import('marked')
  const style = readFileSync(path.join(root, 'node_modules', 'github-markdown-css', 'github-markdown.css'), 'utf8')
  const body = await marked.parse(readFileSync(markdownFile, 'utf8'), {gfm: true})
  const page = `<!doctype html><meta charset="utf-8"><title>Job summary</title><style>${style}
.markdown-body {max-width: 980px; margin: 2em auto; padding: 0 1em}</style><article class="markdown-body">${body}</article>\n`
  const file = markdownFile.replace(/\.md$/, '.html')
  writeFileSync(file, page)
  return file
}
