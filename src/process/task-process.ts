import {type ChildProcess, spawn} from 'node:child_process'
import type {Environment} from '../model/environment.ts'
import type {OutputStream, SetupListener} from '../model/output-listener.ts'
import type {ProcessEnd} from '../model/process-end.ts'
import {LeftOutput} from '../spool/left-output.ts'
import {collectChunks} from '../system/young-generation.ts'
import {describeBug, describeFault} from '../text/bug.ts'
import {endProcesses} from './end-processes.ts'
import {consoleHostStopThread} from './pipeline-stop.ts'
import type {ProcessControl} from './process-control.ts'
import type {Lifetime} from './process-tree.ts'

/** The state of a process. `end` sets `ending`; all others follow the process. */
export type ProcessState = 'starting' | 'running' | 'ending' | 'ended'

/** The process to start. */
export interface ProcessCommand {
  readonly command: string
  readonly arguments: readonly string[]
  readonly environment: Environment
  /** Absolute. */
  readonly workingDirectory: string
  /** `NAME=value` of an environment variable that only this process and its descendants have. Read when they are ended. */
  readonly mark: string
  /** The thread that stops the pipeline after SIGINT, if not the console host's (`pipeline-stop.ts`). */
  readonly stopThread?: string
  /**
   * Creates the listener for late output, which left-over processes write after the end of this one. If set, the owner must close `leftOutput`; if not,
   * the pipes are closed at the end.
   */
  readonly createLeftListener?: (() => SetupListener | undefined) | undefined
}

/**
 * Receives the next chunk of a stream. A returned promise pauses the stream until it settles; it never rejects.
 */
export type OnOutput = (stream: OutputStream, chunk: Buffer) => Promise<void> | undefined

/** How long the end of the pipes is awaited after the process has exited, in milliseconds: an orphan that holds a pipe must not hold up the task. */
export const pipeGraceMs = 1000

/** How long a process may survive SIGKILL before it is abandoned, in milliseconds. */
const abandonAfterMs = 2000

/** An exit code of 32 bits as `$LASTEXITCODE` shows it on Windows, with a sign: -1073741819 for 0xC0000005. On Unix none is that large. */
export const signedExitCode = (exitCode: number): number => exitCode | 0

/** More than both pipes can hold when the process exits, in bytes: anything beyond was written by an orphan. */
const mostLeftInPipes = 4 * 1024 * 1024

/** A process with all its descendants. Its standard input is empty. */
export class TaskProcess {
  /** Resolves when the process has exited and its output has been read; after `end`, when its descendants are gone too. Never rejects. */
  readonly completed: Promise<ProcessEnd>
  readonly #child: ChildProcess
  readonly #control: ProcessControl
  readonly #command: ProcessCommand
  readonly #firmly = new AbortController()
  #powershellPid: number | undefined
  readonly #lifetime: {start: number; end: number | undefined} = {start: Date.now(), end: undefined}
  #state: ProcessState = 'starting'
  #allGone: Promise<void> | undefined
  #endedBadly: ProcessEnd | undefined
  /** How many chunks must be processed before more of a stream is read. */
  readonly #waiting: Record<OutputStream, number> = {stdout: 0, stderr: 0}
  /** Of both streams. */
  #bytesRead = 0
  #left: LeftOutput | undefined
  #livesOn = false
  #giveUp: (end: ProcessEnd) => void = () => {}
  /** Resolves if the process could not be ended. */
  readonly #abandoned = new Promise<ProcessEnd>(resolve => {
    this.#giveUp = resolve
  })
  /** Whether both streams have ended. */
  #isClosed = false

  constructor(command: ProcessCommand, control: ProcessControl, onOutput: OnOutput) {
    this.#control = control
    this.#command = command
    this.#child = spawn(command.command, command.arguments, {
      cwd: command.workingDirectory,
      env: command.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own process group can be signalled as a whole, and a Ctrl-C in the terminal does not reach it.
      detached: control.platform !== 'win32',
      windowsHide: true
    })
    this.#child.once('spawn', () => {
      if (this.#state === 'starting') this.#state = 'running'
    })
    this.#read('stdout', onOutput)
    this.#read('stderr', onOutput)
    this.completed = this.#complete()
  }

  /** `undefined` if it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid
  }

  /** The pid of PowerShell itself, if known. It differs from `pid` if a wrapper script started it. */
  get powershellPid(): number | undefined {
    return this.#powershellPid ?? this.pid
  }

  /** Sets the pid that PowerShell has reported. */
  set powershellPid(pid: number | undefined) {
    this.#powershellPid = pid
  }

  get state(): ProcessState {
    return this.#state
  }

  /** Updated as the process starts and ends. */
  get lifetime(): Lifetime {
    return this.#lifetime
  }

  /** Whether reading is paused until earlier output has been processed. */
  get isHeldUp(): boolean {
    return this.#waiting.stdout + this.#waiting.stderr > 0
  }

  /** Whether it could not be ended and still has its files open. */
  get livesOn(): boolean {
    return this.#livesOn
  }

  /** Late output, to be closed by the owner; `undefined` if nobody held the pipes. */
  get leftOutput(): LeftOutput | undefined {
    return this.#left
  }

  /** Ends the process and its descendants, gracefully first (`end-processes.ts`). Further calls do nothing. */
  end(): void {
    const {pid} = this.#child
    const {mark, stopThread = consoleHostStopThread} = this.#command
    if (this.#state === 'ended' || pid === undefined) return
    this.#state = 'ending'
    if (this.#allGone !== undefined) return
    const target = {leader: pid, powershell: this.powershellPid ?? pid, mark, stopThread, lifetime: this.#lifetime}
    this.#allGone = endProcesses(target, this.#control, this.#firmly.signal).catch(error => {
      this.#endedBadly = {reason: 'internal', message: describeBug(error)}
      this.#child.kill('SIGKILL')
    })
    void this.#allGone.then(() => setTimeout(() => this.#abandon(), abandonAfterMs).unref())
  }

  /** Ends them at once, also during a graceful end. */
  kill(): void {
    this.#firmly.abort()
    this.end()
  }

  // A process that cannot be ended must not hold up the run. After an exit, its output may still be read.
  #abandon(): void {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
    this.#child.unref()
    this.#livesOn = true
    if (this.#child.pid !== undefined) this.#control.onNotEnded?.(this.#child.pid)
    this.#giveUp({reason: 'killed', signal: 'SIGKILL'})
  }

  /** An error that no caller can catch ends only this process. */
  #fail(error: unknown): void {
    this.#endedBadly ??= {reason: 'internal', message: describeFault(error)}
    this.kill()
  }

  #read(name: OutputStream, onOutput: OnOutput): void {
    const stream = this.#child[name]
    stream?.on('error', error => this.#fail(error))
    // Node resumes the pipes of a process that has exited, also those that are paused for a reason. Source: Node, lib/internal/child_process.js (`flushStdio`).
    stream?.on('resume', () => {
      if (this.#waiting[name] > 0) stream.pause()
    })
    stream?.on('data', (chunk: Buffer) => {
      this.#bytesRead += chunk.length
      collectChunks(chunk.length)
      const taken = this.#left === undefined ? onOutput(name, chunk) : this.#takeLeft(this.#left, name, chunk)
      if (taken !== undefined) void taken.then(this.#holdUp(name))
    })
  }

  // The task is over, so nobody could handle an error.
  #takeLeft(left: LeftOutput, name: OutputStream, chunk: Buffer): undefined {
    try {
      left.take(name, chunk)
    } catch {
      left.close()
    }
    return undefined
  }

  // Standard error must not overtake standard output, which may have been written first.
  #holdUp(name: OutputStream): () => void {
    const streams: readonly OutputStream[] = name === 'stdout' ? ['stdout', 'stderr'] : ['stderr']
    for (const stream of streams) {
      this.#waiting[stream]++
      this.#child[stream]?.pause()
    }
    return () => {
      for (const stream of streams) if (--this.#waiting[stream] === 0) this.#child[stream]?.resume()
    }
  }

  async #complete(): Promise<ProcessEnd> {
    const end = await Promise.race([this.#exited(), this.#abandoned])
    await this.#allGone
    this.#state = 'ended'
    return this.#endedBadly ?? end
  }

  #exited(): Promise<ProcessEnd> {
    return new Promise(resolve => {
      let grace: NodeJS.Timeout | undefined
      // `error` is emitted if the process cannot be started, and each time that a signal cannot be sent.
      this.#child.on('error', error => {
        if (this.#child.pid === undefined) resolve({reason: 'not-started', message: error.message})
      })
      this.#child.once('exit', (exitCode, signal) => {
        this.#lifetime.end = Date.now()
        const end: ProcessEnd = signal === null ? {reason: 'exited', exitCode: signedExitCode(exitCode ?? 0)} : {reason: 'killed', signal}
        const atMost = this.#bytesRead + mostLeftInPipes
        const letGo = () => {
          clearInterval(grace)
          this.#letGoOfPipes()
          resolve(end)
        }
        grace = setInterval(() => this.#whenNothingIsLeft(atMost, letGo), pipeGraceMs)
        this.#child.once('close', () => {
          clearInterval(grace)
          this.#isClosed = true
          this.#left?.end()
          resolve(end)
        })
      })
    })
  }

  // Output that is unread because we paused it, or because the machine is busy, is not an orphan's.
  #whenNothingIsLeft(atMost: number, act: () => void): void {
    const before = this.#bytesRead
    // In one turn of the event loop, timers run before reads, and `setImmediate` after them.
    setImmediate(() => {
      const isEmpty = this.#bytesRead === before
      if (!this.isHeldUp && (isEmpty || this.#bytesRead > atMost)) act()
    })
  }

  #letGoOfPipes(): void {
    const close = () => {
      this.#child.stdout?.destroy()
      this.#child.stderr?.destroy()
    }
    const {createLeftListener} = this.#command
    if (createLeftListener === undefined || this.#state === 'ending' || this.#isClosed) {
      close()
      return
    }
    try {
      this.#left = new LeftOutput(createLeftListener(), close)
    } catch (error) {
      this.#fail(error)
      close()
    }
  }
}
