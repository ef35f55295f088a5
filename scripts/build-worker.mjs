// Compiles worker/ to src/powershell/worker/PwshPool.Worker.dll, from where bundle.mjs copies it into dist/. The same bytes on every machine.
import {spawnSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {root} from './set-up.mjs'

const source = path.join(root, 'worker')
const built = path.join(root, 'src', 'powershell', 'worker')
const committed = path.join(root, 'dist', 'worker')
const assembly = 'PwshPool.Worker.dll'
/** Holds the hash of the source that the assembly beside it was made of. */
const stamp = 'source.sha256'

/**
 * Compiles the worker, unless that has been done with this source. Without the .NET SDK the committed one is taken, if it is of this source.
 * Throws an error that says what to install.
 * @param {boolean} [always] compile it in any case where there is an SDK
 */
export function buildWorker(always = false) {
  const hash = sourceHash()
  if (!always && isOf(built, hash)) return
  const {status, output} = compile()
  if (status === 0) {
    writeFileSync(path.join(built, stamp), `${hash}\n`)
    return
  }
  if (!isOf(committed, hash)) throw new Error(`worker/ was not compiled; it needs the .NET SDK of worker/global.json:\n${output}`)
  console.error(
    'worker/ was not compiled, because the .NET SDK of worker/global.json is missing: the committed assembly of this source is taken.'
  )
  cpSync(committed, built, {recursive: true})
}

/** @returns {{status: number | null, output: string}} */
function compile() {
  rmSync(built, {recursive: true, force: true})
  mkdirSync(built, {recursive: true})
  const scratch = path.join(source, 'obj', String(process.pid))
  const args = ['build', '--configuration', 'Release', '--artifacts-path', scratch, '--nologo', '--verbosity', 'quiet', '--tl:off']
  const {status, stdout, stderr, error} = spawnSync('dotnet', args, {
    cwd: source,
    encoding: 'utf8',
    env: {...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1', MSBUILDDISABLENODEREUSE: '1'}
  })
  if (status === 0) cpSync(path.join(scratch, 'bin', 'PwshPool.Worker', 'release', assembly), path.join(built, assembly))
  rmSync(scratch, {recursive: true, force: true})
  return {status, output: error?.message ?? `${stdout}${stderr}`}
}

function sourceHash() {
  const hash = createHash('sha256')
  for (const name of readdirSync(source).toSorted()) {
    if (/\.(cs|csproj)$|^global\.json$/.test(name))
      hash.update(`${name}\n${readFileSync(path.join(source, name), 'utf8').replaceAll('\r\n', '\n')}\n`)
  }
  return hash.digest('hex')
}

/**
 * @param {string} folder
 * @param {string} hash
 */
function isOf(folder, hash) {
  const file = path.join(folder, stamp)
  return existsSync(path.join(folder, assembly)) && existsSync(file) && readFileSync(file, 'utf8').trim() === hash
}

if (process.argv[1] === import.meta.filename) buildWorker(true)
