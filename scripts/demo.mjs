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

/**
 * The page as GitHub would show it, beside its Markdown.
 * @param {string} markdownFile absolute
 */
async function render(markdownFile) {
  const {Marked} = await import('marked')
  const marked = new Marked({
    renderer: {
      code: ({text, lang}) =>
        lang === 'mermaid' ? `<pre class="mermaid">${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</pre>` : false
    }
  })
  const packages = path.join(root, 'node_modules')
  const style = readFileSync(path.join(packages, 'github-markdown-css', 'github-markdown.css'), 'utf8')
  const charts = path.relative(path.dirname(markdownFile), path.join(packages, 'mermaid', 'dist', 'mermaid.min.js')).replaceAll('\\', '/')
  const body = await marked.parse(readFileSync(markdownFile, 'utf8'))
  const page = `<!doctype html><meta charset="utf-8"><title>Job summary</title><style>${style}
.markdown-body {max-width: 980px; margin: 2em auto; padding: 0 1em}</style><article class="markdown-body">${body}</article>
<script src="${charts}"></script><script>mermaid.initialize({startOnLoad: true})</script>\n`
  const file = markdownFile.replace(/\.md$/, '.html')
  writeFileSync(file, page)
  return file
}
