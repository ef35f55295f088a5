import {describe, expect, test} from '@jest/globals'
import {parseWindowsLine, parseWindowsList} from '../../src/powershell/windows-list.ts'

const noon = '20261130120000.000000+000'

describe('a line of a list of Windows', () => {
  test('tells who was started by whom, when, and its name', () => {
    expect(parseWindowsLine('4711\t88\t20261130130500.250000+060\tm%C3%BCll%20mann.exe')).toEqual({
      pid: 4711,
      parent: 88,
      group: 0,
      identity: '20261130130500.250000+060',
      createdAt: Date.UTC(2026, 10, 30, 12, 5, 0, 250),
      name: 'müll mann.exe',
      isMarked: false
    })
  })

  test('has a time that is the same wherever the machine stands, down to less than a millisecond', () => {
    const times = ['20260101003000.000500+060', '20251231233000.000500+000', '20251231183000.000500-300']
    const created = times.map(time => parseWindowsLine(`8\t4\t${time}\ta.exe`)?.createdAt)
    expect(new Set(created)).toEqual(new Set([Date.UTC(2025, 11, 31, 23, 30) + 0.5]))
  })

  test.each(['', '4\t0\t\tSystem', '8\t4\tyesterday\ta.exe', 'Get-Item: cannot'])('is passed over if it has no time: %j', line => {
    expect(parseWindowsLine(line)).toBeUndefined()
  })

  test('may have a name that is not encoded as it should be', () => {
    expect(parseWindowsLine(`8\t4\t${noon}\t100%.exe`)?.name).toBe('100%.exe')
  })
})

describe('a list of Windows', () => {
  const pidsOf = (...lines: string[]) => parseWindowsList(lines).map(({pid}) => pid)

  test('omits console hosts, which no program has started', () => {
    expect(pidsOf(`8\t4\t${noon}\tpwsh.exe`, `12\t8\t${noon}\tconhost.exe`, `16\t8\t${noon}\tOpenConsole.exe`)).toEqual([8])
  })

  test('has it where it has started something, by which that is known to be ours', () => {
    expect(pidsOf(`8\t4\t${noon}\tpwsh.exe`, `12\t8\t${noon}\tconhost.exe`, `16\t12\t${noon}\tcmd.exe`)).toEqual([8, 12, 16])
  })
})
