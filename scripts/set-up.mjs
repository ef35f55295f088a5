import {spawnSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'

/** The project's folder. */
export const root = path.join(import.meta.dirname, '..')

const stamp = path.join(root, 'node_modules', '.pwsh-pool-installed')

/** Installs the packages of package-lock.json, unless these very ones are installed. */
export function installPackages() {
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  run('npm', ['ci', '--no-audit', '--no-fund'])
  writeFileSync(stamp, wanted)
}

/**
 * Runs a command in the project's folder with its output in ours, and ends this process with its exit code if it fails.
 * @param {string} command
 * @param {string[]} args
 */
export function run(command, args) {
  // npm is a .cmd file on Windows, which only a shell can start.
  const {status, error} = spawnSync(command, args, {cwd: root, stdio: 'inherit', shell: process.platform === 'win32'})
  if (error) console.error(`${command} could not be started: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
}
