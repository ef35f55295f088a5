import {randomBytes} from 'node:crypto'
import {mkdtempSync, rmSync} from 'node:fs'
import {createServer, type Server, type Socket} from 'node:net'
import os from 'node:os'
import path from 'node:path'
import {carriageReturn, lineFeed} from '../text/line-ends.ts'
import {parseWorkerMessage, protocolVersion, type WorkerMessage} from './worker-protocol.ts'

/** The pool's end of the connection to one worker. */
export interface WorkerConnection {
  /** Resolves when the worker has closed the connection or is gone, and all its messages have been delivered. */
  readonly closed: Promise<void>
  send(text: string | Buffer): void
  /**
   * Stops reading lines: all further bytes go to `take` as they arrive. If `take` returns a promise, reading pauses until it settles; it must never
   * reject.
   */
  readBytes(take: (bytes: Buffer) => Promise<void> | undefined): void
  close(): void
}

/** Receives the messages of a worker. The first is `ready`; `connection` is for replies. */
export type WorkerListener = (message: WorkerMessage, connection: WorkerConnection) => void

/** Longest path of a Unix socket on every system, in bytes. Source: unix(7) has 108, macOS and the BSDs 104, with a NUL at the end. */
const longestSocketPath = 103
/** Longest message, in bytes; a client that sends a longer line is not a worker. */
const longestLine = 64 * 1024
const nothing: Buffer = Buffer.alloc(0)
const isShortEnough = (socket: string): boolean => Buffer.byteLength(socket) <= longestSocketPath

/**
 * The socket to which workers connect, in a folder that only this user can enter (on Windows a pipe with a random name). A connection needs the token
 * of an expected worker; each token is valid for one connection.
 */
export class ControlServer {
  /** Path of the socket or name of the pipe. */
  readonly address: string
  readonly #server: Server
  readonly #folder: string
  readonly #expected = new Map<string, WorkerListener>()
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server, address: string, folder: string) {
    this.#server = server
    this.address = address
    this.#folder = folder
    server.on('connection', socket => this.#welcome(socket))
    // For example, no file descriptors are left for a connection: the worker then reports that it could not connect.
    server.on('error', () => {})
  }

  /**
   * Creates the socket in a new folder in `parent` (absolute), or in the system's temporary folder if that path would be too long. Rejects with
   * system errors, and then leaves nothing behind.
   */
  static async listen(parent: string, platform: NodeJS.Platform): Promise<ControlServer> {
    const name = `pwsh-pool-${randomBytes(12).toString('hex')}`
    const folder = mkdtempSync(path.join(isShortEnough(path.join(parent, 'control-XXXXXX', 's')) ? parent : os.tmpdir(), 'control-'))
    const socket = path.join(folder, 's')
    const server = createServer()
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(platform === 'win32' ? `\\\\.\\pipe\\${name}` : socket, resolve)
      })
    } catch (error) {
      removeFolder(folder)
      throw error
    }
    return new ControlServer(server, platform === 'win32' ? name : socket, folder)
  }

  /** Returns a token for a worker about to start; `listener` receives its messages. */
  expect(listener: WorkerListener): string {
    const token = randomBytes(16).toString('hex')
    this.#expected.set(token, listener)
    return token
  }

  /** Stops accepting this token. */
  forget(token: string): void {
    this.#expected.delete(token)
  }

  /** Closes the socket and all connections. Never throws. */
  close(): void {
    this.#server.close()
    // An open connection would keep this process alive.
    for (const socket of this.#sockets) socket.destroy()
    removeFolder(this.#folder)
  }

  #welcome(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    // If a worker dies in the middle of a message, its end is noticed elsewhere.
    socket.on('error', () => socket.destroy())
    let takeBytes: ((bytes: Buffer) => Promise<void> | undefined) | undefined
    const connection: WorkerConnection = {
      closed: new Promise(resolve => socket.once('close', () => resolve())),
      send: text => void socket.write(text),
      readBytes: take => {
        takeBytes = take
      },
      close: () => void socket.destroy()
    }
    const onBytes = (bytes: Buffer) => {
      const taken = bytes.length === 0 ? undefined : takeBytes?.(bytes)
      if (taken === undefined) return
      socket.pause()
      void taken.then(() => socket.resume())
    }
    let listener: WorkerListener | undefined
    const onLine = (line: string) => {
      const message = parseWorkerMessage(line)
      if (!message.ok) return connection.close()
      if (message.value.type === 'ready') listener = this.#introduce(message.value)
      if (listener === undefined) return connection.close()
      listener(message.value, connection)
    }
    // Not `readline`, which emits the errors of its input again and buffers a line of any length.
    let unended: Buffer = nothing
    socket.on('data', (chunk: Buffer) => {
      let rest = unended.length === 0 ? chunk : Buffer.concat([unended, chunk])
      unended = nothing
      while (takeBytes === undefined && !socket.destroyed) {
        const end = rest.indexOf(lineFeed)
        if (end < 0) break
        onLine(rest.toString('utf8', 0, rest[end - 1] === carriageReturn ? end - 1 : end))
        rest = rest.subarray(end + 1)
      }
      if (takeBytes !== undefined) return onBytes(rest)
      unended = rest
      if (unended.length > longestLine) connection.close()
    })
  }

  #introduce({token, version}: Extract<WorkerMessage, {type: 'ready'}>): WorkerListener | undefined {
    const listener = version === protocolVersion ? this.#expected.get(token) : undefined
    this.#expected.delete(token)
    return listener
  }
}

/** Removes the folder, which contains only the socket. One that cannot be removed is left. */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, {recursive: true, force: true})
  } catch {}
}
