import {execFile} from 'node:child_process'
import path from 'node:path'
import {promisify} from 'node:util'
import {expect, test} from '@jest/globals'
import {powershellLiteral} from '../../src/powershell/powershell-literal.ts'
import {powershellAtHand} from '../support/powershell.ts'

const {command} = await powershellAtHand()
const file = powershellLiteral(path.join(import.meta.dirname, '..', '..', 'src', 'powershell', 'scripts', 'warm-started.ps1'))

test('a warm worker on Windows tells whether a process lives that did not when its task began', async () => {
  // Other tests start processes too, which count as well: what is over by the second look does not.
  const script = `. ${file}
    $start = [System.Diagnostics.ProcessStartInfo]::new(${powershellLiteral(process.execPath)}, '-e "setInterval(() => {}, 1e6)"')
    Save-Running
    $child = [System.Diagnostics.Process]::Start($start)
    Test-Started
    Save-Running
    $child.Kill()
    $child.WaitForExit()
    $running.Contains($child.Id)
    $null = $running.Add($PID)
    $all = $running
    function Get-ProcessIds { $all }
    Test-Started`
  const {stdout} = await promisify(execFile)(command, ['-NoProfile', '-NonInteractive', '-Command', script])
  expect(stdout.split(/\r?\n/)).toEqual(['1', 'True', '0', ''])
})
