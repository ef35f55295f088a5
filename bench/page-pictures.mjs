// Makes the pictures of the report's page in docs/images: of the demo, of a run of 5,000 tasks, and of four merged shards. Runs on lib/ and dist/, which `npm run build` makes.
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import path from 'node:path'
import {chromium} from 'playwright-core'
import {findChromium} from '../scripts/find-chromium.mjs'
import {runCommand} from '../scripts/run-command.mjs'
import {root} from '../scripts/set-up.mjs'
import {writeMergedShards} from './merged-shards.mjs'
import {simulatedRun} from './simulated-run.mjs'
import {writtenRun} from './written-run.mjs'

const found = findChromium()
if ('missing' in found) throw new Error(found.missing)
mkdirSync(path.join(root, 'demo-output'), {recursive: true})
const folder = mkdtempSync(path.join(root, 'demo-output', 'pictures-'))
const browser = await chromium.launch({executablePath: found.path, args: ['--no-sandbox']})
try {
  const demo = path.join(folder, 'demo.html')
  await runCommand(['examples/runspaces.yml', '--max-parallel', '10', '--html-report', demo, '--min-parallel', '10'])
  await picture(demo, 'page-demo', {height: 760})
  const large = path.join(folder, 'large.html')
  await writtenRun(simulatedRun({tasks: 5000, failures: 40}), large)
  await picture(large, 'page-5000', {height: 860})
  await picture(large, 'page-task', {hash: '#status=failed&task=api_0_64', height: 860, colorScheme: 'dark'})
  const shards = path.join(folder, 'shards.html')
  await writeMergedShards({tasks: 245, shards: 4, workers: 4, file: shards})
  await picture(shards, 'page-shards', {height: 900})
  await picture(large, 'page-phone', {width: 390, height: 760})
} finally {
  await browser.close()
  rmSync(folder, {recursive: true, force: true})
}

/**
 * @param {string} file
 * @param {string} name
 * @param {{hash?: string, width?: number, height: number, colorScheme?: 'light' | 'dark'}} view
 */
async function picture(file, name, {hash = '', width = 1280, height, colorScheme = 'light'}) {
  const page = await browser.newPage({viewport: {width, height}, colorScheme})
  await page.goto(`file://${file}${hash}`)
  await page.waitForSelector(hash === '' ? '.line' : '.row')
  await page.screenshot({path: path.join(root, 'docs', 'images', `${name}.png`)})
  await page.close()
}
