import {spawn} from 'node:child_process'
import {existsSync} from 'node:fs'
import path from 'node:path'
import {pathToFileURL} from 'node:url'
import {findPwsh} from './find-pwsh.mjs'
import {root} from './set-up.mjs'

/**
 * Starts the built command with the PowerShell at hand, in the project's folder and with our standard streams.
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code
 */
export async function runCommand(args) {
  const bundle = path.join(root, 'dist', 'cli.js')
  if (!existsSync(bundle)) throw new Error(`${bundle} is not there: npm run build makes it`)
  const {path: shell} = await findPwsh()
  // Ctrl-C reaches the command as well, which has something to say before it ends.
  process.on('SIGINT', () => {})
  const child = spawn(process.execPath, [bundle, '--shell', shell, ...args], {cwd: root, stdio: 'inherit'})
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve(code ?? 1))
  })
}

// node scripts/run-command.mjs FILE [OPTION …]
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await runCommand(process.argv.slice(2))
