import {spawn} from 'node:child_process'
import {describe, expect, test} from '@jest/globals'
import {mayHaveStarted, startsBefore} from '../../src/process/started-processes.ts'

const onLinux = process.platform === 'linux' ? test : test.skip

describe('whether a process has started another one', () => {
  onLinux.each([true, false])('is known while that one lives, and after it is over (all starts: %s)', async all => {
    const before = startsBefore(process.pid, 'linux', all)
    const child = spawn('sleep', ['600'])
    expect(mayHaveStarted(process.pid, before, 'linux')).toBe(true)
    child.kill('SIGKILL')
    await new Promise(resolve => child.once('close', resolve))
    expect(mayHaveStarted(process.pid, before, 'linux')).toBe(true)
  })

  onLinux('is denied where none was, whatever others start', () => {
    // Of a process that has no others: this one may run beside tests that have.
    const child = spawn('sleep', ['600'])
    const before = startsBefore(child.pid ?? 0, 'linux', true)
    expect(before.reapedFaults).toBe(0)
    const other = spawn('sleep', ['600'])
    expect(mayHaveStarted(child.pid ?? 0, before, 'linux')).toBe(false)
    for (const each of [child, other]) each.kill('SIGKILL')
  })

  onLinux('is known of a child that lives already only where other programs do not count', () => {
    const child = spawn('sleep', ['600'])
    expect(mayHaveStarted(process.pid, startsBefore(process.pid, 'linux', false), 'linux')).toBe(true)
    child.kill('SIGKILL')
  })

  test('may always be where the system does not tell, or the process is gone', () => {
    expect(mayHaveStarted(process.pid, startsBefore(process.pid, 'darwin', true), 'darwin')).toBe(true)
    expect(mayHaveStarted(2 ** 30, {reapedFaults: 0, latest: undefined}, 'linux')).toBe(true)
    expect(mayHaveStarted(process.pid, undefined, 'linux')).toBe(true)
  })
})
