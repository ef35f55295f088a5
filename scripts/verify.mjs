// Everything that has to hold before a change lands: installs, checks, builds and tests. The last line is the test runner's own count.

import {spawnSync} from 'node:child_process'
import {mkdirSync, readFileSync, rmSync} from 'node:fs'
import path from 'node:path'
import {installPackages, root, run} from './set-up.mjs'

const results = path.join(root, 'coverage', 'test-results.json')

installPackages()
for (const script of ['typecheck', 'check', 'build', 'generate:check']) run('npm', ['run', '--silent', script])
mkdirSync(path.dirname(results), {recursive: true})
rmSync(results, {force: true})
const tests = spawnSync('npm', ['test', '--silent', '--', '--json', `--outputFile=${results}`], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
  shell: process.platform === 'win32'
})
/** @type {{numPassedTests: number, numFailedTests: number, numPendingTests: number, numRuntimeErrorTestSuites: number}} */
const counts = JSON.parse(readFileSync(results, 'utf8'))
// A test file that could not even be loaded has no tests to count, and yet has failed.
const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites
const skipped = counts.numPendingTests === 0 ? '' : `, ${counts.numPendingTests} skipped`
console.log(`${counts.numPassedTests} passed, ${failed} failed${skipped}`)
process.exitCode = tests.status === 0 && failed === 0 && counts.numPassedTests > 0 ? 0 : 1
