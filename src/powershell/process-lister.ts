import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process'
import {existsSync} from 'node:fs'
import {Socket} from 'node:net'
import path from 'node:path'
import {createInterface} from 'node:readline'
import type {PowerShell} from '../model/event.ts'
import {failure, type Result, success} from '../model/result.ts'
import type {ProcessControl} from '../process/process-control.ts'
import {type ListedProcess, listedWithin} from '../process/process-list.ts'
import {decoded} from '../text/percent-encoding.ts'
import {powershellLiteral} from './powershell-literal.ts'
import {workerScripts} from './scripts.ts'
import {parseWindowsList} from './windows-list.ts'

/**
 * Time limits of a list, in milliseconds. `firstMs`: for the first list of a PowerShell, which includes its start. `nextMs`: for each later one.
 * `patienceMs`: for a caller, who then gets an empty list.
 */
const listLimits: ListLimits = {firstMs: 10_000, nextMs: 3000, patienceMs: 3000}

/** Failed lists in a row after which no more are requested. */
export const maxFailedLists = 2

interface ListLimits {
  readonly firstMs: number
  readonly nextMs: number
  readonly patienceMs: number
}

export interface ProcessListerOptions {
  /** Starts a PowerShell that runs each line of its standard input at once and ends with it. Throws at system limits. */
  readonly start: () => ChildProcessWithoutNullStreams
  /** Called with the reason when processes cannot be listed; at most once. */
  readonly onGivenUp: (because: string) => void
  /** Default: `listLimits`; tests have their own. */
  readonly limits?: ListLimits | undefined
}

/**
 * Lists processes on Windows with one PowerShell, which is started for the first list or by `prepare` and kept until `close`, because a list takes
 * only a fraction of the start. If it does not answer it is killed, and the next list starts another one.
 */
export class ProcessLister {
  readonly #options: ProcessListerOptions
  #listing: ListingProcess | undefined
  #running: Promise<readonly ListedProcess[]> | undefined
  #waiting: Promise<readonly ListedProcess[]> | undefined
  #failures = 0
  /** Whether a caller has given up waiting for the list in progress: later callers do not wait for it. */
  #isLate = false
  #isClosed = false

  constructor(options: ProcessListerOptions) {
    this.#options = options
  }

  /** Starts the PowerShell, so that the first list does not have to wait for its start. */
  prepare(): void {
    void this.#next()
  }

  /**
   * The current processes; empty if they cannot be listed soon. Never rejects. A list in progress may miss a process that has just started, so
   * callers who arrive during a list share the next one.
   */
  async list(): Promise<readonly ListedProcess[]> {
    if (this.#isLate) return []
    const {patienceMs} = this.#options.limits ?? listLimits
    const listed = await listedWithin(patienceMs, this.#next())
    if (listed !== undefined) return listed
    this.#isLate = true
    return []
  }

  #next(): Promise<readonly ListedProcess[]> {
    if (this.#running === undefined) return this.#run()
    this.#waiting ??= this.#running.then(() => {
      this.#waiting = undefined
      return this.#run()
    })
    return this.#waiting
  }

  /** Ends the PowerShell. Lists are empty from now on. */
  close(): void {
    this.#isClosed = true
    this.#stop()
  }

  #run(): Promise<readonly ListedProcess[]> {
    const running = this.#list().finally(() => {
      this.#running = undefined
      this.#isLate = false
    })
    this.#running = running
    return running
  }

  async #list(): Promise<readonly ListedProcess[]> {
    if (this.#isClosed || this.#failures >= maxFailedLists) return []
    const lines = await this.#answer()
    if (lines.ok) {
      this.#failures = 0
      return parseWindowsList(lines.value)
    }
    this.#stop()
    this.#failures++
    if (this.#failures === maxFailedLists && !this.#isClosed) this.#options.onGivenUp(lines.error)
    return []
  }

  #answer(): Promise<Result<readonly string[], string>> {
    const {start, limits = listLimits} = this.#options
    const isFirst = this.#listing === undefined
    try {
      this.#listing ??= new ListingProcess(start())
    } catch (error) {
      return Promise.resolve(failure(String(error)))
    }
    return this.#listing.ask(isFirst ? limits.firstMs : limits.nextMs)
  }

  #stop(): void {
    this.#listing?.end()
    this.#listing = undefined
  }
}

/** A PowerShell that lists processes, from its start to its end. */
class ListingProcess {
  readonly #child: ChildProcessWithoutNullStreams
  #lines: string[] = []
  #number = 0
  #answer: ((answer: Result<readonly string[], string>) => void) | undefined

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child
    createInterface({input: child.stdout}).on('line', line => this.#take(line))
    child.stderr.resume()
    child.once('error', error => this.#settle(failure(error.message)))
    child.once('exit', () => this.#settle(failure(hasEnded)))
    // Writes to a process that has ended are lost; its end has been handled.
    child.stdin.on('error', () => {})
    // The process of the pool need not wait for it: it ends with its standard input.
    child.unref()
    for (const stream of [child.stdin, child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref()
  }

  /** The lines of a list. Precondition: no other request is pending. */
  ask(limitMs: number): Promise<Result<readonly string[], string>> {
    this.#lines = []
    this.#number++
    return new Promise(resolve => {
      // The timer keeps Node running until there is an answer; the pipes do not.
      const limit = setTimeout(() => this.#settle(failure(`no list within ${limitMs} ms`)), limitMs)
      this.#answer = answer => {
        clearTimeout(limit)
        resolve(answer)
      }
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) this.#settle(failure(hasEnded))
      else this.#child.stdin.write(`& ${powershellLiteral(workerScripts.listProcesses)} ${this.#number}\n`)
    })
  }

  end(): void {
    this.#settle(failure('it is not wanted any more'))
    this.#child.stdin.end()
    this.#child.kill('SIGKILL')
  }

  #take(line: string): void {
    const [word, number, because = ''] = line.split('\t')
    if (number !== String(this.#number) || (word !== 'end' && word !== 'failed')) this.#lines.push(line)
    else this.#settle(word === 'end' ? success(this.#lines) : failure(decoded(because)))
  }

  #settle(answer: Result<readonly string[], string>): void {
    const settle = this.#answer
    this.#answer = undefined
    settle?.(answer)
  }
}

const hasEnded = 'PowerShell has ended'

/** Process control of a run, with a lister on Windows. */
export interface ListingControl {
  readonly control: ProcessControl
  /** Starts the lister's PowerShell before the first list is requested. */
  readonly prepare: () => void
  /** Ends the lister's PowerShell. */
  readonly stop: () => void
}

/** Adds a lister to `control` on Windows, for a run with these PowerShells. `onGivenUp`: called at most once, if it cannot list. */
export function listingControl(
  control: ProcessControl,
  powershells: Iterable<PowerShell>,
  onGivenUp: (because: string) => void
): ListingControl {
  if (control.platform !== 'win32') return {control, prepare: () => {}, stop: () => {}}
  const lister = new ProcessLister({start: () => startListing(listingPowerShell(powershells)), onGivenUp})
  return {control: {...control, listProcesses: () => lister.list()}, prepare: () => lister.prepare(), stop: () => lister.close()}
}

/** The PowerShell for lists: Windows PowerShell, which starts faster, otherwise one of the run. */
export function listingPowerShell(
  powershells: Iterable<PowerShell>,
  {SystemRoot = 'C:\\Windows'}: NodeJS.ProcessEnv = process.env
): Pick<PowerShell, 'command' | 'leadingArguments'> {
  const command = path.win32.join(SystemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe')
  const [other] = powershells
  return existsSync(command) || other === undefined ? {command, leadingArguments: []} : other
}

/** Starts a PowerShell that runs each line of its standard input at once. Throws at system limits. */
export function startListing({
  command,
  leadingArguments
}: Pick<PowerShell, 'command' | 'leadingArguments'>): ChildProcessWithoutNullStreams {
  const args = ['-NoLogo', '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-Command', '-']
  // A working directory that no task is likely to remove.
  return spawn(command, [...leadingArguments, ...args], {cwd: path.dirname(command), windowsHide: true})
}
