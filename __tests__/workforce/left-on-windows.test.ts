import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdtempSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {type ProcessControl, processControl} from '../../src/process/process-control.ts'
import type {ListedProcess} from '../../src/process/process-list.ts'
import {ControlServer} from '../../src/worker/control-server.ts'
import {WarmWorker} from '../../src/worker/warm-worker.ts'
import {Worker} from '../../src/worker/worker.ts'
import type {RetirementReason} from '../../src/worker/worker-fitness.ts'
import {protocolVersion} from '../../src/worker/worker-protocol.ts'
import {isAlive} from '../support/is-alive.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {recorded} from '../support/warm-turns.ts'

const folder = temporaryFolder()
const standInFile = path.join(folder, 'worker.cjs')
const standIn = {command: process.execPath, leadingArguments: [standInFile], edition: 'pwsh', version: '7.6.0'} as const

/** What a worker says to the pool, without PowerShell. Its task is JavaScript: `leave()` leaves a process running, `tell()` what `done` is to tell. */
const script = `
  const {spawn} = require('child_process')
  const {readFileSync, writeFileSync} = require('fs')
  const {PWSH_POOL_ADDRESS, PWSH_POOL_TOKEN, TASK_FILE, LEFT_FILE} = process.env
  const socket = require('net').connect(process.platform === 'win32' ? '\\\\\\\\.\\\\pipe\\\\' + PWSH_POOL_ADDRESS : PWSH_POOL_ADDRESS)
  const say = (...fields) => new Promise(resolve => socket.write(fields.join('\\t') + '\\n', resolve))
  const print = text => Promise.all([process.stdout, process.stderr].map(stream => new Promise(resolve => stream.write(text, resolve))))
  let told = ''
  const tell = text => { told = text }
  const leave = () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], {stdio: 'ignore', detached: true})
    child.unref()
    writeFileSync(LEFT_FILE, process.pid + ' ' + child.pid)
  }
  const run = () => new Function('leave', 'tell', readFileSync(TASK_FILE, 'utf8'))(leave, tell)
  const once = async () => {
    await say('started')
    run()
    process.exit(0)
  }
  const again = async mark => {
    await print(mark)
    await say('started')
    run()
    await print(mark)
    await say('done', 0, 1, 1, 1, '', told)
  }
  let lines = []
  require('readline').createInterface({input: socket}).on('line', line => {
    lines.push(line)
    // The fields of a message may be empty; each of the three lists after them ends with an empty line.
    if (lines.slice(lines[0] === 'run' ? 3 : 4).filter(each => each === '').length < 3) return
    const [word, nonce] = lines
    lines = []
    if (word === 'run') once()
    else again('\\x1e' + nonce)
  }).on('close', () => process.exit(0))
  say('ready', ${protocolVersion}, PWSH_POOL_TOKEN, '/', process.pid)`

/** A process as Windows lists it. */
const created = (pid: number, parent: number, createdAt: number): ListedProcess => ({
  pid,
  parent,
  group: 0,
  identity: String(createdAt),
  createdAt,
  name: 'left.exe',
  isMarked: false
})

/** A Windows machine that lists the task’s leftovers, by parent, and `others`. */
function windows(leftFile: string, others: () => readonly ListedProcess[] = () => []) {
  let lists = 0
  const control: ProcessControl = {
    ...processControl,
    platform: 'win32',
    killTree: async pid => {
      try {
        process.kill(pid, 'SIGKILL')
        return true
      } catch {
        return false
      }
    },
    listProcesses: async () => {
      lists++
      const [parent = 0, pid = 0] = existsSync(leftFile) ? readFileSync(leftFile, 'utf8').split(' ').map(Number) : []
      const left = pid === 0 ? [] : [created(pid, parent, statSync(leftFile).mtimeMs)]
      return [created(process.pid, 1, 0), ...[...left, ...others()].filter(process => isAlive(process.pid))]
    }
  }
  return {control, lists: () => lists}
}

let server: ControlServer

beforeAll(async () => {
  writeFileSync(standInFile, script)
  server = await ControlServer.listen(mkdtempSync(path.join(folder, 'control-')), process.platform)
})

afterAll(() => server.close())

const shared = () => ({server, modules: [], setupFile: undefined}) as const

function places() {
  const own = mkdtempSync(path.join(folder, 'place-'))
  const workerFolder = path.join(own, 'worker')
  const leftFile = path.join(own, 'left')
  const environment = {...process.env, LEFT_FILE: leftFile, TASK_FILE: path.join(workerFolder, 'task.ps1')}
  return {leftFile, options: {powershell: standIn, folder: workerFolder, environment, workingDirectory: own}}
}

const leftPid = (leftFile: string) => Number(readFileSync(leftFile, 'utf8').split(' ')[1])

describe('what a task leaves running on Windows', () => {
  test('is named and lives on, or is ended; a stranger that names the same parent is neither', async () => {
    const {leftFile, options} = places()
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'])
    await once(stranger, 'spawn')
    try {
      const others = () => [created(stranger.pid ?? 0, worker.pid ?? 0, Date.now() - 3_600_000)]
      const worker: Worker = new Worker(options, {...shared(), control: windows(leftFile, others).control, leftovers: 'end'})
      writeFileSync(worker.folder.taskFile, 'leave()')
      worker.run(recorded(options.workingDirectory, {}).assignment)
      expect(await worker.completed).toEqual({reason: 'exited', exitCode: 0})
      const pid = leftPid(leftFile)
      expect(await worker.leftBehind('keep')).toEqual([{pid, name: 'left.exe', isEnded: false}])
      expect(isAlive(pid)).toBe(true)
      expect(await worker.leftBehind('end')).toEqual([{pid, name: 'left.exe', isEnded: true}])
      expect([isAlive(pid), isAlive(stranger.pid ?? 0)]).toEqual([false, true])
      await worker.release()
    } finally {
      stranger.kill('SIGKILL')
    }
  })

  /** Runs tasks one after another in a warm worker. */
  async function inWarmWorker(run: (task: (text: string) => Promise<unknown>, lists: () => number, leftFile: string) => Promise<void>) {
    const {leftFile, options} = places()
    const {control, lists} = windows(leftFile)
    const retired: RetirementReason[] = []
    const context = {...shared(), control, leftovers: 'keep', maxTasksPerWorker: 100, onIdle: () => {}} as const
    const worker = new WarmWorker('none', options, {...context, onRetired: (_, because) => retired.push(because)})
    await run(
      async text => {
        const turn = worker.takeTurn()
        writeFileSync(worker.folder.taskFile, text)
        turn.run(recorded(options.workingDirectory, {}).assignment)
        expect(await turn.completed).toEqual({reason: 'exited', exitCode: 0})
        const left = await turn.leftBehind()
        await turn.release()
        return left
      },
      lists,
      leftFile
    )
    worker.kill()
    await worker.completed
    return retired
  }

  test('costs a warm worker its place, and is ended', async () => {
    const retired = await inWarmWorker(async (task, _, leftFile) => {
      const left = await task('leave(); tell("1")')
      const pid = leftPid(leftFile)
      expect(left).toEqual([{pid, name: 'left.exe', isEnded: true}])
      expect(isAlive(pid)).toBe(false)
    })
    expect(retired).toEqual(['left-processes'])
  })

  test('is searched for after a task in a warm worker only if a new process lives, or that is unknown', async () => {
    const retired = await inWarmWorker(async (task, lists) => {
      expect([await task('tell("0")'), lists()]).toEqual([[], 0])
      expect([await task('tell("1")'), lists()]).toEqual([[], 1])
      expect([await task('tell("")'), lists()]).toEqual([[], 2])
    })
    expect(retired).toEqual([])
  })
})
