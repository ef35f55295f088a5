// The same tests with many more cases: property tests with 100,000 each, 200 tasks of chaos that print 50 MB a flood. Takes hours.
// PWSH_POOL_RUNS, PWSH_POOL_CHAOS and PWSH_POOL_FLOOD_MB set other numbers; PWSH_POOL_SEED repeats a run. Arguments name tests, as for npm test.
import {spawnSync} from 'node:child_process'
import {installPackages, root} from './set-up.mjs'

installPackages()
const numbers = {PWSH_POOL_RUNS: '100000', PWSH_POOL_CHAOS: '200', PWSH_POOL_FLOOD_MB: '50'}
const {status} = spawnSync('npm', ['test', '--silent', '--', '--testTimeout=7200000', ...process.argv.slice(2)], {
  cwd: root,
  env: {...numbers, ...process.env},
  stdio: 'inherit',
  shell: process.platform === 'win32'
})
process.exitCode = status ?? 1
