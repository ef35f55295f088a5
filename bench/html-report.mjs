// The page of a run: how large it is, how long writing it takes and how much memory, and how long a browser takes to show it, for 100, 1,000 and 10,000 tasks. Runs on
// lib/ and dist/page.html, which `npm run build` makes. node bench/html-report.mjs [LINES OF EACH LOG]
import {spawnSync} from 'node:child_process'
import {rmSync, statSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {chromium} from 'playwright-core'
import {findChromium} from '../scripts/find-chromium.mjs'
import {root} from '../scripts/set-up.mjs'
import {benchFolder} from './bench-folder.mjs'
import {median} from './rounds.mjs'

const lines = process.argv[2] ?? '40'
const opens = 5
const found = findChromium()
if ('missing' in found) throw new Error(found.missing)
const folder = benchFolder()
const browser = await chromium.launch({executablePath: found.path, args: ['--no-sandbox']})
try {
  console.log(
    `Node ${process.version}, ${os.cpus().length} processors, Chromium ${browser.version()}; ${lines} lines a log, 1 of 100 tasks fails`
  )
  for (const tasks of [100, 1_000, 10_000]) {
    const file = path.join(folder, `${tasks}.html`)
    const {stdout, status, stderr} = spawnSync(process.execPath, [path.join(root, 'bench', 'write-page.mjs'), String(tasks), lines, file], {
      encoding: 'utf8'
    })
    if (status !== 0) throw new Error(stderr)
    const {ms, beforeMb, mostMb} = JSON.parse(stdout)
    /** @type {{shown: number, scrolled: number}[]} */
    const times = []
    for (let i = 0; i < opens; i++) times.push(await opened(file))
    const size = (statSync(file).size / 1e6).toFixed(2)
    console.log(
      `${String(tasks).padStart(6)} tasks: ${size} MB; written in ${ms.toFixed(0)} ms, ${mostMb.toFixed(0)} MB at most (${beforeMb.toFixed(0)} before); ` +
        `shown after ${median(times.map(({shown}) => shown)).toFixed(0)} ms; ${median(times.map(({scrolled}) => scrolled)).toFixed(1)} ms a frame while scrolling`
    )
  }
} finally {
  await browser.close()
  rmSync(folder, {recursive: true, force: true})
}

/**
 * Opens a page, until its list is drawn, and scrolls through all of it in 100 steps.
 * @param {string} file
 */
async function opened(file) {
  const page = await browser.newPage({viewport: {width: 1280, height: 800}})
  const startedAt = performance.now()
  await page.goto(`file://${file}`, {waitUntil: 'commit'})
  await page.waitForSelector('.scroller .line')
  const shown = performance.now() - startedAt
  const scrolled = await page.evaluate(`new Promise(resolve => {
    const scroller = document.querySelector('.scroller')
    const startedAt = performance.now()
    let step = 0
    const next = () => {
      if (++step > 100) return resolve((performance.now() - startedAt) / 100)
      scroller.scrollTop = (scroller.scrollHeight * step) / 100
      requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  })`)
  await page.close()
  return {shown, scrolled: Number(scrolled)}
}
