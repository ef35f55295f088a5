// Builds the report as a page, without data: one file, with the program and the style inside and a policy that lets it load nothing.
import {createHash} from 'node:crypto'
import {existsSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {build} from 'esbuild'
import {root} from './set-up.mjs'

const folder = path.join(root, 'page')

/**
 * The page without data, and the licenses of what is in it. The same bytes on every machine.
 * @returns {Promise<{html: string, licenses: string}>}
 */
export async function buildPage() {
  const [{text: program, packages}, {text: style}] = await Promise.all([bundled('main.tsx'), bundled('page.css')])
  // Nothing may come from elsewhere, not even a picture. Styles that the program sets are no part of the document's text, and need no permission.
  const policy = `default-src 'none'; script-src '${hashOf(program)}'; style-src '${hashOf(style)}'; base-uri 'none'; form-action 'none'`
  const parts = new Map([
    ['policy', policy],
    ['style', style],
    ['program', program]
  ])
  const html = readFileSync(path.join(folder, 'page.html'), 'utf8')
  return {
    html: html.replace(/<!--(policy|style|program)-->/g, (_, name) => parts.get(name) ?? ''),
    licenses: packages.map(licenseOf).join('\n')
  }
}

/** @param {string} file */
async function bundled(file) {
  const {outputFiles, metafile} = await build({
    entryPoints: [path.join(folder, file)],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    charset: 'ascii',
    ...(file.endsWith('.css') ? {} : {format: /** @type {const} */ ('iife')}),
    target: ['chrome110', 'firefox115', 'safari16.4'],
    tsconfig: path.join(folder, 'tsconfig.json'),
    legalComments: 'none',
    logLevel: 'warning'
  })
  const text = (outputFiles?.[0]?.text ?? '').trim()
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`${file} has text that would end its element`)
  const packages = Object.keys(metafile.inputs).flatMap(input => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? [])
  return {text, packages: [...new Set(packages)].sort()}
}

/**
 * The license of a package: its text where the package has it, else its name.
 * @param {string} name
 */
function licenseOf(name) {
  const own = path.join(root, 'node_modules', name)
  const {license, author} = JSON.parse(readFileSync(path.join(own, 'package.json'), 'utf8'))
  const file = path.join(own, 'LICENSE')
  return `${name}\n${existsSync(file) ? readFileSync(file, 'utf8') : [license, author?.name ?? author].filter(Boolean).join(', ')}\n`
}

/** @param {string} text */
const hashOf = text => `sha256-${createHash('sha256').update(text).digest('base64')}`
