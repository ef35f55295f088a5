import {once} from 'node:events'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {listingControl, ProcessLister, startListing} from '../../src/powershell/process-lister.ts'
import {processControl} from '../../src/process/process-control.ts'
import {powershellAtHand} from '../support/powershell.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {withWorkforce} from '../support/workforce.ts'

const powershell = await powershellAtHand()
const folder = temporaryFolder()
/** So long that nothing which comes at all comes too late. */
const limits = {firstMs: 60_000, nextMs: 60_000, patienceMs: 60_000}

/** What WMI is to the script, where there is none: processes that it lists for each query, one more each time. */
const wmi = `
class Searcher {
  static [int] $Queries = 0
  [string] $Query
  Searcher([string] $query) { $this.Query = $query }
  [object] Get() {
    if ($this.Query -ne 'SELECT ProcessId, ParentProcessId, CreationDate, Name FROM Win32_Process') { throw "Invalid query: $($this.Query)" }
    if ([Searcher]::Queries -ge 2) { throw 'Access denied' }
    [Searcher]::Queries++
    $found = [Found]::new()
    $null = $found.Add([Entry]::new(4, 0, $null, 'System'))
    foreach ($each in 1..[Searcher]::Queries) {
      $null = $found.Add([Entry]::new(8 * $each, 4, '20261130120000.500000+000', "ä $each.exe"))
    }
    return $found
  }
}
class Entry : System.Collections.Hashtable {
  Entry([uint32] $processId, [uint32] $parent, [object] $created, [string] $name) {
    $this['ProcessId'] = $processId
    $this['ParentProcessId'] = $parent
    $this['CreationDate'] = $created
    $this['Name'] = $name
  }
  [void] Dispose() { }
}
class Found : System.Collections.ArrayList { [void] Dispose() { } }
[psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')::Add('System.Management.ManagementObjectSearcher', [Searcher])
`

/** On Windows the script is run as it is: the class of that name is there. */
const start = () => {
  const file = path.join(folder, 'wmi.ps1')
  writeFileSync(file, wmi)
  const child = startListing(powershell)
  child.stdin.write(`. '${file}'\n`)
  return child
}

const onUnix = process.platform === 'win32' ? describe.skip : describe
const onWindows = process.platform === 'win32' ? describe : describe.skip

onUnix('the script that lists the processes of Windows', () => {
  test('lists processes again and again in one PowerShell, and reports why it cannot', async () => {
    const troubles: string[] = []
    const lister = new ProcessLister({start, onGivenUp: because => troubles.push(because), limits})
    expect(await lister.list()).toEqual([
      {
        pid: 8,
        parent: 4,
        group: 0,
        identity: '20261130120000.500000+000',
        createdAt: Date.UTC(2026, 10, 30, 12) + 500,
        name: 'ä 1.exe',
        isMarked: false
      }
    ])
    expect((await lister.list()).map(({name}) => name)).toEqual(['ä 1.exe', 'ä 2.exe'])
    expect(await lister.list()).toEqual([])
    expect(troubles).toEqual([])
    lister.close()
  })

  test('tells what PowerShell says where there is no WMI', async () => {
    const troubles: string[] = []
    const lister = new ProcessLister({start: () => startListing(powershell), onGivenUp: because => troubles.push(because), limits})
    expect([await lister.list(), await lister.list()]).toEqual([[], []])
    expect(troubles).toEqual([expect.stringContaining('only supported for Windows')])
  })
})

test('what lists ends with its standard input, so that none outlives who has started it', async () => {
  const child = startListing(powershell)
  child.stdin.end()
  expect(await once(child, 'exit')).toEqual([0, null])
})

onWindows('the processes of Windows', () => {
  test('are listed so that what a task leaves running is named, and ended where that is asked for', async () => {
    const because: string[] = []
    const listing = listingControl(processControl, [powershell], why => because.push(why))
    await withWorkforce(folder, {leftovers: 'end', control: listing.control}, async ({run}) => {
      const {left} = await run("Start-Process -FilePath ping -ArgumentList '-n 300 127.0.0.1' -WindowStyle Hidden")
      expect(left).toMatchObject([{name: expect.stringMatching(/^ping/i), isEnded: true}])
    })
    listing.stop()
    expect(because).toEqual([])
  })

  test('are listed with their parents and the times at which they were started', async () => {
    const before = Date.now()
    const lister = new ProcessLister({start: () => startListing(powershell), onGivenUp: because => expect(because).toBe('')})
    const ours = (await lister.list()).find(({pid}) => pid === process.pid)
    expect(ours).toMatchObject({parent: process.ppid, name: path.basename(process.execPath)})
    expect(ours?.createdAt).toBeLessThan(before)
    lister.close()
  })
})
