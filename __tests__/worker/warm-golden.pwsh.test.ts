import {mkdtempSync, rmSync} from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {ControlServer} from '../../src/worker/control-server.ts'
import type {WarmIsolation} from '../../src/worker/worker-command.ts'
import {type GoldenScript, goldenEnvironment, goldenFolder, goldenScripts, type Observation, observeAt, settled} from '../support/golden.ts'
import {powershellAtHand} from '../support/powershell.ts'
import {runs} from '../support/runs.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {WarmTurns} from '../support/warm-turns.ts'

/** What a worker that runs them all cannot make equal, and why. */
const warmExceptions: Readonly<Record<WarmIsolation, Readonly<Record<string, string>>>> = {
  runspace: {
    '220-functions-and-modules-list': 'the built-in commands are in the runspace itself and not in modules, so Get-Module lists none',
    '233-add-type-changed': 'a type belongs to the process, and cannot be defined anew',
    '247-debugger-breakpoint': 'no prompt at a breakpoint',
    '248-wait-debugger': 'no prompt at a breakpoint'
  },
  none: {
    '220-functions-and-modules-list': 'the built-in commands are in the runspace itself and not in modules, so Get-Module lists none',
    '230-module-state-fresh': 'modules and their state stay',
    '233-add-type-changed': 'a type belongs to the process, and cannot be defined anew',
    '247-debugger-breakpoint': 'no prompt at a breakpoint',
    '248-wait-debugger': 'no prompt at a breakpoint'
  }
}

/** What differs where objects are kept, and why. */
const objectExceptions: Readonly<Record<string, string>> = {
  '139-error-view-normal': 'the error view of old quotes the line that calls the task, where the objects are kept'
}

const powershell = await powershellAtHand()
// Elsewhere PowerShell words things otherwise; exit codes there are what warm-workers.test.ts looks at.
const isComparable = process.platform === 'linux' && /^7\.6\./.test(powershell.version)
const testEach = isComparable ? test.each : test.skip.each
const folder = temporaryFolder()
// Together as long as the names that were recorded: text wraps at the width of the console.
const names = {folder: 'root-worker', file: 'task.ps1'}

/** An order takes half a minute: `soak` tries some. */
const orders = Math.min(runs(1), 20)
const firstSeed = Number(process.env.PWSH_POOL_SEED ?? (orders > 1 ? Date.now() % 1_000_000 : 18_181))
const whole = {minLength: goldenScripts.length, maxLength: goldenScripts.length}
const seeds = Array.from({length: orders}, (_, i) => firstSeed + i)
const isolations: readonly WarmIsolation[] = ['runspace', 'none']
const cases = isolations.flatMap(isolation => seeds.map(seed => ({isolation, seed})))

describe.each(cases)(
  'a golden script among others in one worker, isolation $isolation, in the order of seed $seed',
  ({isolation, seed}) => {
    const exceptions = warmExceptions[isolation]
    const observed = new Map<string, Observation>()
    // Whether objects are kept makes no difference, here or to the next task: every other task, and at the other isolation the others.
    const keepsObjects = ({id}: GoldenScript) =>
      !(id in objectExceptions) && (goldenScripts.findIndex(golden => golden.id === id) + seed + isolations.indexOf(isolation)) % 2 === 0
    const [order = []] = fc.sample(fc.shuffledSubarray([...goldenScripts], whole), {seed, numRuns: 1})

    beforeAll(async () => {
      if (!isComparable) return
      const base = goldenFolder()
      const server = await ControlServer.listen(mkdtempSync(path.join(folder, 'golden-')), process.platform)
      const turns = new WarmTurns({
        isolation,
        powershell,
        server,
        folder: path.join(base, names.folder),
        environment: goldenEnvironment(powershell.command, path.join(base, 'home')),
        startedIn: folder
      })
      const observe = (golden: GoldenScript) =>
        observeAt(
          powershell.command,
          powershell.version,
          golden,
          names,
          ({work, environment}) => turns.run(work, environment, undefined, keepsObjects(golden)),
          base
        )
      for (const golden of order) observed.set(golden.id, await settled(golden, observe))
      await turns.close()
      server.close()
      rmSync(base, {recursive: true, force: true})
    }, 600_000)

    testEach(goldenScripts.filter(({id}) => !(id in exceptions)).map(golden => [golden.id, golden] as const))(
      '%s prints what a step prints, and ends with the true exit code',
      (id, {r1, r2}) => {
        expect(observed.get(id)).toEqual({stdout: r1.stdout, stderr: r1.stderr, exitCode: r2.exitCode})
      }
    )
  }
)
