// The browser that tests and pictures of the report's page use; the product itself knows nothing of it.
import {spawnSync} from 'node:child_process'
import {accessSync, constants, statSync} from 'node:fs'
import path from 'node:path'
import {pathToFileURL} from 'node:url'

/** The smallest first: it has no window, and nothing here needs one. */
const names = ['chromium-headless-shell', 'chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser']

/**
 * `PWSH_POOL_CHROMIUM` if it is set, else what is on PATH, else the one of Debian's packages, which is installed first: as root, or in CI.
 * @returns {{path: string} | {missing: string}}
 */
export function findChromium() {
  const named = process.env.PWSH_POOL_CHROMIUM
  if (named) return isProgram(named) ? {path: path.resolve(named)} : {missing: `PWSH_POOL_CHROMIUM does not name a program: "${named}"`}
  const there = onPath(names)
  if (there) return {path: there}
  if (!onPath(['apt-get'])) return {missing: 'there is no Chromium on PATH, and no apt-get to install it'}
  if (process.getuid?.() !== 0) return {missing: 'there is no Chromium on PATH, and only root may install it'}
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium-headless-shell', 'fonts-dejavu-core']
  ]) {
    const {status, stderr, error} = spawnSync('apt-get', args, {encoding: 'utf8', env: {...process.env, DEBIAN_FRONTEND: 'noninteractive'}})
    if (status !== 0) return {missing: `apt-get ${args[0]} failed: ${error?.message ?? stderr.trim().split('\n').at(-1)}`}
  }
  const installed = onPath(names)
  return installed ? {path: installed} : {missing: 'apt-get has installed no Chromium'}
}

/**
 * @param {readonly string[]} programs
 * @returns {string | undefined}
 */
function onPath(programs) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(folder => path.isAbsolute(folder))
  return programs.flatMap(name => folders.map(folder => path.join(folder, name))).find(isProgram)
}

/** @param {string} file */
function isProgram(file) {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

// node scripts/find-chromium.mjs: prints the path.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const found = findChromium()
  if ('path' in found) console.log(found.path)
  else {
    console.error(found.missing)
    process.exitCode = 1
  }
}
