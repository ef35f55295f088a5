import {mkdirSync, mkdtempSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {expect, test} from '@jest/globals'
import fc from 'fast-check'
import {parseJson, renderJson} from '../../src/objects/json-value.ts'
import {powershellLiteral} from '../../src/powershell/powershell-literal.ts'
import {runAction} from '../support/action-run.ts'
import {anyValue} from '../support/any-value.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const parent = temporaryFolder()
const workspace = () => {
  const folder = mkdtempSync(path.join(parent, 'workspace-'))
  mkdirSync(folder, {recursive: true})
  return folder
}
const lines = (file: string) => readFileSync(file, 'utf8').split('\n').slice(0, -1)

/** A list as JSON, which is YAML. */
const listOf = (tasks: readonly object[], rest: object = {}) => JSON.stringify({defaults: {objects: true}, ...rest, tasks})

test('300 rows on 16 workers are one CSV in the order of the file, a page with its head, and a flat list for a dependent', async () => {
  const folder = workspace()
  writeFileSync(path.join(folder, 'hosts.csv'), `host,disk\n${Array.from({length: 300}, (_, i) => `web-${i},${i % 7}\n`).join('')}`)
  const {exitCode, log, summary, outputs} = await runAction(
    {
      tasks: listOf([
        {id: 'scan', foreach: 'hosts.csv', name: 'scan $_.host', run: '[pscustomobject]@{Host = $_.host; Free = [int] $_.disk * 10}'},
        {
          needs: 'scan',
          name: 'sum',
          objects: false,
          run: '$all = $needs.scan.objects; "$($all.Count) $($all[0].Host) $($all[299].Host) $(($all | Measure-Object Free -Sum).Sum) $($needs.scan[7].objects.Free)"'
        }
      ]),
      isolation: 'none',
      'max-parallel': '16',
      'objects-file': 'out/scan.csv'
    },
    folder
  )
  expect(exitCode).toBe(0)
  const rows = lines(path.join(folder, 'out', 'scan.csv'))
  expect(rows).toHaveLength(301)
  expect(rows[0]).toBe('task,item,Host,Free')
  expect(rows.slice(1)).toEqual(
    Array.from({length: 300}, (_, i) => `scan web-${i},"{""host"":""web-${i}"",""disk"":""${i % 7}""}",web-${i},${(i % 7) * 10}`)
  )
  expect(summary).toContain('### Objects\n\nThe first 20 of 300 objects.\n\n| task | item | Host | Free |')
  expect(log).toContain('300 web-0 web-299 8970 0')
  const report = JSON.parse(readFileSync(outputs['report-path'] ?? '', 'utf8'))
  expect(report.tasks[0].objects).toEqual({count: 1, leftOut: 0})
  expect(report.tasks[300].objects).toBeNull()
})

test('are what they were in a dependent and in the file, whatever they hold', async () => {
  const folder = workspace()
  const values = fc.sample(anyValue(), {numRuns: 150, seed: 17})
  // A scalar or a list as a value of its own; lists are emitted whole.
  const emitted = values.map(value => `,${powershellLiteral(value)}`)
  writeFileSync(path.join(folder, 'emit.ps1'), `\uFEFF${emitted.join('\n')}`)
  const {exitCode} = await runAction(
    {
      tasks: listOf([
        {id: 'a', file: 'emit.ps1', name: 'a'},
        {id: 'b', needs: 'a', name: 'b', run: 'foreach ($each in $needs.a.objects) { , $each }'}
      ]),
      isolation: 'none',
      'max-parallel': '1',
      'objects-file': 'objects.ndjson'
    },
    folder
  )
  expect(exitCode).toBe(0)
  const rows = lines(path.join(folder, 'objects.ndjson')).map(line => parseJson(line) as ReadonlyMap<string, never>)
  const of = (task: string) =>
    rows
      .filter(row => row.get('task') === task)
      .map(row => sorted(JSON.parse(renderJson(new Map([...row].filter(([name]) => name !== 'task'))))))
  expect(of('a')).toHaveLength(values.length)
  // No property has an empty name, and a number of more digits than a decimal holds is text.
  const isOther = (position: number): boolean => /"":|\d{28}/.test(renderJson(values[position] ?? null))
  for (const [position, row] of of('b').entries()) if (!isOther(position)) expect(row).toEqual(of('a')[position])
})

/** With keys in order, which a hashtable has not. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, part]) => [key, sorted(part)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
  )
}

const hostile = `
$ErrorActionPreference = 'Continue'
Set-StrictMode -Version Latest
$cycle = [pscustomobject]@{n = 1}; $cycle | Add-Member self $cycle; $cycle | Select-Object n, self | Out-Null; $cycle
$deep = 1; foreach ($i in 1..3000) { $deep = , $deep }; , $deep | Out-Null; @{deep = $deep} | Format-Table @{n = 'a'; e = {1}}
[pscustomobject]@{deep = $deep} | Select-Object -Property @{n = 'd'; e = {$_.deep}} | ForEach-Object { $_ } | Out-Null
$script = [pscustomobject]@{x = 1}; $script | Add-Member ScriptProperty Side { Write-Host side; $global:sides++; exit 9 }
Update-TypeData -TypeName Hidden -DefaultDisplayPropertySet x -Force; $script.psobject.TypeNames.Insert(0, 'Hidden'); $global:sides = 0; $script
Add-Type 'public class Thrower { public int A => 1; public int B => throw new System.Exception("no"); }'; [Thrower]::new()
[DayOfWeek]::Friday, [double]::NaN, [datetime]::new(2026, 1, 2, 3, 4, 5, [DateTimeKind]::Utc), [guid]::Empty, $null, $true, "a\`0b$([char] 0xd800)"
'x' * 2MB
Get-Item $PSHOME | Format-List Name
Write-Error 'oops'
sh -c 'echo native'
"sides $global:sides errors $($Error.Count) last $($Error[0]) \`$?"
'after'
throw 'at the end'`

test.each(['none', 'process'])(
  'of hostile scripts change nothing that is shown, at isolation %s, and are kept of a failed last attempt',
  async isolation => {
    if (process.platform === 'win32') return
    const folder = workspace()
    writeFileSync(path.join(folder, 'hostile.ps1'), hostile)
    const task = {file: 'hostile.ps1', 'continue-on-error': true, retry: 1, isolation}
    const {log} = await runAction(
      {
        tasks: listOf([
          {...task, name: 'with'},
          {...task, name: 'without', objects: false}
        ]),
        'max-parallel': '1',
        'objects-file': 'objects.ndjson'
      },
      folder
    )
    const blocks = log.split('::group::').filter(block => block.startsWith('✗'))
    const [first = '', second = '', third = '', fourth = ''] = blocks.map(block =>
      block.slice(block.indexOf('\n'), block.indexOf('::endgroup::')).replace(/worker-\d+/g, 'worker-N')
    )
    expect(blocks).toHaveLength(4)
    expect(first).toContain('after')
    expect(first).toContain('native')
    // Types stay in a warm process, so the second time is the one to compare.
    expect([second, first]).toEqual(expect.arrayContaining([third, fourth]))
    const rows = lines(path.join(folder, 'objects.ndjson')).map(line => JSON.parse(line))
    expect(rows.every(row => row.task === 'with')).toBe(true)
    expect(rows[0].self.self.self.self.self.self.self.self.self.self.self).toBe('@{n=1; self=}')
    expect(rows).toContainEqual({task: 'with', item: null, x: 1})
    expect(rows).toContainEqual({task: 'with', item: null, A: 1, B: null})
    expect(rows.map(row => row.Value)).toEqual(
      expect.arrayContaining([5, 'NaN', '2026-01-02T03:04:05Z', '00000000-0000-0000-0000-000000000000', null, true, 'a\0b\ud800', 'after'])
    )
    expect(JSON.stringify(rows)).not.toContain('Format')
    expect(log).toContain('1 object of with left out')
  }
)

test('hold no secret that a task has announced, in text, names and numbers', async () => {
  const folder = workspace()
  const {summary} = await runAction(
    {
      tasks: listOf([
        {
          name: 'a',
          run: "Write-Host '::add-mask::73519'; Write-Host '::add-mask::pa,ss\"word'; [pscustomobject]@{pin = 73519; 'k73519' = 'pa,ss\"word'; ok = 1}"
        }
      ]),
      isolation: 'none',
      'objects-file': 'objects.csv'
    },
    folder
  )
  const text = readFileSync(path.join(folder, 'objects.csv'), 'utf8')
  expect(text).toContain('task,item,pin,k***,ok')
  expect(text).toContain('a,,***,***,1')
  for (const secret of ['73519', 'word']) for (const shown of [text, summary]) expect(shown).not.toContain(secret)
})
