// The same tests with many more cases: property tests with 100,000 each, 200 tasks of chaos that print 50 MB a flood, 10 minutes of eight tasks
// that print anything at all (alone: npm run soak -- runner-contract/fuzz). All of it takes hours.
// PWSH_POOL_RUNS, PWSH_POOL_CHAOS, PWSH_POOL_FLOOD_MB, PWSH_POOL_FUZZ_SECONDS and PWSH_POOL_FUZZ_FRAMES set other numbers; PWSH_POOL_SEED
// repeats a run. Arguments name tests, as for npm test.
import {spawnSync} from 'node:child_process'
import {installPackages, root} from './set-up.mjs'

installPackages()
const numbers = {
  PWSH_POOL_RUNS: '100000',
  PWSH_POOL_CHAOS: '200',
  PWSH_POOL_FLOOD_MB: '50',
  PWSH_POOL_FUZZ_SECONDS: '600',
  PWSH_POOL_FUZZ_FRAMES: '1000'
}
const {status} = spawnSync('npm', ['test', '--silent', '--', '--testTimeout=7200000', ...process.argv.slice(2)], {
  cwd: root,
  env: {...numbers, ...process.env},
  stdio: 'inherit',
  shell: process.platform === 'win32'
})
process.exitCode = status ?? 1
