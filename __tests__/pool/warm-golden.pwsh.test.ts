import {mkdtempSync, rmSync} from 'node:fs'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {ControlServer} from '../../src/pool/control-server.ts'
import {processControl} from '../../src/pool/end-processes.ts'
import {WarmWorker} from '../../src/pool/warm-worker.ts'
import type {WarmIsolation} from '../../src/pool/worker-command.ts'
import {
  goldenEnvironment,
  goldenFolder,
  goldenScripts,
  type Observation,
  observeAt,
  type Place,
  type ProcessRun
} from '../helpers/golden.ts'
import {powershellAtHand} from '../helpers/powershell.ts'
import {temporaryFolder} from '../helpers/temporary-folder.ts'

/** What a worker that runs them all cannot make equal, and why. */
const warmExceptions: Readonly<Record<WarmIsolation, Readonly<Record<string, string>>>> = {
  runspace: {
    '220-functions-and-modules-list': 'the built-in commands are in the runspace itself and not in modules, so Get-Module lists none',
    '233-add-type-changed': 'a type belongs to the process, and cannot be defined anew',
    '247-debugger-breakpoint': 'nobody is asked what to do at a breakpoint',
    '248-wait-debugger': 'nobody is asked what to do at a breakpoint'
  },
  none: {
    '220-functions-and-modules-list': 'the built-in commands are in the runspace itself and not in modules, so Get-Module lists none',
    '230-module-state-fresh': 'modules and their state stay',
    '233-add-type-changed': 'a type belongs to the process, and cannot be defined anew',
    '247-debugger-breakpoint': 'nobody is asked what to do at a breakpoint',
    '248-wait-debugger': 'nobody is asked what to do at a breakpoint'
  }
}

const powershell = await powershellAtHand()
// Elsewhere PowerShell words things otherwise; exit codes there are what warm-workers.test.ts looks at.
const isComparable = process.platform === 'linux' && /^7\.6\./.test(powershell.version)
const testEach = isComparable ? test.each : test.skip.each
const folder = temporaryFolder()
// Together as long as the names that were recorded: text wraps at the width of the console.
const names = {folder: 'root-worker', file: 'task.ps1'}

describe.each<WarmIsolation>(['runspace', 'none'])('a golden script among others in one worker, isolation %s', isolation => {
  const exceptions = warmExceptions[isolation]
  const observed = new Map<string, Observation>()
  const base = goldenFolder()
  const home = path.join(base, 'home')
  const start = goldenEnvironment(powershell.command, home)
  let server: ControlServer
  let worker: WarmWorker | undefined

  beforeAll(async () => {
    server = await ControlServer.listen(mkdtempSync(path.join(folder, 'golden-')), process.platform)
    if (!isComparable) return
    for (const golden of goldenScripts) {
      observed.set(golden.id, await observeAt(powershell.command, powershell.version, golden, names, runInWorker, base))
    }
  }, 600_000)

  afterAll(async () => {
    worker?.kill()
    await worker?.completed
    server.close()
    rmSync(base, {recursive: true, force: true})
  })

  async function runInWorker({file, work, environment}: Place): Promise<ProcessRun> {
    const worker = workerAtHand(path.dirname(file))
    const turn = worker.takeTurn()
    const output: Record<'stdout' | 'stderr', Buffer[]> = {stdout: [], stderr: []}
    turn.run({
      workingDirectory: work,
      environment: new Map(Object.entries(environment).map(([name, value]) => [name, value ?? null])),
      onStarted: () => {},
      onOutput: (stream, chunk) => {
        output[stream].push(chunk)
        return undefined
      }
    })
    const end = await turn.completed
    await turn.leftBehind()
    await turn.release()
    // The next one will have the same folder.
    if (!worker.isIdle) await worker.completed
    const exitCode = end.reason === 'exited' ? end.exitCode : end.reason === 'killed' ? end.signal : null
    return {stdout: Buffer.concat(output.stdout), stderr: Buffer.concat(output.stderr), exitCode}
  }

  function workerAtHand(own: string): WarmWorker {
    if (worker?.isIdle) return worker
    const context = {
      server,
      control: processControl,
      leftovers: 'keep' as const,
      modules: [],
      setupFile: undefined,
      maxTasksPerWorker: 1000,
      onRetired: () => {},
      onIdle: () => {}
    }
    worker = new WarmWorker(isolation, {powershell, folder: own, environment: start, workingDirectory: folder}, context)
    return worker
  }

  testEach(goldenScripts.filter(({id}) => !(id in exceptions)).map(golden => [golden.id, golden] as const))(
    '%s prints what a step prints, and ends with the true exit code',
    (id, {r1, r2}) => {
      expect(observed.get(id)).toEqual({stdout: r1.stdout, stderr: r1.stderr, exitCode: r2.exitCode})
    }
  )
})
