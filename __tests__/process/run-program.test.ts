import {spawnSync} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {runProgram} from '../../src/process/run-program.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {until} from '../support/until.ts'

const folder = temporaryFolder()
const node = process.execPath
const askNode = (script: string, options: Partial<Parameters<typeof runProgram>[0]> = {}) =>
  runProgram({program: node, arguments: ['-e', script], timeLimitMs: 60_000, ...options})

describe('runProgram', () => {
  test('gives what was printed on both streams, whatever the code', async () => {
    const script = 'process.stdout.write("größer\\nlast"); process.stderr.write("aside"); process.exitCode = 3'
    expect(await askNode(script)).toEqual({ok: true, value: {exitCode: 3, stdout: 'größer\nlast', stderr: 'aside'}})
  })

  test('has nothing to read, and the environment that it is given', async () => {
    const script = 'process.stdin.on("end", () => console.log(process.env.COLOUR, process.env.PWD_OF_NOBODY)).resume()'
    const answer = await askNode(script, {environment: {...process.env, COLOUR: 'red', PWD_OF_NOBODY: undefined}})
    expect(answer).toMatchObject({value: {stdout: 'red undefined\n'}})
  })

  test('takes arguments as they are', async () => {
    const args = ['a b', '"', "it's", '\\', '', '$x', '-y']
    const answer = await runProgram({
      program: node,
      arguments: ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--', ...args],
      timeLimitMs: 60_000
    })
    expect(answer.ok && JSON.parse(answer.value.stdout)).toEqual(args)
  })

  test('says why a program could not be started', async () => {
    const program = path.join(folder, 'missing')
    const answer = await runProgram({program, arguments: [], timeLimitMs: 60_000})
    expect(answer).toEqual({ok: false, error: {reason: 'not-started', message: expect.stringContaining(program)}})
  })

  /** A program that runs until `end` ends it. */
  function endless(name: string) {
    const pidFile = path.join(folder, name)
    const script = `process.stdin.on("end", () => require("node:fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid))).resume()
      setInterval(() => {}, 60_000)`
    const pid = () => (existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0)
    const end = async () => {
      await until('it says its pid', () => pid() > 0)
      process.kill(pid())
    }
    return {script, end}
  }

  test('waits no longer than its limit', async () => {
    const {script, end} = endless('limit')
    expect(await askNode(script, {timeLimitMs: 1})).toEqual({ok: false, error: {reason: 'timed-out', timeLimitMs: 1}})
    await end()
  })

  test('waits no longer than it is wanted, and does not ask what is not wanted any more', async () => {
    const cancellation = new AbortController()
    const {script, end} = endless('cancel')
    const asked = askNode(script, {signal: cancellation.signal})
    cancellation.abort()
    expect(await asked).toEqual({ok: false, error: {reason: 'cancelled'}})
    await end()
    expect(await askNode('throw new Error()', {signal: cancellation.signal})).toEqual({ok: false, error: {reason: 'cancelled'}})
  })

  test('shows nothing of it', () => {
    const {stdout, stderr} = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', "import {getExecOutput} from '@actions/exec'; await getExecOutput('node', ['-v'], {silent: true})"],
      {encoding: 'utf8'}
    )
    expect([stdout, stderr]).toEqual(['', ''])
  })
})
