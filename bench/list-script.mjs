// The processor time in which the entries that a script puts out become a list, beside what ConvertTo-Json takes for the same objects, which loses large
// integers and more: node bench/list-script.mjs [ROUNDS]. Each conversion has a PowerShell of its own, as in a run: what it compiles counts.
import {spawnSync} from 'node:child_process'
import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {parse} from 'yaml'
import {findPwsh} from '../scripts/find-pwsh.mjs'
import {root} from '../scripts/set-up.mjs'
import {benchFolder} from './bench-folder.mjs'
import {median, rounds} from './rounds.mjs'

const entries = 5000
const mostTimes = 4
const count = Number(process.argv[2] ?? 7)
const {path: pwsh} = await findPwsh()
const folder = benchFolder()
/** @param {string} file */
const inFolder = file => path.join(folder, file)

const made = `$made = foreach ($i in 1..${entries}) {
  @{name = "task $i"; id = "t$i"; run = "./build.ps1 -Target $i\`n'done'"; timeout = '5m'; shell = 'C:\\Program Files\\PowerShell\\7\\pwsh.exe'}
}
function Get-ProcessorMs { [System.Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime.TotalMilliseconds }
`

/**
 * Makes the objects, has them converted into the file `$out`, and tells how many milliseconds that took. Throws if the file has not all of them.
 * @param {string} name
 * @param {string} convert
 */
function contender(name, convert) {
  const [script, out] = [inFolder(`${name}.ps1`), inFolder(`${name}.out`)]
  writeFileSync(script, `param($out)\n${made}$before = Get-ProcessorMs\n${convert}\n(Get-ProcessorMs) - $before\n`)
  return () => {
    const {stdout, stderr} = spawnSync(pwsh, ['-NoProfile', '-NonInteractive', '-File', script, out], {encoding: 'utf8'})
    const texts = parse(readFileSync(out, 'utf8'))
    if (texts.length !== entries) throw new Error(`${name} made ${texts.length} entries: ${stderr}`)
    return Number(stdout)
  }
}

try {
  writeFileSync(inFolder('again.ps1'), '$made')
  const file = path.join(root, 'src', 'powershell', 'scripts', 'entries.ps1')
  const times = rounds(
    {
      'ConvertTo-Json': contender('json', '[IO.File]::WriteAllText($out, (ConvertTo-Json $made -Compress))'),
      'tasks-script': contender('entries', `& '${file}' "$PSScriptRoot/again.ps1" $out`)
    },
    count
  )
  console.log(`${entries} entries of five texts, processor time, medians of ${count}\n\n| | ms |\n|---|--:|`)
  for (const [name, list] of Object.entries(times)) console.log(`| ${name} | ${median(list).toFixed(0)} |`)
  const ratio = median(times['tasks-script']) / median(times['ConvertTo-Json'])
  console.log(`\nThe ratio is ${ratio.toFixed(1)}; above ${mostTimes.toFixed(1)} the bench fails.`)
  if (ratio > mostTimes) process.exitCode = 1
} finally {
  rmSync(folder, {recursive: true, force: true})
}
