import {existsSync, mkdtempSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {findPwsh} from '../../scripts/find-pwsh.mjs'
import {runProcess} from '../helpers/golden.ts'
import {temporaryFolder} from '../helpers/temporary-folder.ts'

const folder = temporaryFolder()
const {path: pwsh, kind} = await findPwsh()
const onEmbedded = kind === 'embedded' ? test : test.skip
const onUnix = process.platform === 'win32' ? test.skip : test

async function run(args: readonly string[], onStart?: (pid: number, stdout: NodeJS.ReadableStream) => void) {
  const env = {...process.env, NO_COLOR: '1', TERM: 'dumb'}
  const all = ['-NoLogo', '-NoProfile', '-NonInteractive', ...args]
  const {stdout, stderr, exitCode} = await runProcess(pwsh, all, {cwd: folder, env, ...(onStart && {onStart})})
  const lines = stdout.toString().trimEnd().split(/\r?\n/)
  return {lines, stderr: stderr.toString(), exitCode}
}

/** The lines that a script prints, run by -File. It must succeed and print no error. */
async function linesOf(script: string, ...args: string[]): Promise<string[]> {
  const {lines, stderr, exitCode} = await run(['-File', fileOf(script), ...args])
  expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 0})
  return lines
}

function fileOf(script: string): string {
  const file = path.join(mkdtempSync(path.join(folder, 'script-')), 'script.ps1')
  writeFileSync(file, script)
  return file
}

describe('the command line', () => {
  onEmbedded('-Version tells the version of the engine', async () => {
    expect(await run(['-Version'])).toEqual({lines: ['PowerShell 7.6.9'], stderr: '', exitCode: 0})
  })

  test('-Command takes all that follows as one text', async () => {
    expect((await run(['-Command', 'Write-Output', '1; exit 5'])).exitCode).toBe(5)
  })

  test('hands arguments after -File to the parameters of the script, in their types', async () => {
    const script =
      'param([string] $Name, [int] $Count, [switch] $On, [bool] $Off = $true, [Parameter(ValueFromRemainingArguments)] $Rest)\n' +
      '"$Name|$($Count + 1)|$On|$Off|$Rest"'
    expect(await linesOf(script, '-Name', 'a b', '-Count:41', '-On', '-Off:$false', 'c', 'd')).toEqual(['a b|42|True|False|c d'])
    expect(await linesOf(script, '-On:$false', 'x', '5', '-7')).toEqual(['x|6|False|True|-7'])
  })

  test('ends with 64 when the file is not there', async () => {
    const {exitCode, stderr} = await run(['-File', 'missing.ps1'])
    expect({exitCode, stderr: stderr.includes("The argument 'missing.ps1' is not recognized")}).toEqual({exitCode: 64, stderr: true})
  })

  onEmbedded('refuses an argument that it does not know', async () => {
    expect((await run(['-Bogus', 'x'])).exitCode).toBe(64)
  })

  test('a parameter that a cmdlet does not have is an error', async () => {
    const {exitCode, stderr} = await run(['-Command', 'Get-ChildItem -Bogus 1'])
    expect({exitCode, says: /parameter name 'Bogus'/.test(stderr)}).toEqual({exitCode: 1, says: true})
  })

  onUnix('SIGINT ends a script, and its finally blocks run', async () => {
    const script = fileOf("try { 'started'; Start-Sleep 60 } finally { [IO.File]::WriteAllText(\"$PSScriptRoot/cleaned\", 'yes') }")
    await run(['-File', script], (pid, stdout) => {
      stdout.on('data', (chunk: Buffer) => {
        if (chunk.includes('started')) process.kill(pid, 'SIGINT')
      })
    })
    const cleaned = path.join(path.dirname(script), 'cleaned')
    expect(existsSync(cleaned)).toBe(true)
  })
})

describe('what warm workers and scripts open', () => {
  test('a runspace of the default session state shares the host and keeps $? when the call is in the history', async () => {
    const script = `
      $runspace = [runspacefactory]::CreateRunspace($Host, [initialsessionstate]::CreateDefault())
      $runspace.Open()
      $ps = [powershell]::Create()
      $ps.Runspace = $runspace
      $null = $ps.AddScript('Write-Output "in it"; Get-Item nope -ErrorAction SilentlyContinue')
      $ps.Commands.Commands[0].MergeMyResults('Error', 'Output')
      $null = $ps.AddCommand('Microsoft.PowerShell.Core\\Out-Default')
      $settings = [Management.Automation.PSInvocationSettings]::new()
      $settings.AddToHistory = $true
      $null = $ps.Invoke($null, $settings)
      'ok ' + $runspace.SessionStateProxy.GetVariable('?')
      $runspace.ResetRunspaceState()
      $runspace.Dispose()`
    expect(await linesOf(script)).toEqual(['in it', 'ok False'])
  })

  test('a session state can import the cmdlets as modules', async () => {
    const script = `
      $state = [initialsessionstate]::CreateDefault2()
      $state.ThrowOnRunspaceOpenError = $true
      $state.ImportPSModule([string[]]('Microsoft.PowerShell.Utility', 'Microsoft.PowerShell.Management'))
      $runspace = [runspacefactory]::CreateRunspace($state)
      $runspace.Open()
      [powershell]::Create($runspace).AddScript('(Get-Module | Sort-Object Name).Name; Microsoft.PowerShell.Utility\\Write-Output done').Invoke()`
    expect(await linesOf(script)).toEqual(['Microsoft.PowerShell.Management', 'Microsoft.PowerShell.Utility', 'done'])
  })

  test('jobs are processes of the same PowerShell', async () => {
    const script = `Start-Job { param($x) "job $x in $($PSVersionTable.PSVersion)" } -ArgumentList 5 | Receive-Job -Wait -AutoRemoveJob
      "here in $($PSVersionTable.PSVersion)"`
    const [job, here] = await linesOf(script)
    expect(job).toBe(here?.replace('here', 'job 5'))
  })

  test('parallel script blocks have the cmdlets', async () => {
    expect(await linesOf("1..3 | ForEach-Object -Parallel { (Join-Path a $_).Replace('\\', '/') } | Sort-Object")).toEqual([
      'a/1',
      'a/2',
      'a/3'
    ])
  })

  test('a nested PowerShell is the same one and hands back objects', async () => {
    const script =
      '$r = pwsh -NoProfile -Command { [pscustomobject]@{A = "$($PSVersionTable.PSVersion)"} }; $r.A -eq $PSVersionTable.PSVersion'
    expect(await linesOf(script)).toEqual(['True'])
  })
})
