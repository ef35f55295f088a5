// Bundles each entry of lib/ with all that it needs: dist/index.js for the runner, dist/cli.js for a terminal, and beside them the PowerShell half of a worker and the page of a report. The same bytes on every machine.
import {cpSync, mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import path from 'node:path'
import {buildPage} from './build-page.mjs'
import {buildWorker} from './build-worker.mjs'
import {root} from './set-up.mjs'

/** @typedef {{code: string, assets: Record<string, {source: string | Buffer, permissions: number}>}} Bundle */
/** @type {(entry: string, options: {license: string, quiet: boolean, cache: boolean, externals: Record<string, string>}) => Promise<Bundle>} */
const ncc = createRequire(import.meta.url)('@vercel/ncc')

/**
 * @actions/core has an HTTP client, for ID tokens, and nothing here makes a request: with it the bundle would be 940 kB larger, and a step would load Node's
 * HTTP and TLS at its start. A built-in module replaces it; a request for a token throws a TypeError.
 * docs/decisions/0008-what-the-toolkit-does-and-what-not.md has the figures.
 */
const externals = {'@actions/http-client': 'node:util', '@actions/http-client/lib/auth': 'node:util'}

// Before the committed one goes, which takes its place where there is no SDK.
buildWorker()
const dist = path.join(root, 'dist')
rmSync(dist, {recursive: true, force: true})
mkdirSync(dist)
cpSync(path.join(root, 'src', 'powershell', 'scripts'), path.join(dist, 'scripts'), {recursive: true})
cpSync(path.join(root, 'src', 'powershell', 'worker'), path.join(dist, 'worker'), {recursive: true})
for (const {entry, bundle, license} of [
  {entry: 'main', bundle: 'index', license: 'licenses.txt'},
  {entry: 'merge', bundle: 'merge', license: 'merge.licenses.txt'},
  {entry: 'cli', bundle: 'cli', license: 'cli.licenses.txt'}
]) {
  // What an earlier state of the source has left in a cache can change the numbers of imports.
  const {code, assets} = await ncc(path.join(root, 'lib', `${entry}.js`), {license, quiet: true, cache: false, externals})
  const files = [{name: `${bundle}.js`, source: code, mode: code.startsWith('#!') ? 0o755 : 0o644}]
  for (const [name, {source}] of Object.entries(assets)) files.push({name, source: source.toString(), mode: 0o644})
  for (const {name, source, mode} of files) {
    writeFileSync(path.join(dist, name), source, {mode})
    console.log(`${String(Math.round(Buffer.byteLength(source) / 1000)).padStart(6)} kB  dist/${name}`)
  }
}
const {html, licenses: pageLicenses} = await buildPage()
writeFileSync(path.join(dist, 'page.html'), html)
writeFileSync(path.join(dist, 'page.licenses.txt'), pageLicenses)
console.log(`${String(Math.round(html.length / 1000)).padStart(6)} kB  dist/page.html`)
