import {readFileSync} from 'node:fs'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {parseWorkerMessage, pathsWithHome, protocolVersion, runMessage} from '../../src/worker/worker-protocol.ts'
import {anyText} from '../support/any-text.ts'
import {runs} from '../support/runs.ts'

/** As a worker reads it. */
function readRunMessage(message: string): {folder: string; errorFile: string; changes: Map<string, string | null>} {
  const lines = message.split('\n')
  const next = () => lines.shift() ?? ''
  expect(next()).toBe('run')
  const folder = decodeURIComponent(next())
  const errorFile = decodeURIComponent(next())
  const changes = new Map<string, string | null>()
  for (let name = next(); name !== ''; name = next()) changes.set(name, null)
  for (let name = next(); name !== ''; name = next()) changes.set(name, next())
  for (let name = next(); name !== ''; name = next()) {
    const value = next()
    changes.set(decodeURIComponent(name), value === '%' ? null : decodeURIComponent(value))
  }
  expect(lines).toEqual([''])
  return {folder, errorFile, changes}
}

test.each(['src/powershell/scripts/ready.ps1', 'src/powershell/scripts/warm.ps1', 'worker/Worker.cs'])(
  'the worker in %s speaks the version of the pool',
  file => {
    const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
    expect(source.match(/ready[`\\]t(\d+)[`\\]t/)?.[1]).toBe(protocolVersion)
  }
)

describe('runMessage', () => {
  test('is lists of what to remove, what to set, and what has line breaks', () => {
    const changes = new Map<string, string | null>([
      ['A', 'x y\t%\n'],
      ['B', null],
      ['C', ''],
      ['D', '100% d']
    ])
    expect(runMessage('/a folder', '/b c', changes)).toBe('run\n%2Fa%20folder\n%2Fb%20c\nB\n\nC\n\nD\n100% d\n\nA\nx%20y%09%25%0A\n\n')
  })

  test('brings any folder, name and value across', () => {
    const text = anyText().map(each => Buffer.from(each).toString())
    const broken = fc.constantFrom('a\nb', '\r', '%', '%0A\n')
    const name = fc.oneof(text, broken).filter(each => each !== '')
    fc.assert(
      fc.property(text, text, fc.array(fc.tuple(name, fc.oneof(text, broken, fc.constant(null)))), (folder, errorFile, pairs) => {
        const changes = new Map(pairs)
        expect(readRunMessage(runMessage(folder, errorFile, changes))).toEqual({folder, errorFile, changes})
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
    expect(parseWorkerMessage('ready\t3\tabc\t/opt/powershell')).toEqual({
      ok: true,
      value: {type: 'ready', version: '3', token: 'abc', home: '/opt/powershell', pid: undefined}
    })
    expect(parseWorkerMessage('started')).toEqual({ok: true, value: {type: 'started'}})
  })

  test.each([
    ['0', false],
    ['1', true],
    ['', undefined]
  ])('reads of a task that is over whether something may have been started: %j', (told, mayHaveStarted) => {
    expect(parseWorkerMessage(`done\t3\t100\t20\t50\tsilenced\t${told}`)).toEqual({
      ok: true,
      value: {type: 'done', exitCode: 3, workingSet: 100, threads: 20, handles: 50, unfitBecause: 'silenced', mayHaveStarted}
    })
  })

  test.each(['', 'Ready\t1\tabc', 'GET / HTTP/1.1'])('refuses %j', line => {
    expect(parseWorkerMessage(line).ok).toBe(false)
  })
})
