import {randomBytes} from 'node:crypto'
import {mkdtempSync, rmSync} from 'node:fs'
import {createServer, type Server, type Socket} from 'node:net'
import os from 'node:os'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {parseWorkerMessage, protocolVersion, type WorkerMessage} from './worker-protocol.ts'

/** The pool's end of the connection to one worker. */
export interface WorkerConnection {
  /** Resolves when the worker has closed it or is gone, and all that it said has been heard. */
  readonly closed: Promise<void>
  send(line: string): void
  close(): void
}

/** Is told what a worker says: first `ready`, with the connection on which it can be answered. */
export type WorkerListener = (message: WorkerMessage, connection: WorkerConnection) => void

/**
 * The longest path of a Unix socket that every system takes, in bytes. Source: unix(7) has 108, macOS and the BSDs 104, with a NUL at the end.
 */
const longestSocketPath = 103
const isShortEnough = (socket: string): boolean => Buffer.byteLength(socket) <= longestSocketPath

/**
 * Where workers report: a socket in a folder that only this user can enter (Windows: a pipe with an unguessable name). Nobody is listened to
 * without the token of a worker that is expected, and each token is good for one connection.
 */
export class ControlServer {
  /** What a worker connects to. */
  readonly address: string
  readonly #server: Server
  readonly #folder: string
  readonly #expected = new Map<string, WorkerListener>()

  private constructor(server: Server, address: string, folder: string) {
    this.#server = server
    this.address = address
    this.#folder = folder
    server.on('connection', socket => this.#welcome(socket))
  }

  /** Makes the socket in a folder of its own in `parent`, which is absolute, or in the system's where that path would be too long. */
  static async listen(parent: string, platform: NodeJS.Platform): Promise<ControlServer> {
    const name = `pwsh-pool-${randomBytes(12).toString('hex')}`
    const folder = mkdtempSync(path.join(isShortEnough(path.join(parent, 'control-XXXXXX', 's')) ? parent : os.tmpdir(), 'control-'))
    const socket = path.join(folder, 's')
    const server = createServer()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(platform === 'win32' ? `\\\\.\\pipe\\${name}` : socket, resolve)
    })
    return new ControlServer(server, platform === 'win32' ? name : socket, folder)
  }

  /** A token for a worker that is about to be started; `listener` hears what that worker says. */
  expect(listener: WorkerListener): string {
    const token = randomBytes(16).toString('hex')
    this.#expected.set(token, listener)
    return token
  }

  /** No longer listens to the worker with this token. */
  forget(token: string): void {
    this.#expected.delete(token)
  }

  /** Listens to nobody any more. Workers that wait for a task see their connection end. */
  close(): void {
    this.#server.close()
    rmSync(this.#folder, {recursive: true, force: true})
  }

  #welcome(socket: Socket): void {
    // A worker that dies in the middle of a word is seen by its end, not here.
    socket.on('error', () => socket.destroy())
    const lines = createInterface({input: socket})
    const connection: WorkerConnection = {
      closed: new Promise(resolve => socket.once('close', () => resolve())),
      send: line => void socket.write(line),
      close: () => void socket.destroy()
    }
    let listener: WorkerListener | undefined
    lines.on('line', line => {
      const message = parseWorkerMessage(line)
      if (!message.ok) return connection.close()
      if (message.value.type === 'ready') listener = this.#introduce(message.value)
      if (listener === undefined) return connection.close()
      listener(message.value, connection)
    })
  }

  #introduce({token, version}: Extract<WorkerMessage, {type: 'ready'}>): WorkerListener | undefined {
    const listener = version === protocolVersion ? this.#expected.get(token) : undefined
    this.#expected.delete(token)
    return listener
  }
}
