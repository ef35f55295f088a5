import {existsSync, mkdtempSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {restoredStartFlags} from '../../../src/powershell/start-flags.ts'
import {stepEnvironment} from '../../../src/powershell/task-environment.ts'
import {ControlServer} from '../../../src/worker/control-server.ts'
import type {ProcessRun} from '../../support/golden.ts'
import {inProcess, placeWithTool, polluterTask, printedText} from '../../support/polluter-runs.ts'
import {type Polluter, polluters, probe} from '../../support/polluters.ts'
import {powershellAtHand} from '../../support/powershell.ts'
import {temporaryFolder} from '../../support/temporary-folder.ts'
import {openThreadWorker, type TestThreadWorker} from '../../support/thread-turns.ts'
import {until} from '../../support/until.ts'
import {recorded} from '../../support/warm-turns.ts'

const powershell = await powershellAtHand()
// The probe asks for what Unix has: sh, and tools without an extension.
const onUnix = process.platform === 'win32' ? describe.skip : describe
const folder = temporaryFolder()
const environment = stepEnvironment({...process.env, TERM: 'dumb', NO_COLOR: '1', POWERSHELL_TELEMETRY_OPTOUT: '1'})
const section = readFileSync(path.join(import.meta.dirname, '..', '..', '..', 'docs', 'isolation.md'), 'utf8')
  .split(/^## /m)
  .find(part => part.startsWith('`thread`'))

const isSharedLater = ({shared}: Polluter): boolean => shared?.at.includes('thread') === true
const isShared = (polluter: Polluter): boolean => isSharedLater(polluter) || polluter.beside !== undefined
/** What was printed, wherever the task's file was. */
const shown = (run: ProcessRun) => {
  const text = printedText(run)
  return {...text, stderr: text.stderr.replaceAll(/\S*\/slot-\d+\//g, '')}
}
/** With the probe, eight tasks at a time. */
const atATime = 7

onUnix('tasks at isolation thread, eight at a time', () => {
  const here = placeWithTool(folder, 'here')
  const there = placeWithTool(folder, 'there')
  /** The probe beside each polluter, and after it in its slot; undefined where it is not run there. */
  const seen = new Map<string, {readonly polluter: ProcessRun; readonly beside: ProcessRun | undefined; readonly next: ProcessRun}>()
  let fresh: ProcessRun

  beforeAll(async () => {
    const server = await ControlServer.listen(mkdtempSync(path.join(folder, 'control-')), process.platform)
    fresh = await inProcess({powershell, server, folder: path.join(folder, 'origin', 'slot-0'), environment, startedIn: here}, here)
    server.close()
    const opened = await openThreadWorker(powershell, path.join(folder, 'worker'), {environment, startedIn: here})
    const quiet = polluters.filter(polluter => !isShared(polluter))
    const loud = polluters.filter(polluter => !isSharedLater(polluter) && polluter.beside !== undefined)
    for (let first = 0; first < quiet.length; first += atATime) await together(opened, quiet.slice(first, first + atATime), true)
    for (let first = 0; first < loud.length; first += atATime) await together(opened, loud.slice(first, first + atATime), false)
    await opened.close()
  }, 600_000)

  /** Runs them at the same time, then the probe in each of their slots. `isBeside`: the probe runs beside them too, once all have left what they leave. */
  async function together(opened: TestThreadWorker, some: readonly Polluter[], isBeside: boolean): Promise<void> {
    const gate = path.join(folder, `gate-${seen.size}`)
    // By .NET alone, because they may have changed every command; one that may not even call .NET is over at once.
    const stay = (i: number) =>
      `try { [IO.File]::WriteAllText('${gate}-${i}', ''); while (![IO.File]::Exists('${gate}')) { [Threading.Thread]::Sleep(5) } } catch { }`
    const over = new Set<number>()
    const running = some.map(({script}, i) => run(opened, there, `${script}\n${stay(i)}`).finally(() => over.add(i)))
    await until('all have left what they leave', () => some.every((_, i) => over.has(i) || existsSync(`${gate}-${i}`)))
    const beside = isBeside ? await run(opened, here, probe) : undefined
    writeFileSync(gate, '')
    const ended = await Promise.all(running)
    const after = await Promise.all(some.map(() => run(opened, here, probe)))
    for (const [i, {name}] of some.entries()) {
      const [polluter, next] = [ended[i], after[i]]
      if (polluter !== undefined && next !== undefined) seen.set(name, {polluter, beside, next})
    }
  }

  const named = (list: readonly Polluter[]) => list.map(polluter => [polluter.name, polluter] as const)

  test.each(named(polluters.filter(polluter => !isShared(polluter))))('that leave %s are noticed by none beside them', name => {
    const {beside} = seen.get(name) ?? {}
    expect(beside && shown(beside)).toEqual(shown(fresh))
  })

  test.each(named(polluters.filter(polluter => !isSharedLater(polluter))))(
    'that left %s are noticed by none after them',
    (name, {exitCode = 0, fails = false}) => {
      const {polluter, next} = seen.get(name) ?? {}
      expect(polluter && (fails || {stderr: polluter.stderr.toString(), exitCode: polluter.exitCode})).toEqual(
        fails || {stderr: '', exitCode}
      )
      expect(next && shown(next)).toEqual(shown(fresh))
    }
  )

  test.each(named(polluters.filter(isShared)))('that leave %s: docs/isolation.md says what others notice', (_, {shared, beside}) => {
    for (const name of [beside, shared?.as]) if (name !== undefined) expect(section).toContain(`**${name}**`)
  })
})

async function run({worker}: TestThreadWorker, place: string, script: string): Promise<ProcessRun> {
  const turn = worker.takeTurn()
  writeFileSync(turn.folder.taskFile, polluterTask(script))
  const {assignment, printed} = recorded(place, {}, restoredStartFlags(environment))
  turn.run(assignment)
  const end = await turn.completed
  await turn.leftBehind()
  await turn.release()
  return printed(end)
}
