import {existsSync, statSync} from 'node:fs'
import {connect, type Socket} from 'node:net'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from '@jest/globals'
import {ControlServer} from '../../src/pool/control-server.ts'
import type {WorkerMessage} from '../../src/pool/worker-protocol.ts'
import {temporaryFolder} from '../helpers/temporary-folder.ts'

const folder = temporaryFolder()
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
    const {socket, closed} = say(`ready\t2\t${token}\t/home`)
    const answered = await new Promise<string>(resolve => socket.once('data', data => resolve(String(data))))
    expect(answered).toBe('run\n')
    await new Promise<void>(resolve => socket.write('started\n', () => resolve()))
    socket.end()
    await closed
    expect(heard).toEqual(['ready', 'started'])
    answer()
  })

  test.each([
    ['nobody knows the token', 'ready\t2\twrong\t/home'],
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
    await say(`ready\t2\t${token}\t/home`).closed
    await say(`ready\t2\t${token}\t/home`).closed
    expect(times).toBe(1)
  })

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
