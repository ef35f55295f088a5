import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import type {Readable} from 'node:stream'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {processControl} from '../../src/process/process-control.ts'
import {startAction} from '../support/action-run.ts'
import {polluters} from '../support/polluters.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

/** What a task does, and what is to become of it. */
interface Kind {
  readonly run: string
  readonly status: string
  readonly exitCode: number | null
  readonly timeout?: string
  readonly retry?: number
  readonly attempts?: number
}

const deaf = `sh -c 'trap "" INT TERM; while :; do sleep 600; done'`
const hangs = (run: string): Kind => ({run, status: 'timed-out', exitCode: null, timeout: '1s'})
const floodBytes = Number(process.env.PWSH_POOL_FLOOD_MB ?? 5) * 1024 * 1024

const kinds: Record<string, Kind> = {
  succeeds: {run: "'ok'", status: 'success', exitCode: 0},
  fails: {run: "'no'; exit 3", status: 'failure', exitCode: 3},
  throws: {run: "throw 'no'", status: 'failure', exitCode: 1},
  leaves: {run: '[Environment]::Exit(9)', status: 'failure', exitCode: 9},
  'kills itself': {run: 'Stop-Process -Id $PID -Force; Start-Sleep -Seconds 60', status: 'failure', exitCode: null},
  'hangs in PowerShell': hangs('Start-Sleep -Seconds 600'),
  'hangs in a native command': hangs('sleep 600'),
  'hangs in a command that ignores signals': hangs(deaf),
  'hangs in what has left its group': hangs('setsid -w sleep 600'),
  floods: {
    run: `$line = 'x' * 1023; for ($i = 0; $i -lt ${floodBytes / 1024}; $i++) { [Console]::Out.WriteLine($line) }`,
    status: 'success',
    exitCode: 0
  },
  'leaves a process behind': {run: "$null = Start-Process -FilePath sleep -ArgumentList '600' -PassThru", status: 'success', exitCode: 0},
  'removes its own folder': {run: 'Remove-Item -LiteralPath $env:PWSH_POOL_TEMP -Recurse -Force', status: 'success', exitCode: 0},
  'puts a link in place of its folder': {
    run: `Remove-Item -LiteralPath $env:PWSH_POOL_TEMP -Recurse -Force
      $null = New-Item -ItemType SymbolicLink -Path $env:PWSH_POOL_TEMP -Target $env:GITHUB_WORKSPACE`,
    status: 'success',
    exitCode: 0
  },
  'locks its folder': {
    run: "$null = mkdir $env:PWSH_POOL_TEMP/a; 'x' > $env:PWSH_POOL_TEMP/a/b; chmod 000 $env:PWSH_POOL_TEMP/a",
    status: 'success',
    exitCode: 0
  },
  'prints a command without an end': {
    run: "[Console]::Out.Write('::error a=' + (' ' * 60000) + 'x::y')",
    status: 'success',
    exitCode: 0
  },
  'is flaky': {run: 'if ($env:PWSH_POOL_ATTEMPT -eq 1) { exit 1 }', status: 'success', exitCode: 0, retry: 2, attempts: 2},
  'fails for good': {run: 'exit 5', status: 'failure', exitCode: 5, retry: 1, attempts: 2}
}

// What a task may leave behind in a warm worker, where that ends as it is to.
for (const {name, script, fails, exitCode = 0} of polluters) {
  if (fails !== true) kinds[`leaves ${name}`] = {run: script, status: exitCode === 0 ? 'success' : 'failure', exitCode}
}

const workspace = temporaryFolder()

/** A folder for one task, because some write files there, with the tool that some look for. */
function placeFor(task: string): string {
  const place = path.join(workspace, task)
  mkdirSync(path.join(place, 'tools'), {recursive: true})
  writeFileSync(path.join(place, 'tools', 'mytool'), '#!/bin/sh\n', {mode: 0o755})
  return place
}

const onLinux = process.platform === 'linux' ? test : test.skip
const maxParallel = 4
const mostMemoryKb = 150 * 1024

describe('a run in which anything may happen', () => {
  onLinux(
    'gives every task the verdict that it should have, within its limits, and leaves nothing behind',
    async () => {
      const count = Number(process.env.PWSH_POOL_CHAOS ?? 16)
      // Always the same where it stands among the other tests, so that what fails there is what has changed.
      const seed = Number(process.env.PWSH_POOL_SEED ?? (process.env.PWSH_POOL_CHAOS === undefined ? 4711 : Date.now() % 1_000_000))
      const chosen = fc.sample(fc.constantFrom(...Object.keys(kinds)), {seed, numRuns: count})
      const isolations = fc.sample(fc.constantFrom('process', 'runspace', 'none'), {seed, numRuns: count})
      const mark = `chaos-${process.pid}-${seed}`
      const tasks = chosen.map((name, i) => {
        const {run, timeout, retry} = kinds[name] ?? {run: ''}
        const own = {timeout: timeout ?? 0, retry: retry ?? 0, isolation: isolations[i]}
        return {id: `t${i}`, name: `${i} ${name}`, run, ...own, env: {CHAOS: mark}, 'working-directory': placeFor(`t${i}`)}
      })
      const inputs = {tasks: JSON.stringify(tasks), 'max-parallel': String(maxParallel), leftovers: 'end'}
      const action = await startAction(inputs, workspace)
      const peak = watchMemory(action.process.pid ?? 0)
      const reader = setInterval(() => stopOrGo(action.process.stdout), 1000)
      const run = await action.done
      clearInterval(reader)
      const report = JSON.parse(readFileSync(run.outputs['report-path'] ?? '', 'utf8'))

      const seen = report.tasks.map((task: {status: string; exitCode: number | null; attempts: unknown[]}, i: number) =>
        [i, isolations[i], chosen[i], task.status, task.exitCode, task.attempts.length].join(' ')
      )
      const predicted = chosen.map((name, i) =>
        [i, isolations[i], name, kinds[name]?.status, kinds[name]?.exitCode ?? null, kinds[name]?.attempts ?? 1].join(' ')
      )
      expect({seed, seen}).toEqual({seed, seen: predicted})
      expect(mostAtOnce(report.tasks.flatMap((task: {attempts: Interval[]}) => task.attempts))).toBeLessThanOrEqual(maxParallel)
      expect((await processControl.listProcesses(`CHAOS=${mark}`)).filter(({isMarked}) => isMarked)).toEqual([])
      expect(run.leftFiles.filter(file => !/^pwsh-pool-\w+(?:\/report\.json)?$/.test(file))).toEqual([])
      expect(run.stderr).toBe('')
      expect(peak()).toBeLessThan(mostMemoryKb)
    },
    1_800_000
  )
})

/** A runner that reads now and then. */
function stopOrGo(stdout: Readable | null): void {
  if (stdout?.isPaused()) stdout.resume()
  else stdout?.pause()
}

interface Interval {
  readonly startedAt: string
  readonly endedAt: string
}

function mostAtOnce(intervals: readonly Interval[]): number {
  const steps = intervals.flatMap(({startedAt, endedAt}) => [
    {at: startedAt, change: 1},
    {at: endedAt, change: -1}
  ])
  steps.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.change - b.change))
  let now = 0
  return Math.max(
    ...steps.map(({change}) => {
      now += change
      return now
    })
  )
}

/** The most memory that a process ever had, in KiB, as far as it was seen before its end; the system keeps the peak. */
function watchMemory(pid: number): () => number {
  let peak = 0
  const look = () => {
    try {
      peak = Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? peak)
    } catch {
      clearInterval(timer)
    }
  }
  const timer = setInterval(look, 100)
  timer.unref()
  return () => {
    clearInterval(timer)
    return peak
  }
}
