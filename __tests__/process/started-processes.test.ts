import {spawn} from 'node:child_process'
import {describe, expect, test} from '@jest/globals'
import {mayHaveStarted, reapedFaults} from '../../src/process/started-processes.ts'

const onLinux = process.platform === 'linux' ? test : test.skip

describe('whether a process has started another one', () => {
  onLinux('is known while that one lives, and after it is over', async () => {
    const before = reapedFaults(process.pid, 'linux')
    const child = spawn('sleep', ['600'])
    expect(mayHaveStarted(process.pid, before, 'linux')).toBe(true)
    child.kill('SIGKILL')
    await new Promise(resolve => child.once('close', resolve))
    expect(mayHaveStarted(process.pid, before, 'linux')).toBe(true)
  })

  onLinux('is denied where none was', () => {
    // Of a process that has no others: this one may run beside tests that have.
    const child = spawn('sleep', ['600'])
    const before = reapedFaults(child.pid ?? 0, 'linux')
    expect(before).toBe(0)
    expect(mayHaveStarted(child.pid ?? 0, before, 'linux')).toBe(false)
    child.kill('SIGKILL')
  })

  test('may always be where the system does not tell, or the process is gone', () => {
    expect(mayHaveStarted(process.pid, reapedFaults(process.pid, 'darwin'), 'darwin')).toBe(true)
    expect(mayHaveStarted(2 ** 30, 0, 'linux')).toBe(true)
  })
})
