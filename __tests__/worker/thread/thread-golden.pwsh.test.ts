import {rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {restoredStartFlags} from '../../../src/powershell/start-flags.ts'
import {
  type GoldenScript,
  goldenEnvironment,
  goldenFolder,
  goldenScripts,
  type Observation,
  observeAt,
  type ProcessRun,
  settled
} from '../../support/golden.ts'
import {powershellAtHand} from '../../support/powershell.ts'
import {runs} from '../../support/runs.ts'
import {temporaryFolder} from '../../support/temporary-folder.ts'
import {openThreadWorker, type TestThreadWorker} from '../../support/thread-turns.ts'
import {recorded} from '../../support/warm-turns.ts'

/** What tasks that share a process at the same time cannot have, and why. */
const threadExceptions: Readonly<Record<string, string>> = {
  '016-console-raw-streams':
    'bytes that a task writes to the raw streams of the process have no sender: they are shown once, as printed by one of the tasks',
  '017-console-set-out': 'what the host shows does not go through [Console]::Out, which all tasks share',
  '173-native-big-output': 'natives print lines of text: the last one gets the line end that it has not',
  '175-native-no-newline-then-output': 'natives print lines of text: the last one gets the line end that it has not',
  '190-start-process-wait': 'Start-Process -NoNewWindow gives a child the streams of the process, which have no sender',
  '209-environment-variables': '[Environment] has the variables of the process, $env: those of the task',
  '211-current-directory': '[Environment]::CurrentDirectory is one for all tasks, $PWD is the task’s',
  '220-functions-and-modules-list':
    'the built-in commands are in the runspace itself and not in modules, and functions of earlier tasks stay',
  '230-module-state-fresh': 'modules and their state stay',
  '233-add-type-changed': 'a type belongs to the process, and cannot be defined anew',
  '244-late-native-output': 'PowerShell waits until nothing holds the output of a native command',
  '247-debugger-breakpoint': 'no prompt at a breakpoint',
  '248-wait-debugger': 'no prompt at a breakpoint'
}

/** Scripts that change what all tasks of a process or of a slot share: they run after the others, one at a time and in declared order. */
const changers = new Set([
  '017-console-set-out',
  '209-environment-variables',
  '211-current-directory',
  '212-cwd-deleted',
  '224-console-encoding-changed',
  '227-import-module-file',
  '229-import-module-verbose',
  '230-module-state-fresh',
  '232-add-type',
  '233-add-type-changed',
  '238-leak-check'
])

/** What differs where objects are kept, and why. */
const objectExceptions: Readonly<Record<string, string>> = {
  '139-error-view-normal': 'the error view of old quotes the line that calls the task, where the objects are kept'
}

// Whether objects are kept makes no difference, here or to those beside it: every other task, and with the next seed the others.
const keepsObjects = ({id}: GoldenScript, seed: number) =>
  !(id in objectExceptions) && (goldenScripts.findIndex(golden => golden.id === id) + seed) % 2 === 0

/** Scripts that end their process: each has a worker of its own. */
const enders = new Set(['100-environment-exit', '101-stop-self'])

const atATime = 8
const powershell = await powershellAtHand()
// Elsewhere PowerShell words things otherwise.
const isComparable = process.platform === 'linux' && /^7\.6\./.test(powershell.version)
const testEach = isComparable ? test.each : test.skip.each
const folder = temporaryFolder()

/** `soak` tries several orders. */
const orders = Math.min(runs(1), 20)
const firstSeed = Number(process.env.PWSH_POOL_SEED ?? (orders > 1 ? Date.now() % 1_000_000 : 18_181))

describe.each(Array.from({length: orders}, (_, i) => firstSeed + i))(
  'golden scripts in one process, eight at a time, in the order of seed %d',
  seed => expectRecorded(goldenScripts, seed, {})
)

describe('golden scripts in one process where the worker finds nothing by reflection', () => {
  // A sixth of them; `soak` tries all.
  const some = goldenScripts.filter((_, i) => orders > 1 || i % 6 === 0)
  expectRecorded(some, firstSeed, {PWSH_POOL_STANDARD_ONLY: '1'})
})

/** Runs these scripts in one process, and declares a test for each that is to do there what was recorded. */
function expectRecorded(scripts: readonly GoldenScript[], seed: number, variables: NodeJS.ProcessEnv): void {
  const observed = new Map<string, Observation>()
  const whole = {minLength: scripts.length, maxLength: scripts.length}
  const [order = []] = fc.sample(fc.shuffledSubarray([...scripts], whole), {seed, numRuns: 1})

  beforeAll(async () => {
    if (!isComparable) return
    await withWorker(seed, variables, async run => {
      const waiting = order.filter(({id}) => !enders.has(id) && !changers.has(id))
      const lane = async () => {
        for (let golden = waiting.shift(); golden !== undefined; golden = waiting.shift())
          observed.set(golden.id, await settled(golden, run))
      }
      await Promise.all(Array.from({length: atATime}, lane))
      for (const golden of scripts.filter(({id}) => changers.has(id))) observed.set(golden.id, await run(golden))
    })
    for (const golden of order.filter(({id}) => enders.has(id))) {
      await withWorker(seed, variables, async run => void observed.set(golden.id, await run(golden)))
    }
  }, 600_000)

  testEach(scripts.filter(({id}) => !(id in threadExceptions)).map(golden => [golden.id, golden] as const))(
    '%s prints what a step prints, and ends with the true exit code',
    (id, {r1, r2}) => {
      expect(observed.get(id)).toEqual({stdout: r1.stdout, stderr: r1.stderr, exitCode: r2.exitCode})
    }
  )
}

async function withWorker(
  seed: number,
  variables: NodeJS.ProcessEnv,
  use: (run: (golden: GoldenScript) => Promise<Observation>) => Promise<void>
): Promise<void> {
  const base = goldenFolder()
  const environment = {...goldenEnvironment(powershell.command, path.join(base, 'home')), ...variables}
  // Together with the file as long as the names that were recorded: text wraps at the width of the console.
  const opened = await openThreadWorker(powershell, path.join(base, 'root'), {environment, startedIn: folder})
  try {
    await use(golden => observe(golden, keepsObjects(golden, seed), base, opened))
  } finally {
    await opened.close()
    rmSync(base, {recursive: true, force: true})
  }
}

async function observe(golden: GoldenScript, keeps: boolean, base: string, {worker}: TestThreadWorker): Promise<Observation> {
  const turn = worker.takeTurn()
  if (keeps) writeFileSync(turn.folder.objectsFile, '')
  const own = goldenFolder()
  const names = {folder: path.relative(base, turn.folder.path), file: path.basename(turn.folder.taskFile)}
  const run = async ({work, environment}: {work: string; environment: NodeJS.ProcessEnv}): Promise<ProcessRun> => {
    const {assignment, printed} = recorded(work, environment, restoredStartFlags(environment))
    turn.run(assignment)
    const end = await turn.completed
    await turn.leftBehind()
    return printed(end)
  }
  try {
    return await observeAt(powershell.command, powershell.version, golden, names, run, base, own)
  } finally {
    await turn.release()
    rmSync(own, {recursive: true, force: true})
  }
}
