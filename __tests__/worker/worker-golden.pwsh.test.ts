import {mkdtempSync} from 'node:fs'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {restoredStartFlags, withStartFlags} from '../../src/powershell/start-flags.ts'
import {processControl} from '../../src/process/process-control.ts'
import {ControlServer} from '../../src/worker/control-server.ts'
import {Worker} from '../../src/worker/worker.ts'
import {forEach, type GoldenScript, goldenScripts, type Observation, observeAt, type ProcessRun, settled} from '../support/golden.ts'
import {powershellAtHand} from '../support/powershell.ts'
import {runs} from '../support/runs.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

/** What a worker cannot make equal, and why. */
const workerExceptions: Readonly<Record<string, string>> = {
  '139-error-view-normal': 'the error view of old quotes the line that PowerShell was started with, which is the worker’s'
}

const powershell = await powershellAtHand()
// Elsewhere PowerShell words things otherwise; exit codes there are what workforce.test.ts looks at.
const isComparable = process.platform === 'linux' && /^7\.6\./.test(powershell.version)
const testEach = isComparable ? test.each : test.skip.each
const folder = temporaryFolder()
// Together as long as the names that were recorded: text wraps at the width of the console.
const names = {folder: 'root-worker', file: 'task.ps1'}

// Whether objects are kept, or the error is asked for, makes no difference. Another process for each script takes a minute: `soak` tries them all.
const every = (nth: number) => goldenScripts.filter((_, position) => position % (runs(1) > 1 ? 1 : nth) === 0)
/** What could see that somebody asks for the error. */
const watched: ReadonlySet<string> = new Set(['event', 'job', 'debug', 'trap', 'finally', 'catch', 'parse', 'position', 'syntax'])
const cases = [
  {what: 'as a task', keepsObjects: false, reportsError: false, scripts: goldenScripts},
  {what: 'as a task that keeps what it emits as objects', keepsObjects: true, reportsError: false, scripts: every(12)},
  {
    what: 'as a task whose error is asked for',
    keepsObjects: false,
    reportsError: true,
    scripts: runs(1) > 1 ? goldenScripts : goldenScripts.filter(({tags}) => tags.some(tag => watched.has(tag)))
  }
]

describe.each(cases)('a golden script $what', ({keepsObjects, reportsError, scripts}) => {
  const observed = new Map<string, Observation>()
  let server: ControlServer

  beforeAll(async () => {
    server = await ControlServer.listen(mkdtempSync(path.join(folder, 'golden-')), process.platform)
    if (isComparable) await forEach(scripts, async golden => void observed.set(golden.id, await settled(golden, observeAsTask)))
  }, 600_000)

  afterAll(() => server.close())

  async function observeAsTask(golden: GoldenScript): Promise<Observation> {
    return observeAt(powershell.command, powershell.version, golden, names, ({file, work, environment}) =>
      runInWorker(path.dirname(file), work, environment)
    )
  }

  async function runInWorker(own: string, work: string, environment: NodeJS.ProcessEnv): Promise<ProcessRun> {
    const context = {server, control: processControl, modules: [], setupFile: undefined, leftovers: 'keep' as const}
    const worker = new Worker(
      {powershell, folder: own, environment: withStartFlags(environment), workingDirectory: folder, keepsObjects},
      context
    )
    const output: Record<'stdout' | 'stderr', Buffer[]> = {stdout: [], stderr: []}
    worker.run({
      workingDirectory: work,
      environment: restoredStartFlags(environment),
      reportsError,
      onStarted: () => {},
      onOver: () => {},
      onOutput: (stream, chunk) => {
        output[stream].push(Buffer.from(chunk))
        return undefined
      }
    })
    const end = await worker.completed
    const exitCode = end.reason === 'exited' ? end.exitCode : end.reason === 'killed' ? end.signal : null
    return {stdout: Buffer.concat(output.stdout), stderr: Buffer.concat(output.stderr), exitCode}
  }

  testEach(scripts.filter(({id}) => !(id in workerExceptions)).map(golden => [golden.id, golden] as const))(
    '%s prints what a step prints, and ends with the true exit code',
    (id, {r1, r2}) => {
      expect(observed.get(id)).toEqual({stdout: r1.stdout, stderr: r1.stderr, exitCode: r2.exitCode})
    }
  )
})
