// Everything that has to hold before a change lands: installs, checks, builds and tests. The last line is the test runner's own count.
import {spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {mkdirSync, readFileSync, rmSync} from 'node:fs'
import path from 'node:path'
import {installPackages, root, run} from './set-up.mjs'

/** @typedef {{name: string, startTime: number, endTime: number}} TestFile times in ms */
/** @typedef {{numPassedTests: number, numFailedTests: number, numPendingTests: number, numRuntimeErrorTestSuites: number, testResults: TestFile[]}} Counts */

const startedAt = performance.now()
// Where PowerShell has to be installed first, that goes on beside all that does not need it.
const powershell = spawn(process.execPath, [path.join(root, 'scripts', 'find-pwsh.mjs')], {stdio: ['ignore', 'ignore', 'inherit']})
const isThere = once(powershell, 'close')
// A browser too. Where there is none and none can be installed, its tests are skipped, and why is said.
const chromium = spawn(process.execPath, [path.join(root, 'scripts', 'find-chromium.mjs')], {stdio: ['ignore', 'ignore', 'pipe']})
let missing = ''
chromium.stderr.on('data', text => {
  missing += text
})
const isBrowserThere = once(chromium, 'close')

installPackages()
done('packages are installed')
for (const script of ['typecheck', 'check', 'build', 'generate:check']) run('npm', ['run', '--silent', script])
done('types, lint, bundles')
const unit = test('unit')
done('tests without PowerShell')
const [withoutBrowser] = await isBrowserThere
if (withoutBrowser) console.log(`Tests in a browser are skipped: ${missing.trim()}`)
const browser = withoutBrowser ? [] : [test('browser')]
if (!withoutBrowser) done('tests in a browser')
const [code] = await isThere
if (code !== 0) process.exit(1)
const all = [unit, ...browser, test('powershell')]
done('tests with PowerShell')
tellSlowest(all.flatMap(({testResults}) => testResults))

/** @param {(counts: Counts) => number} count */
const sum = count => all.reduce((total, counts) => total + count(counts), 0)
const passed = sum(counts => counts.numPassedTests)
// A test file that could not even be loaded has no tests to count, and yet has failed.
const failed = sum(counts => counts.numFailedTests + counts.numRuntimeErrorTestSuites)
const skipped = sum(counts => counts.numPendingTests)
console.log(`${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`)
process.exitCode = all.every(({numPassedTests, isSuccess}) => isSuccess && numPassedTests > 0) && failed === 0 ? 0 : 1

/**
 * Runs the tests of one of the projects of jest.config.js, and shows what fails.
 * @param {string} project
 * @returns {Counts & {isSuccess: boolean}}
 */
function test(project) {
  const results = path.join(root, 'coverage', `${project}.json`)
  mkdirSync(path.dirname(results), {recursive: true})
  rmSync(results, {force: true})
  const {status} = spawnSync('npm', ['test', '--silent', '--', '--selectProjects', project, '--json', `--outputFile=${results}`], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32'
  })
  return {...JSON.parse(readFileSync(results, 'utf8')), isSuccess: status === 0}
}

/**
 * Where a fast test run has to be kept fast, and what slowest-first.mjs has to name.
 * @param {TestFile[]} files
 */
function tellSlowest(files) {
  console.log('The ten slowest test files:')
  const slowest = files.toSorted((a, b) => b.endTime - b.startTime - (a.endTime - a.startTime)).slice(0, 10)
  for (const {name, startTime, endTime} of slowest) {
    const seconds = ((endTime - startTime) / 1000).toFixed(0).padStart(4)
    console.log(`${seconds} s  ${path.relative(root, name)}`)
  }
}

/** @param {string} what */
function done(what) {
  console.log(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${what}`)
}
