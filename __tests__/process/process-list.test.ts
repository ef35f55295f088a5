import {spawn} from 'node:child_process'
import {describe, expect, test} from '@jest/globals'
import {listProcessesOn, parseProcStat, parsePsLine, programName} from '../../src/process/process-list.ts'

const onUnix = process.platform === 'win32' ? test.skip : test

describe('listProcessesOn', () => {
  onUnix('lists this process and a child that carries the mark', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {env: {...process.env, MARK: 'it is me'}, detached: true})
    try {
      await new Promise(resolve => child.once('spawn', resolve))
      const listed = await listProcessesOn(process.platform)('MARK=it is me')
      expect(listed.find(({pid}) => pid === child.pid)).toMatchObject({parent: process.pid, group: child.pid, isMarked: true})
      expect(listed.find(({pid}) => pid === process.pid)).toMatchObject({parent: process.ppid, isMarked: false})
    } finally {
      child.stdin.end()
    }
  })

  test('lists nothing on Windows', async () => {
    expect(await listProcessesOn('win32')('M=1')).toEqual([])
  })
})

describe('parseProcStat', () => {
  const rest = '1 77 77 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 100 200'

  test('reads a name with spaces and parentheses', () => {
    expect(parseProcStat(`42 (a (b) c) S ${rest}`)).toEqual({name: 'a (b) c', parent: 1, group: 77, identity: '12345'})
  })

  test.each(['', 'no such line', `42 (dead) Z ${rest}`])('passes over %j', line => {
    expect(parseProcStat(line)).toBeUndefined()
  })
})

describe('programName', () => {
  test.each([
    ['sleep', '/usr/bin/sleep\x300\0', 'sleep'],
    ['build.sh', '/bin/sh\0./build.sh\0', 'build.sh'],
    ['MainThread', '/opt/node/bin/node\0server.mjs\0', 'node'],
    ['MainThread', '', 'MainThread']
  ])('of a main thread called %s of %j is %s', (mainThread, args, name) => {
    expect(programName(mainThread, () => args)).toBe(name)
  })
})

describe('parsePsLine', () => {
  const line = '  501     1   501 S    Mon Nov  2 10:11:12 2026     /usr/local/bin/pwsh -NoLogo -Command x A=1 PWSH_POOL_TEMP=/run/a b=2'

  test('reads a line of ps, with the environment after the command', () => {
    expect(parsePsLine(line, 'PWSH_POOL_TEMP=/run/a')).toEqual({
      pid: 501,
      parent: 1,
      group: 501,
      identity: 'Mon Nov  2 10:11:12 2026',
      name: 'pwsh',
      isMarked: true
    })
    expect(parsePsLine(line, 'PWSH_POOL_TEMP=/run')?.isMarked).toBe(false)
  })

  test('reads a line whose environment has characters that end lines elsewhere', () => {
    expect(parsePsLine(`${line} c=\r\u2028`, 'PWSH_POOL_TEMP=/run/a')).toMatchObject({pid: 501, isMarked: true})
  })

  test('passes over the dead and what is no such line', () => {
    expect(parsePsLine(line.replace(' S ', ' Z+ '), 'x')).toBeUndefined()
    expect(parsePsLine('ps: error', 'x')).toBeUndefined()
  })
})
