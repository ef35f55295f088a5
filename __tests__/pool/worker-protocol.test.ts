import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {parseWorkerMessage, pathsWithHome, runMessage} from '../../src/pool/worker-protocol.ts'
import {runs} from '../helpers/runs.ts'

describe('runMessage', () => {
  test('is one line of fields, a removed variable a lone percent sign', () => {
    const changes = new Map<string, string | null>([
      ['A', 'x y\t%\n'],
      ['B', null],
      ['C', '']
    ])
    expect(runMessage('/a folder', changes)).toBe('run\t%2Fa%20folder\tA\tx%20y%09%25%0A\tB\t%\tC\t\n')
  })

  test('brings any folder, name and value across', () => {
    const text = fc.string({unit: 'binary'}).map(each => Buffer.from(each).toString())
    fc.assert(
      fc.property(text, fc.array(fc.tuple(text, text)), (folder, pairs) => {
        const changes = new Map(pairs)
        const line = runMessage(folder, changes)
        expect(line.indexOf('\n')).toBe(line.length - 1)
        const [kind, ...fields] = line.slice(0, -1).split('\t')
        expect([kind, ...fields.map(decodeURIComponent)]).toEqual(['run', folder, ...[...changes].flat()])
      }),
      {numRuns: runs(300)}
    )
  })
})

describe('pathsWithHome', () => {
  const home = '/opt/powershell'

  test.each([
    ['/usr/bin', '/opt/powershell:/usr/bin'],
    ['/opt/powershell:/usr/bin', '/opt/powershell:/usr/bin'],
    [null, '/opt/powershell:']
  ])('makes PATH %p %p', (before, after) => {
    expect([...pathsWithHome(new Map([['PATH', before]]), home, 'linux').values()]).toEqual([after])
  })

  test('knows PATH by any spelling on Windows only', () => {
    expect([...pathsWithHome(new Map([['Path', 'C:\\x']]), 'C:\\pwsh', 'win32').values()]).toEqual(['C:\\pwsh;C:\\x'])
    expect([...pathsWithHome(new Map([['Path', 'x']]), home, 'linux').values()]).toEqual(['x'])
  })

  test('leaves Windows PowerShell alone, which does no such thing', () => {
    const changes = new Map([['PATH', 'C:\\x']])
    expect(pathsWithHome(changes, 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0', 'win32')).toEqual(changes)
  })
})

describe('parseWorkerMessage', () => {
  test('reads what a worker says', () => {
    expect(parseWorkerMessage('ready\t1\tabc\t/opt/powershell')).toEqual({
      ok: true,
      value: {type: 'ready', version: '1', token: 'abc', home: '/opt/powershell'}
    })
    expect(parseWorkerMessage('started')).toEqual({ok: true, value: {type: 'started'}})
  })

  test.each(['', 'Ready\t1\tabc', 'GET / HTTP/1.1'])('refuses %j', line => {
    expect(parseWorkerMessage(line).ok).toBe(false)
  })
})
