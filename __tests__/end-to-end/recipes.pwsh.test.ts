import {execFileSync} from 'node:child_process'
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {beforeAll, expect, test} from '@jest/globals'
import {installedPester} from '../../scripts/pwsh/install-pwsh.mjs'
import {runCommand} from '../support/command-run.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const page = readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'recipes.md'), 'utf8')
const folder = temporaryFolder()
const modules = path.join(folder, 'modules')

/** The list below a heading. */
function recipe(heading: string): string {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return /```yaml\n(.*?)```/s.exec(section)?.[1] ?? ''
}

/** The script of `setup-once` below a heading. */
const setupOf = (heading: string): string => /```powershell\n(.*?)```/s.exec(page.split(`\n## ${heading}\n`)[1] ?? '')?.[1] ?? ''

/** Modules that are not to be had here: their commands, with the parameters that the recipes use. */
const stubs = `
function Disable-AzContextAutosave { param([string] $Scope) $script:scope = $Scope }
function Connect-AzAccount { param([switch] $ServicePrincipal, [string] $Tenant, [pscredential] $Credential) $script:account = $Credential.UserName }
function Save-AzContext { param([string] $Path, [switch] $Force) "context of $script:account" | Set-Content $Path }
function Import-AzContext { param([string] $Path) $script:context = Get-Content $Path }
function Set-AzContext { param([string] $Subscription) if ($script:scope -ne 'Process') { throw 'shared' }; $script:subscription = $Subscription }
function Get-AzResource { [pscustomobject]@{Name = "$script:subscription by $script:context"; ResourceType = 'vm'; Id = 1} }
function Connect-MgGraph { param([securestring] $AccessToken, [switch] $NoWelcome) }
function Get-MgUserMemberOf {
    param([string] $UserId)
    if ($env:PWSH_POOL_ATTEMPT -eq 1 -and $UserId -eq 'bob') { throw 'Status: 429 (Too Many Requests)' }
    [pscustomobject]@{UserId = $UserId; DisplayName = "group of $UserId"}
}
function Invoke-DbaQuery { param([string] $SqlInstance, [string] $Query, [string] $As, [switch] $EnableException) [pscustomobject]@{name = "db of $SqlInstance"; state_desc = 'ONLINE'} }
function Connect-VIServer { param([string] $Server, [string] $Session) $Server }
function Disconnect-VIServer { param([string] $Server, [bool] $Confirm) Write-Host "left $Server" }
function Get-VM { param([string] $Server) [pscustomobject]@{Name = "vm of $Server"; PowerState = 'PoweredOn'} }
function Get-EC2Instance { param([string] $Region, [string] $ProfileName) [pscustomobject]@{Instances = @([pscustomobject]@{InstanceId = "i-$Region"; InstanceType = 't3'})} }
function Invoke-ScriptAnalyzer { param([string] $Path) if ($Path -like '*b.ps1') { [pscustomobject]@{ScriptName = 'b.ps1'; Line = 3; RuleName = 'PSAvoidUsingWriteHost'; Message = 'no'} } }
function dotnet { "dotnet $args"; $global:LASTEXITCODE = 0 }
Export-ModuleMember -Function *`

beforeAll(() => {
  const stub = path.join(modules, 'Stubs')
  mkdirSync(stub, {recursive: true})
  writeFileSync(path.join(stub, 'Stubs.psm1'), stubs)
  const names = [...stubs.matchAll(/^function (\S+)/gm)].map(([, name]) => `'${name}'`)
  writeFileSync(
    path.join(stub, 'Stubs.psd1'),
    `@{ModuleVersion = '1.0'; RootModule = 'Stubs.psm1'; FunctionsToExport = ${names.join(', ')}}`
  )
  mkdirSync(path.join(folder, 'tests'))
  writeFileSync(
    path.join(folder, 'tests', 'Add.Tests.ps1'),
    "Describe 'add' { It 'adds' { 1 + 1 | Should -Be 2 }; It 'adds more' { 2 + 2 | Should -Be 4 } }"
  )
  writeFileSync(path.join(folder, 'tests', 'Sub.Tests.ps1'), "Describe 'sub' { It 'fails' { 1 - 1 | Should -Be 1 } }")
  for (const name of ['api', 'web']) {
    const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=e@example.com', ...args], {cwd: folder})
    git('init', '--quiet', name)
    git('-C', name, 'commit', '--quiet', '--allow-empty', '-m', `first of ${name}`)
  }
})

async function run(list: string, environment: NodeJS.ProcessEnv = {}, options: readonly string[] = []) {
  writeFileSync(path.join(folder, 'list.yml'), list)
  const PSModulePath = [modules, environment.PSModulePath ?? process.env.PSModulePath].filter(Boolean).join(path.delimiter)
  const {exitCode, stdout, stderr} = await runCommand(['list.yml', '--max-parallel', '2', '--objects-file', 'objects.csv', ...options], {
    folder,
    environment: {RUNNER_TEMP: folder, ...environment, PSModulePath}
  })
  return {exitCode, stdout, stderr, rows: readFileSync(path.join(folder, 'objects.csv'), 'utf8').trim().split('\n').slice(1)}
}

test('Az: signed in once, with a context of each task', async () => {
  const {exitCode, rows, stderr} = await run(recipe('Az'), {APP: 'me', TENANT: 't', SECRET: 's'}, ['--setup-once', setupOf('Az')])
  expect([exitCode, stderr]).toEqual([0, ''])
  expect(rows).toEqual(['dev', 'test', 'prod'].map(name => `az ${name},${name},${name} by context of me,vm`))
})

test('Microsoft Graph: what is throttled is tried again', async () => {
  const {rows, stdout} = await run(recipe('Microsoft Graph'), {GRAPH_TOKEN: 'x'})
  expect(rows).toEqual(['ann', 'bob', 'eve'].map(name => `groups of ${name},${name},${name},group of ${name}`))
  expect(stdout).toContain('attempt 2 of 4')
})

test('dbatools, VMware, AWS, ScriptAnalyzer and git in one list', async () => {
  const parts = ['dbatools', 'VMware', 'AWS', 'ScriptAnalyzer', 'git'].map(recipe)
  expect(parts.every(part => part !== '')).toBe(true)
  const {rows, stdout, exitCode} = await run(parts.join(''), {}, ['--isolation', 'none'])
  expect(exitCode).toBe(1)
  expect(
    rows.map(row =>
      row
        .split(',')
        .filter(cell => cell !== '')
        .slice(2)
        .join(' ')
    )
  ).toEqual([
    'db of sql-1 ONLINE',
    'db of sql-2 ONLINE',
    'vm of vc-1 PoweredOn',
    'vm of vc-2 PoweredOn',
    'i-eu-west-1 t3',
    'i-us-east-1 t3',
    'b.ps1 3 PSAvoidUsingWriteHost no',
    'api first of api',
    'web first of web'
  ])
  expect(stdout).toContain('left vc-1')
})

test('dotnet test: after one build', async () => {
  const {exitCode, stdout} = await run(recipe('dotnet test'), {}, [
    '--isolation',
    'none',
    '--modules',
    path.join(modules, 'Stubs', 'Stubs.psd1')
  ])
  expect(exitCode).toBe(0)
  expect(stdout).toContain('dotnet test Api.Tests --no-build --nologo --logger trx;LogFileName=Api.Tests.trx --results-directory results')
})

test.each(['5.9.1', '6.2.0'])('Pester %s: files at the same time, results added up', async version => {
  const {exitCode, stdout} = await run(recipe('Pester 5 and 6'), {PESTER_VERSION: version, PSModulePath: await installedPester()})
  expect(exitCode).toBe(1)
  expect(stdout).toContain('2 passed, 1 failed')
})
