import {chmodSync, closeSync, openSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {probeProgram} from '../../src/powershell/probe-program.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const onUnix = process.platform === 'win32' ? test.skip : test
const tryNode = (script: string, timeLimitMs = 60_000) =>
  probeProgram({program: process.execPath, arguments: ['-e', script, '--', '-Version'], timeLimitMs})

function executable(name: string, content: string | Buffer): string {
  const file = path.join(folder, name)
  writeFileSync(file, content)
  chmodSync(file, 0o755)
  return file
}

describe('probeProgram', () => {
  test('gives what was printed on both streams, whatever the code', async () => {
    const script = 'console.log(process.argv.slice(1).join()); console.error("aside"); process.exitCode = 3'
    expect(await tryNode(script)).toEqual({ok: true, value: {exitCode: 3, stdout: '-Version\n', stderr: 'aside\n'}})
  })

  test('says why a program could not be started', async () => {
    const program = path.join(folder, 'missing')
    const answer = await probeProgram({program, arguments: [], timeLimitMs: 60_000})
    expect(answer).toEqual({ok: false, error: {reason: 'not-started', message: expect.stringContaining('ENOENT')}})
  })

  onUnix.each([
    ['a folder', () => folder],
    ['a file that may not be executed', () => path.join(folder, 'plain')],
    ['a file that is being written', () => executable('busy', '#!/bin/sh\n')]
  ])('takes %s for a program that cannot be started', async (_, file) => {
    writeFileSync(path.join(folder, 'plain'), 'echo no\n')
    const program = file()
    const writer = openSync(path.join(folder, 'busy'), 'a')
    try {
      const answer = await probeProgram({program, arguments: [], timeLimitMs: 60_000})
      expect(answer).toEqual({ok: false, error: {reason: 'not-started', message: expect.stringMatching(/EACCES|ETXTBSY/)}})
    } finally {
      closeSync(writer)
    }
  })

  test('ends a program that does not answer in time', async () => {
    expect(await tryNode('setInterval(() => {}, 1000)', 1)).toEqual({ok: false, error: {reason: 'timed-out', timeLimitMs: 1}})
  })

  test('reads no more of a program that prints without end than an answer may have', async () => {
    const answer = await tryNode('for (;;) require("node:fs").writeSync(1, "y\\n")')
    expect(answer).toMatchObject({ok: true, value: {stdout: expect.stringMatching(/^(?:y\n)+y?$/)}})
    expect(answer.ok && answer.value.stdout.length).toBeLessThan(1_000_000)
  })
})
