// The RunspacePool example through the built command: a live view in a terminal, plain text elsewhere; and the page that a workflow would show.
import {readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {runCommand} from './run-command.mjs'
import {installPackages, root} from './set-up.mjs'

installPackages()
const summaryFile = path.join(root, 'demo-output', 'summary.md')
const exitCode = await runCommand(['examples/runspaces.yml', '--max-parallel', '10', '--summary', summaryFile]).catch(
  (/** @type {Error} */ error) => {
    console.error(error.message)
    process.exit(1)
  }
)
console.log(`\nThe job summary, rendered: ${path.relative(root, await render(summaryFile))}`)
process.exitCode = exitCode

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
