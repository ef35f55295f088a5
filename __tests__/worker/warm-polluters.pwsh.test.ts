import {mkdtempSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {stepEnvironment} from '../../src/powershell/task-environment.ts'
import {ControlServer} from '../../src/worker/control-server.ts'
import type {WarmIsolation} from '../../src/worker/worker-command.ts'
import type {ProcessRun} from '../support/golden.ts'
import {inProcess, placeWithTool, polluterTask, printedText} from '../support/polluter-runs.ts'
import {type Polluter, polluters, probe} from '../support/polluters.ts'
import {powershellAtHand} from '../support/powershell.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {WarmTurns} from '../support/warm-turns.ts'

const powershell = await powershellAtHand()
// The probe asks for what Unix has: sh, and tools without an extension.
const onUnix = process.platform === 'win32' ? describe.skip : describe
const folder = temporaryFolder()
const environment = stepEnvironment({...process.env, TERM: 'dumb', NO_COLOR: '1', POWERSHELL_TELEMETRY_OPTOUT: '1'})
const isolations: readonly WarmIsolation[] = ['runspace', 'none']
const shared = readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'isolation.md'), 'utf8')

/**
 * After how many of them the probe runs. In a runspace of its own a task finds only what belongs to the process, which is put back after each task in
 * the same way; at `none` one that costs the runspace would hide what was left in it before.
 */
const together: Readonly<Record<WarmIsolation, number>> = {runspace: 12, none: 1}

const isSharedAt = ({shared}: Polluter, isolation: WarmIsolation): boolean => shared?.at.includes(isolation) === true

onUnix('after a task that left', () => {
  const after = new Map<string, {readonly polluter: ProcessRun; readonly next: ProcessRun}>()
  const here = placeWithTool(folder, 'here')
  const workerFolder = path.join(folder, 'worker')
  let server: ControlServer
  let fresh: ProcessRun

  beforeAll(async () => {
    server = await ControlServer.listen(mkdtempSync(path.join(folder, 'control-')), process.platform)
    fresh = await inProcess({powershell, server, folder: workerFolder, environment, startedIn: folder}, here)
    for (const isolation of isolations) await oneAfterAnother(isolation)
  }, 600_000)

  afterAll(() => server.close())

  async function oneAfterAnother(isolation: WarmIsolation): Promise<void> {
    const there = placeWithTool(folder, 'there')
    const turns = new WarmTurns({isolation, powershell, server, folder: workerFolder, environment, startedIn: folder})
    const own = polluters.filter(polluter => !isSharedAt(polluter, isolation))
    for (let first = 0; first < own.length; first += together[isolation]) {
      const left: [name: string, run: ProcessRun][] = []
      for (const {name, script} of own.slice(first, first + together[isolation]))
        left.push([name, await turns.run(there, {}, polluterTask(script))])
      const next = await turns.run(here, {}, polluterTask(probe))
      for (const [name, polluter] of left) after.set(`${isolation} ${name}`, {polluter, next})
    }
    await turns.close()
  }

  describe.each(isolations)('at isolation %s', isolation => {
    const named = (list: readonly Polluter[]) => list.map(polluter => [polluter.name, polluter] as const)

    test.each(named(polluters.filter(polluter => !isSharedAt(polluter, isolation))))(
      '%s, the next prints what it prints in a process of its own',
      (name, {exitCode = 0, fails = false}) => {
        const {polluter, next} = after.get(`${isolation} ${name}`) ?? {}
        expect(polluter && (fails || {stderr: polluter.stderr.toString(), exitCode: polluter.exitCode})).toEqual(
          fails || {stderr: '', exitCode}
        )
        expect(next && printedText(next)).toEqual(printedText(fresh))
      }
    )

    test.each(named(polluters.filter(polluter => isSharedAt(polluter, isolation))))(
      '%s, docs/isolation.md says that it is shared',
      (_, polluter) => {
        const section = shared.split(/^## /m).find(part => part.startsWith(`\`${isolation}\``)) ?? ''
        expect(section).toContain(`**${polluter.shared?.as}**`)
      }
    )
  })
})
