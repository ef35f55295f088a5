import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {Socket} from 'node:net'
import path from 'node:path'
import {Readable} from 'node:stream'
import {afterEach, beforeEach, describe, expect, jest, test} from '@jest/globals'
import {consoleHostStopThread} from '../../src/process/pipeline-stop.ts'
import {type ProcessControl, processControl} from '../../src/process/process-control.ts'
import {signedExitCode, TaskProcess} from '../../src/process/task-process.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const onUnix = process.platform === 'win32' ? test.skip : test
let scripts = 0

/** A Node program as a task's process: what it prints, and a promise for a word in that. */
function start(source: string, control: ProcessControl = processControl, createLeftListener?: () => undefined) {
  const file = path.join(folder, `${scripts++}.mjs`)
  writeFileSync(file, source)
  let printed = ''
  let onPrint = () => {}
  const process_ = new TaskProcess(
    {
      command: process.execPath,
      arguments: [file],
      environment: {...process.env, TASK_MARK: file},
      workingDirectory: folder,
      mark: `TASK_MARK=${file}`,
      stopThread: consoleHostStopThread,
      createLeftListener
    },
    control,
    (stream, chunk) => {
      printed += `${stream}: ${chunk}`
      onPrint()
    }
  )
  const prints = (word: string) =>
    new Promise<void>(resolve => {
      onPrint = () => {
        if (printed.includes(word)) resolve()
      }
      onPrint()
    })
  return {process: process_, prints, printed: () => printed}
}

describe('signedExitCode', () => {
  test.each([
    [0, 0],
    [255, 255],
    [0xffffffff, -1],
    [0xc0000005, -1073741819]
  ])('shows %d as %d', (exitCode, shown) => {
    expect(signedExitCode(exitCode)).toBe(shown)
  })
})

describe('TaskProcess', () => {
  test('tells the exit code and hands on both streams', async () => {
    const task = start(`process.stdout.write('out\\n', () => process.stderr.write('err\\n')); process.exitCode = 42`)
    expect(task.process.state).toBe('starting')
    await expect(task.process.completed).resolves.toEqual({reason: 'exited', exitCode: 42})
    expect(task.process.state).toBe('ended')
    expect(task.printed()).toContain('stdout: out')
    expect(task.printed()).toContain('stderr: err')
  })

  test('says why a process could not be started', async () => {
    const nothing = new TaskProcess(
      {
        command: path.join(folder, 'missing'),
        arguments: [],
        environment: {},
        workingDirectory: folder,
        mark: 'M=1',
        stopThread: consoleHostStopThread
      },
      processControl,
      () => {}
    )
    await expect(nothing.completed).resolves.toMatchObject({reason: 'not-started', message: expect.stringContaining('ENOENT')})
  })

  test('gives the process an input that is at its end', async () => {
    const task = start(`for await (const _ of process.stdin); process.stdout.write('end of input')`)
    await task.process.completed
    expect(task.printed()).toBe('stdout: end of input')
  })

  onUnix('ends a process politely: it can still say something', async () => {
    const task = start(
      `process.on('SIGINT', () => { console.log('cleaned up'); process.exit(3) }); setInterval(() => {}, 1e6); console.log('ready')`
    )
    await task.prints('ready')
    task.process.end()
    expect(task.process.state).toBe('ending')
    await expect(task.process.completed).resolves.toEqual({reason: 'exited', exitCode: 3})
    expect(task.printed()).toContain('cleaned up')
  })

  onUnix('kills at once what ignores every request, with all that it started', async () => {
    const ignoring = `['SIGINT', 'SIGTERM'].forEach(s => process.on(s, () => {})); setInterval(() => {}, 1e6);`
    const task = start(`
      import {spawn} from 'node:child_process'
      ${ignoring}
      spawn(process.execPath, ['-e', ${JSON.stringify(`${ignoring} console.log('child', process.pid)`)}], {stdio: 'inherit'})`)
    await task.prints('child ')
    await task.prints('\n')
    const child = Number(/child (\d+)/.exec(task.printed())?.[1])
    task.process.end()
    task.process.kill()
    await expect(task.process.completed).resolves.toEqual({reason: 'killed', signal: 'SIGKILL'})
    expect(isRunning(child)).toBe(false)
  })

  onUnix('ends what has left its group, also after its parents are gone', async () => {
    const grandchild = `setInterval(() => {}, 1e6); console.log('grandchild', process.pid, '!')`
    const child = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], {stdio: 'inherit', detached: true}).unref()`
    const task = start(`
      import {spawn} from 'node:child_process'
      spawn(process.execPath, ['-e', ${JSON.stringify(child)}], {stdio: 'inherit', detached: true}).unref()
      setInterval(() => {}, 1e6)`)
    await task.prints('!')
    const pid = Number(/grandchild (\d+)/.exec(task.printed())?.[1])
    task.process.end()
    await task.process.completed
    expect(isRunning(pid)).toBe(false)
  })

  onUnix('is over when the process is, though something that it left behind holds its pipes', async () => {
    const stopFile = path.join(folder, 'stop')
    const leftBehind = `setInterval(() => { if (require('fs').existsSync(${JSON.stringify(stopFile)})) process.exit() }, 20)`
    const task = start(`
      import {spawn} from 'node:child_process'
      spawn(process.execPath, ['-e', ${JSON.stringify(leftBehind)}], {stdio: 'inherit', detached: true}).unref()
      console.log('done')`)
    try {
      await expect(task.process.completed).resolves.toEqual({reason: 'exited', exitCode: 0})
      expect(existsSync(stopFile)).toBe(false)
    } finally {
      writeFileSync(stopFile, '')
    }
  })

  test('ends the tree on Windows before its root is gone', async () => {
    const killTree = jest.fn(async (pid: number) => {
      process.kill(pid, 'SIGKILL')
      return true
    })
    const task = start(`setInterval(() => {}, 1e6); console.log('ready')`, {...processControl, platform: 'win32', killTree})
    await task.prints('ready')
    task.process.end()
    await task.process.completed
    expect(killTree).toHaveBeenCalledTimes(1)
  })

  test('is over in the end even if nothing can end it, which is reported', async () => {
    const kill = jest.fn<ProcessControl['kill']>()
    const onNotEnded = jest.fn<(pid: number) => void>()
    const task = start(`setInterval(() => {}, 1e6); console.log('ready')`, {
      ...processControl,
      platform: 'win32',
      killTree: async () => false,
      kill,
      onNotEnded
    })
    await task.prints('ready')
    task.process.end()
    await expect(task.process.completed).resolves.toEqual({reason: 'killed', signal: 'SIGKILL'})
    const pid = task.process.pid ?? 0
    expect(kill).toHaveBeenCalledWith(pid, 'SIGKILL')
    // By who could not end the tree, and by who has waited for its root.
    expect(onNotEnded.mock.calls).toEqual([[pid], [pid]])
    process.kill(pid, 'SIGKILL')
  })

  describe('ends with what is thrown or emitted on its way, and nothing else does', () => {
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    const endless = `setInterval(() => {}, 1e6); console.log('ready')`
    const internal = {reason: 'internal', message: expect.stringContaining('boom')}
    const boom = () => {
      throw new TypeError('boom')
    }

    beforeEach(() => {
      unhandled.length = 0
      process.on('unhandledRejection', note)
      process.on('uncaughtException', note)
    })

    afterEach(async () => {
      await new Promise(resolve => setImmediate(resolve))
      process.off('unhandledRejection', note)
      process.off('uncaughtException', note)
      expect(unhandled).toEqual([])
    })

    test.each<[string, Partial<ProcessControl>]>([
      ['processes cannot be listed', {listProcesses: () => Promise.reject(new TypeError('boom'))}],
      ['listing them throws', {listProcesses: boom}],
      ['Windows cannot be asked to end the tree', {platform: 'win32', killTree: () => Promise.reject(new TypeError('boom'))}],
      ['its threads cannot be seen', {hasSleepingThread: boom}]
    ])('%s', async (_, control) => {
      const task = start(`process.on('SIGINT', () => {}); ${endless}`, {...processControl, ...control})
      await task.prints('ready')
      task.process.end()
      await expect(task.process.completed).resolves.toMatchObject(internal)
      expect(isRunning(task.process.pid ?? -1)).toBe(false)
    })

    test.each(['stdout', 'stderr'])('what it prints cannot be read: %s', async name => {
      const sockets: Socket[] = []
      const on = jest.spyOn(Socket.prototype, 'on').mockImplementation(function (this: Socket, ...args: unknown[]) {
        if (args[0] === 'data') sockets.push(this)
        return Readable.prototype.on.apply(this, args as never) as Socket
      })
      const task = start(endless)
      on.mockRestore()
      await task.prints('ready')
      sockets[name === 'stdout' ? 0 : 1]?.destroy(new Error('boom'))
      await expect(task.process.completed).resolves.toMatchObject(internal)
      expect(isRunning(task.process.pid ?? -1)).toBe(false)
    })

    onUnix('what hears what it left running cannot be made', async () => {
      const left = `console.log('left', process.pid, '!'); setInterval(() => {}, 1e6)`
      const task = start(
        `import {spawn} from 'node:child_process'
        spawn(process.execPath, ['-e', ${JSON.stringify(left)}], {stdio: 'inherit', detached: true}).unref()
        process.exitCode = 0`,
        processControl,
        boom
      )
      await task.prints('!')
      await expect(task.process.completed).resolves.toMatchObject(internal)
      expect(isRunning(Number(/left (\d+)/.exec(task.printed())?.[1]))).toBe(false)
    })
  })

  test('takes an end after the end for what it is: nothing', async () => {
    const kill = jest.fn(processControl.kill)
    const task = start('', {...processControl, kill})
    await task.process.completed
    task.process.end()
    task.process.kill()
    expect(kill).not.toHaveBeenCalled()
  })
})

// A killed child is a zombie until it is reaped: not running, though signal 0 still finds it.
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return process.platform !== 'linux' || !/^State:\tZ/m.test(statusOf(pid))
}

function statusOf(pid: number): string {
  const file = `/proc/${pid}/status`
  return existsSync(file) ? readFileSync(file, 'utf8') : 'State:\tZ'
}
