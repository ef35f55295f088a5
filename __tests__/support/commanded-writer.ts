import {createServer, type Server, type Socket} from 'node:net'
import {createInterface, type Interface} from 'node:readline'

/** Bytes for one of the streams of a task. */
export interface Write {
  readonly stream: 'stdout' | 'stderr'
  readonly text: string | Buffer
}

/** A task that writes when the test says so, and nothing else. */
export interface CommandedWriter {
  /** Writes these, one right after another. Resolves when the task has written them all. */
  write(...writes: readonly Write[]): Promise<void>
  /** Lets the task end. */
  end(): void
}

/** Where tasks that run `script` report. */
export interface WriterServer {
  /** Text of a task that is a commanded writer. Every system has what it needs. */
  readonly script: string
  /** The next task that reports. */
  next(): Promise<CommandedWriter>
  close(): void
}

/** Listens for tasks that are commanded writers. */
export async function listenForWriters(): Promise<WriterServer> {
  const arrived: CommandedWriter[] = []
  const waiting: ((writer: CommandedWriter) => void)[] = []
  const server: Server = createServer(socket => {
    const writer = commandedBy(socket)
    const next = waiting.shift()
    if (next === undefined) arrived.push(writer)
    else next(writer)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Expected a server with a port')
  return {
    script: writerScript(address.port),
    next: async () => arrived.shift() ?? new Promise(resolve => waiting.push(resolve)),
    close: () => void server.close()
  }
}

// Each line that it is sent is a list of streams and bytes, and answered when all are written.
const writerScript = (port: number): string => `
  $client = [System.Net.Sockets.TcpClient]::new('127.0.0.1', ${port})
  $commands = [System.IO.StreamReader]::new($client.GetStream())
  $answers = [System.IO.StreamWriter]::new($client.GetStream())
  $streams = @{stdout = [Console]::OpenStandardOutput(); stderr = [Console]::OpenStandardError()}
  while ($command = $commands.ReadLine()) {
    $words = $command.Split(' ')
    for ($i = 0; $i -lt $words.Count; $i += 2) {
      $bytes = [Convert]::FromBase64String($words[$i + 1])
      $streams[$words[$i]].Write($bytes, 0, $bytes.Length)
    }
    $answers.WriteLine('written')
    $answers.Flush()
  }
  $client.Dispose()`

function commandedBy(socket: Socket): CommandedWriter {
  const answers: Interface = createInterface({input: socket})
  return {
    write: async (...writes) => {
      const answered = new Promise<unknown>(resolve => answers.once('line', resolve))
      socket.write(`${writes.map(({stream, text}) => `${stream} ${Buffer.from(text).toString('base64')}`).join(' ')}\n`)
      await answered
    },
    end: () => void socket.end('\n')
  }
}
