import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from '@jest/globals'
import {consoleHostStopThread} from '../../src/process/pipeline-stop.ts'
import {type ProcessControl, processControl} from '../../src/process/process-control.ts'
import {ControlServer} from '../../src/worker/control-server.ts'
import {WorkerFolder} from '../../src/worker/worker-folder.ts'
import {startWorkerProcess} from '../../src/worker/worker-process.ts'
import {isAlive} from '../support/is-alive.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const onUnix = process.platform === 'win32' ? test.skip : test
let server: ControlServer

beforeEach(async () => {
  server = await ControlServer.listen(folder, process.platform)
})

afterEach(() => server.close())

/** Says that the worker is ready, and lives on with the connection open. */
const ready = `
  const address = process.platform === 'win32' ? '\\\\\\\\.\\\\pipe\\\\' + process.env.PWSH_POOL_ADDRESS : process.env.PWSH_POOL_ADDRESS
  require('node:net').connect(address).write('ready\\t3\\t' + process.env.PWSH_POOL_TOKEN + '\\t/home\\t' + process.pid + '\\n')
  setInterval(() => {}, 1e6)`

/** Prints the pid of a process that has left the worker's group and lost its parent, and lives on. */
const setup = `
  const orphan = "process.stdout.write('' + require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], {detached: true, stdio: 'ignore'}).pid); process.exit()"
  require('node:child_process').execFile(process.execPath, ['-e', orphan], (_, pid) => console.log(pid))
  setInterval(() => {}, 1e6)`

function start(source: string, control: ProcessControl, print: (text: string) => void = () => {}) {
  return startWorkerProcess(
    {arguments: ['-e', source], stopThread: consoleHostStopThread, createLeftListener: undefined},
    new WorkerFolder(path.join(folder, 'worker')),
    {
      powershell: {command: process.execPath, leadingArguments: [], version: '7.6.0', edition: 'pwsh'},
      folder: path.join(folder, 'worker'),
      environment: process.env,
      workingDirectory: folder
    },
    {server, control},
    {
      onMessage: () => {},
      onOutput: (_, chunk) => {
        print(String(chunk))
        return undefined
      }
    }
  )
}

describe('startWorkerProcess', () => {
  test('has a process that is over in the end also if nothing can end it, and its connection stays open', async () => {
    const {
      process: worker,
      booted,
      completed
    } = start(ready, {...processControl, platform: 'win32', killTree: async () => false, kill: () => {}})
    await booted
    worker.end()
    await expect(completed).resolves.toEqual({reason: 'killed', signal: 'SIGKILL'})
    process.kill(worker.pid ?? 0, 'SIGKILL')
  })

  onUnix('ends what modules and setup have started, wherever that has gone', async () => {
    let onPrint: (text: string) => void = () => {}
    const printed = new Promise<string>(resolve => {
      onPrint = resolve
    })
    const {process: worker, completed} = start(setup, processControl, text => onPrint(text))
    const orphan = Number(await printed)
    expect(isAlive(orphan)).toBe(true)
    worker.kill()
    await completed
    expect(isAlive(orphan)).toBe(false)
  })
})
