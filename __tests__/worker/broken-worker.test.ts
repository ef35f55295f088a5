import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from '@jest/globals'
import {processControl} from '../../src/process/process-control.ts'
import {ControlServer} from '../../src/worker/control-server.ts'
import {WorkerFolder} from '../../src/worker/worker-folder.ts'
import {startWorkerProcess, type WorkerListeners} from '../../src/worker/worker-process.ts'
import {isAlive} from '../support/is-alive.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const parent = temporaryFolder()
const boom = () => {
  throw new TypeError('boom')
}

/** A worker that is no PowerShell: it says what one says, prints a line, and goes on for ever. */
const program = path.join(parent, 'worker.mjs')
writeFileSync(
  program,
  `import {connect} from 'node:net'
  const {PWSH_POOL_ADDRESS: address, PWSH_POOL_TOKEN: token} = process.env
  connect(process.platform === 'win32' ? '\\\\\\\\.\\\\pipe\\\\' + address : address).write('ready\\t3\\t' + token + '\\t/home\\n')
  console.log('a line')
  setInterval(() => {}, 1e6)`
)

describe('the process of a worker', () => {
  let server: ControlServer
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)

  beforeEach(async () => {
    server = await ControlServer.listen(parent, process.platform)
    unhandled.length = 0
    process.on('unhandledRejection', note)
  })

  afterEach(async () => {
    server.close()
    await new Promise(resolve => setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })

  test.each<[string, Partial<WorkerListeners>]>([
    ['what it says', {onMessage: boom}],
    ['what it prints', {onOutput: boom}],
    ['what it prints, later', {onOutput: () => Promise.reject(new TypeError('boom'))}]
  ])('is killed and has ended badly where it cannot be heard: %s', async (_, broken) => {
    const worker = startWorkerProcess(
      {arguments: [], stopThread: 'none', createLeftListener: undefined},
      new WorkerFolder(path.join(parent, 'folder')),
      {
        powershell: {command: process.execPath, leadingArguments: [program], edition: 'pwsh', version: '7.6.5'},
        folder: path.join(parent, 'folder'),
        environment: process.env,
        workingDirectory: parent
      },
      {server, control: processControl},
      {onMessage: () => {}, onOutput: () => undefined, ...broken}
    )
    await expect(worker.completed).resolves.toMatchObject({reason: 'internal', message: expect.stringContaining('boom')})
    await worker.booted
    expect(isAlive(worker.process.pid ?? -1)).toBe(false)
  })
})
