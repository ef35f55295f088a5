import {type ChildProcess, spawn} from 'node:child_process'
import type {Environment} from '../model/environment.ts'
import type {OutputStream, SetupListener} from '../model/output-listener.ts'
import type {ProcessEnd} from '../model/process-end.ts'
import {LeftOutput} from '../spool/left-output.ts'
import {describeBug, describeFault} from '../text/bug.ts'
import {endProcesses} from './end-processes.ts'
import {consoleHostStopThread} from './pipeline-stop.ts'
import type {ProcessControl} from './process-control.ts'
import type {Lifetime} from './process-tree.ts'

/** Where a process is in its life. `ending` is set by `end`, not by the process. */
export type ProcessState = 'starting' | 'running' | 'ending' | 'ended'

/** What is started, and where. */
export interface ProcessCommand {
  readonly command: string
  readonly arguments: readonly string[]
  readonly environment: Environment
  /** Absolute. */
  readonly workingDirectory: string
  /** `NAME=value` of a variable that what it starts has in its environment, and nothing else: how descendants are known. Asked when it is ended. */
  readonly mark: string
  /** The name of the thread on which it stops what it runs when it is interrupted, if not the console host's: `pipeline-stop.ts`. */
  readonly stopThread?: string
  /**
   * Makes what hears what comes through its pipes once it is over, from what it left running; without it they are closed then. With it, somebody has
   * to close its `leftOutput`.
   */
  readonly createLeftListener?: (() => SetupListener | undefined) | undefined
}

/**
 * Takes the next chunk of a stream. If it returns a promise, which never rejects, no more of that stream is read until that is settled.
 */
export type OnOutput = (stream: OutputStream, chunk: Buffer) => Promise<void> | undefined

/** How long what holds the pipes is waited for after the process itself has ended, in milliseconds: an orphan that holds one must not hold the task. */
export const pipeGraceMs = 1000

/** How long a process may live on after all has been done to end it, in milliseconds. */
const abandonAfterMs = 2000

/** An exit code of 32 bits as `$LASTEXITCODE` shows it on Windows, with a sign: -1073741819 for 0xC0000005. On Unix none is that large. */
export const signedExitCode = (exitCode: number): number => exitCode | 0

/** More than what can be left in both pipes when the process ends, in bytes: what comes after it is an orphan's. */
const mostLeftInPipes = 4 * 1024 * 1024

/** One process and all that it starts. Its standard input is at its end from the start. */
export class TaskProcess {
  /** Resolves when the process is over, its output has been read, and, if it was ended, all that it started is gone. Never rejects. */
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
  /** What has to be dealt with before more of a stream is read. */
  readonly #waiting: Record<OutputStream, number> = {stdout: 0, stderr: 0}
  /** Of both streams, in all. */
  #bytesRead = 0
  #left: LeftOutput | undefined
  #livesOn = false
  #giveUp: (end: ProcessEnd) => void = () => {}
  /** Resolves when it could not be ended. */
  readonly #abandoned = new Promise<ProcessEnd>(resolve => {
    this.#giveUp = resolve
  })
  /** Whether both streams are at their end. */
  #isClosed = false

  constructor(command: ProcessCommand, control: ProcessControl, onOutput: OnOutput) {
    this.#control = control
    this.#command = command
    this.#child = spawn(command.command, command.arguments, {
      cwd: command.workingDirectory,
      env: command.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own can be ended as a whole, and a Ctrl-C meant for us does not reach it.
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

  /** The same of PowerShell itself, as far as it is known: another one where what was started is a script that starts it. */
  get powershellPid(): number | undefined {
    return this.#powershellPid ?? this.pid
  }

  /** PowerShell has told its pid, or has not. */
  set powershellPid(pid: number | undefined) {
    this.#powershellPid = pid
  }

  get state(): ProcessState {
    return this.#state
  }

  /** Goes on as it does. */
  get lifetime(): Lifetime {
    return this.#lifetime
  }

  /** Whether output waits to be read because what was read before has not been dealt with yet. */
  get isHeldUp(): boolean {
    return this.#waiting.stdout + this.#waiting.stderr > 0
  }

  /** Whether it could not be ended, so that it still has what it had open. */
  get livesOn(): boolean {
    return this.#livesOn
  }

  /** What has come through its pipes since it was over; `undefined` if nobody held them. It is to be closed. */
  get leftOutput(): LeftOutput | undefined {
    return this.#left
  }

  /** Ends the process and all that it started, politely at first. Calling it again changes nothing. */
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

  /** Ends them at once, also while `end` is still being polite. */
  kill(): void {
    this.#firmly.abort()
    this.end()
  }

  // One that cannot be ended must not hold up the run. One that is over may have more to read.
  #abandon(): void {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
    this.#child.unref()
    this.#livesOn = true
    if (this.#child.pid !== undefined) this.#control.onNotEnded?.(this.#child.pid)
    this.#giveUp({reason: 'killed', signal: 'SIGKILL'})
  }

  /** What is thrown or emitted where nobody else hears it is the end of this process, and no more. */
  #break(error: unknown): void {
    this.#endedBadly ??= {reason: 'internal', message: describeFault(error)}
    this.kill()
  }

  #read(name: OutputStream, onOutput: OnOutput): void {
    const stream = this.#child[name]
    stream?.on('error', error => this.#break(error))
    // Node resumes the pipes of a process that has exited, also those that are paused for a reason. Source: Node, lib/internal/child_process.js (`flushStdio`).
    stream?.on('resume', () => {
      if (this.#waiting[name] > 0) stream.pause()
    })
    stream?.on('data', (chunk: Buffer) => {
      this.#bytesRead += chunk.length
      const taken = this.#left === undefined ? onOutput(name, chunk) : this.#takeLeft(this.#left, name, chunk)
      if (taken !== undefined) void taken.then(this.#holdUp(name))
    })
  }

  // Nobody else hears what it throws: the task is over.
  #takeLeft(left: LeftOutput, name: OutputStream, chunk: Buffer): undefined {
    try {
      left.take(name, chunk)
    } catch {
      left.close()
    }
    return undefined
  }

  // Standard error is not to overtake standard output, which may have been written first.
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
    const end = await Promise.race([this.#over(), this.#abandoned])
    await this.#allGone
    this.#state = 'ended'
    return this.#endedBadly ?? end
  }

  #over(): Promise<ProcessEnd> {
    return new Promise(resolve => {
      let grace: NodeJS.Timeout | undefined
      // It may come again: once where it cannot be started, and each time that it cannot be sent a signal.
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

  // What is not read because of us, or not yet on a busy machine, is no orphan's.
  #whenNothingIsLeft(atMost: number, act: () => void): void {
    const before = this.#bytesRead
    // A timer comes before what there is to read, and this after it.
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
      this.#break(error)
      close()
    }
  }
}
