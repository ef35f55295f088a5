import {spawn} from 'node:child_process'
import {existsSync, readdirSync, statSync} from 'node:fs'
import {connect, Server, type Socket} from 'node:net'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, jest, test} from '@jest/globals'
import {ControlServer, type WorkerConnection} from '../../src/worker/control-server.ts'
import type {WorkerMessage} from '../../src/worker/worker-protocol.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {until} from '../support/until.ts'

const folder = temporaryFolder()
const realListen = Server.prototype.listen
const onUnix = process.platform === 'win32' ? test.skip : test
let server: ControlServer

beforeEach(async () => {
  server = await ControlServer.listen(folder, process.platform)
})

afterEach(() => server.close())

/** Connects and says these lines; resolves when the server has closed the connection. */
function say(...lines: string[]): {socket: Socket; closed: Promise<void>} {
  const socket = connect(process.platform === 'win32' ? `\\\\.\\pipe\\${server.address}` : server.address)
  socket.on('error', () => {})
  socket.write(lines.map(line => `${line}\n`).join(''))
  return {socket, closed: new Promise(resolve => socket.once('close', () => resolve()))}
}

describe('ControlServer', () => {
  test('hears a worker that it expects, and can answer it', async () => {
    const heard: string[] = []
    let answer = () => {}
    const token = server.expect((message: WorkerMessage, connection) => {
      heard.push(message.type)
      answer = () => connection.close()
      if (message.type === 'ready') connection.send('run\n')
    })
    const {socket, closed} = say(`ready\t3\t${token}\t/home`)
    const answered = await new Promise<string>(resolve => socket.once('data', data => resolve(String(data))))
    expect(answered).toBe('run\n')
    await new Promise<void>(resolve => socket.write('started\n', () => resolve()))
    socket.end()
    await closed
    expect(heard).toEqual(['ready', 'started'])
    answer()
  })

  test.each([
    ['the token is unknown', 'ready\t3\twrong\t/home'],
    ['the version is another', 'ready\t1\tTOKEN\t/home'],
    ['it begins with something else', 'started'],
    ['it is no worker', 'GET / HTTP/1.1']
  ])('closes the connection where %s', async (_, line) => {
    const heard: WorkerMessage[] = []
    const token = server.expect(message => heard.push(message))
    await say(line.replace('TOKEN', token)).closed
    expect(heard).toEqual([])
  })

  test('takes a token once', async () => {
    let times = 0
    const token = server.expect((_, connection) => {
      times++
      connection.close()
    })
    await say(`ready\t3\t${token}\t/home`).closed
    await say(`ready\t3\t${token}\t/home`).closed
    expect(times).toBe(1)
  })

  test('closes a connection that says very much without an end of line', async () => {
    const {socket, closed} = say()
    socket.write('x'.repeat(1024 * 1024))
    await closed
  })

  onUnix('survives a worker that is killed with an answer unread, as the out-of-memory killer may do', async () => {
    const heard: string[] = []
    const worker = `
      const socket = require('node:net').connect(process.argv[1])
      socket.pause()
      socket.write(process.argv[2])
      process.stdin.once('data', () => process.kill(process.pid, 'SIGKILL'))`
    let answered = () => {}
    const isAnswered = new Promise<void>(resolve => {
      answered = resolve
    })
    let closed: Promise<void> = Promise.resolve()
    const token = server.expect((message, connection) => {
      heard.push(message.type)
      connection.send('run\n'.repeat(1000))
      closed = connection.closed
      answered()
    })
    const args = ['-e', worker, server.address, `ready\t3\t${token}\t/home\n`]
    const child = spawn(process.execPath, args, {stdio: ['pipe', 'ignore', 'inherit']})
    await isAnswered
    child.stdin.write('now')
    await closed
    expect(heard).toEqual(['ready'])
  })

  test('ends the connections that there are when it closes', async () => {
    const {socket, closed} = say()
    await new Promise<void>(resolve => socket.once('connect', () => resolve()))
    await say('GET / HTTP/1.1').closed
    server.close()
    await closed
    server = await ControlServer.listen(folder, process.platform)
  })

  test('leaves no folder behind where it cannot listen', async () => {
    const before = readdirSync(folder)
    const listen = jest.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server) {
      process.nextTick(() => this.emit('error', new Error('no more descriptors')))
      return this
    })
    await expect(ControlServer.listen(folder, process.platform)).rejects.toThrow('no more descriptors')
    listen.mockRestore()
    expect(readdirSync(folder)).toEqual(before)
  })

  test('survives an error of the socket that it listens on', async () => {
    let emit = () => {}
    const listen = jest.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...args: unknown[]) {
      emit = () => this.emit('error', new Error('no more descriptors'))
      return realListen.apply(this, args as Parameters<typeof realListen>)
    })
    const other = await ControlServer.listen(folder, process.platform)
    listen.mockRestore()
    for (let times = 0; times < 3; times++) emit()
    other.close()
  })

  test.each(['before it is known', 'when it is known', 'when it is answered', 'when it is closed'])(
    'survives an error of a connection, %s, and accepts no connection afterwards',
    async state => {
      const accepted: Socket[] = []
      const listen = jest.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...args: unknown[]) {
        this.on('connection', socket => accepted.push(socket))
        return realListen.apply(this, args as Parameters<typeof realListen>)
      })
      const other = await ControlServer.listen(folder, process.platform)
      listen.mockRestore()
      let connection: WorkerConnection | undefined
      const known = new Promise<void>(resolve => {
        const token = other.expect((_, given) => {
          connection = given
          if (state === 'when it is answered') given.send('run\n'.repeat(100_000))
          if (state === 'when it is closed') given.close()
          resolve()
        })
        const socket = connect(process.platform === 'win32' ? `\\\\.\\pipe\\${other.address}` : other.address)
        socket.on('error', () => {})
        socket.write(state === 'before it is known' ? `ready\t3\t${token}` : `ready\t3\t${token}\t/home\n`, () => {
          if (state === 'before it is known') resolve()
        })
      })
      await known
      await until('it is accepted', () => accepted.length === 1)
      for (let times = 0; times < 2; times++) for (const socket of accepted) socket.emit('error', new Error('reset'))
      connection?.send('more\n')
      connection?.close()
      await connection?.closed
      other.close()
    }
  )

  onUnix('keeps its socket in a folder of this user’s alone, and removes it', async () => {
    const own = path.dirname(server.address)
    expect(statSync(own).mode & 0o777).toBe(0o700)
    server.close()
    expect(existsSync(own)).toBe(false)
    server = await ControlServer.listen(folder, process.platform)
  })

  onUnix('goes elsewhere where the path of a socket would be too long', async () => {
    const deep = await ControlServer.listen(path.join(folder, 'x'.repeat(100)), process.platform)
    expect(Buffer.byteLength(deep.address)).toBeLessThanOrEqual(103)
    deep.close()
  })
})
