import {mkdtempSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {longestPiece} from '../../src/output/line-cutter.ts'
import {type ActionRun, resultOf, runAction} from '../support/action-run.ts'
import {encodedFrames, type Frame, framesOf, secretsOf, streamText} from '../support/fuzz-frames.ts'
import {runnerCommand, runnerLines} from '../support/runner-commands.ts'
import type {RunnerView} from '../support/runner-view.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

/*
 * Eight real processes at once print bytes and lines that look like commands, as fast as they can. Whatever it is, the runner carries out nothing
 * that it must not, sees no masked value, has every group closed and every line with its task. `PWSH_POOL_SEED` repeats a round;
 * `PWSH_POOL_FUZZ_SECONDS` says how long to go on, `PWSH_POOL_FUZZ_FRAMES` how much each task prints.
 */
const workspace = temporaryFolder()
const taskCount = 8
const frameCount = Number(process.env.PWSH_POOL_FUZZ_FRAMES ?? 150)
const seconds = Number(process.env.PWSH_POOL_FUZZ_SECONDS ?? 0)
// Always the same where it stands among the other tests, so that what fails there is what has changed.
const firstSeed = Number(process.env.PWSH_POOL_SEED ?? (seconds > 0 ? Date.now() % 1_000_000_000 : 810_712_976))

const settings = fc.record({
  log: fc.constantFrom('grouped', 'grouped', 'live'),
  annotations: fc.constantFrom('true', 'false'),
  'workflow-commands': fc.constantFrom('forward', 'forward', 'ignore')
})
type FuzzSettings = typeof settings extends fc.Arbitrary<infer T> ? T : never

/** Writes frames to the two streams, one after another. */
const player = `
$frames = [IO.BinaryReader]::new([IO.File]::OpenRead($env:FRAMES))
$streams = [Console]::OpenStandardOutput(), [Console]::OpenStandardError()
for ($left = $frames.ReadInt32(); $left -gt 0; $left--) {
  $stream = $streams[$frames.ReadByte()]
  $bytes = $frames.ReadBytes($frames.ReadInt32())
  $stream.Write($bytes, 0, $bytes.Length)
  $stream.Flush()
}
exit [int] $env:EXIT_CODE
`

/** One run, and what the tasks in it printed. */
interface Round {
  readonly chosen: FuzzSettings
  readonly frames: readonly (readonly Frame[])[]
  readonly run: ActionRun
  readonly view: RunnerView
  /** By the number of the task. */
  readonly logs: readonly string[]
}

async function play(seed: number): Promise<Round> {
  const folder = mkdtempSync(path.join(workspace, 'round-'))
  const [chosen] = fc.sample(settings, {seed, numRuns: 1})
  if (chosen === undefined) throw new Error('fast-check gave no settings')
  const frames = Array.from({length: taskCount}, (_, task) => framesOf(task, seed, frameCount))
  const tasks = frames.map((own, task) => {
    const file = path.join(folder, `${task}.frames`)
    writeFileSync(file, encodedFrames(own))
    return {id: `t${task}`, name: `fuzz ${task}`, run: player, env: {FRAMES: file, EXIT_CODE: task % 3 === 2 ? '3' : '0'}}
  })
  const logs = path.join(folder, 'logs')
  const reports = {logs, 'json-report': path.join(folder, 'r.json'), 'junit-report': path.join(folder, 'r.xml')}
  const run = await runAction({tasks: JSON.stringify(tasks), 'max-parallel': String(taskCount), ...chosen, ...reports}, folder)
  const files = readdirSync(logs).toSorted()
  return {chosen, frames, run, view: resultOf(run).view, logs: files.map(file => readFileSync(path.join(logs, file), 'utf8'))}
}

const commandsAllowed = ({log, annotations, 'workflow-commands': mode}: FuzzSettings): string[] => [
  ...(log === 'grouped' ? ['group', 'endgroup'] : []),
  ...(annotations === 'true' ? ['error', 'warning', 'notice'] : []),
  ...(mode === 'forward' ? ['add-mask'] : [])
]

/** The values that a task has announced, by the runner's own grammar, but for those in a line that is too long to be had at once. */
function announcedBy(frames: readonly Frame[]): string[] {
  const lines = [0, 1].flatMap(stream => runnerLines(streamText(frames, stream)))
  return lines.flatMap(line => {
    const command = runnerCommand(line)
    return command?.name === 'add-mask' && command.data.trim() !== '' && Buffer.byteLength(line) <= longestPiece ? [command.data] : []
  })
}

// Random text after a value can make a line of it that stands in every text there is, such as `]`.
const parts = (value: string): string[] => [value, ...value.split(/[\r\n]+/)].filter(part => part.includes('s3cret'))

function findings({chosen, frames, run, view, logs}: Round): string[] {
  const announced = frames.map(announcedBy)
  const all = [...new Set(announced.flat())]
  const allowed = commandsAllowed(chosen)
  const shown = [run.summary, run.outputs.results ?? '', readFileSync(run.outputs['report-path'] ?? '', 'utf8')]
  return [
    ...view.executed.filter(({name}) => !allowed.includes(name)).map(({name}) => `the runner executed ${name}`),
    ...(view.hasTornGroups ? ['a group is torn'] : []),
    ...(view.isStopped || view.hasFailed || view.outputs.size > 0 ? ['the runner was told something by a task'] : []),
    ...(run.stderr === '' && !/\r/.test(run.log) ? [] : ['something was written that is no line of standard output']),
    ...(run.exitCode === 1 && resultOf(run).applied.errors.length === 0
      ? []
      : [`exit code ${run.exitCode}, ${resultOf(run).applied.errors}`]),
    ...(chosen['workflow-commands'] === 'forward'
      ? all.filter(value => view.masks.mask(value) !== '***').map(value => `${value} was not forwarded`)
      : []),
    ...leaksInLog(run.log, all).map(leak => `after it was announced the runner saw ${leak}`),
    ...shown.flatMap(text => all.flatMap(parts).filter(part => text.includes(part))).map(part => `${part} is in a report`),
    ...logs
      .flatMap((text, task) => (announced[task] ?? []).flatMap(parts).filter(part => text.includes(part)))
      .map(part => `${part} is in logs`),
    ...strayLines(view, chosen),
    ...missingLines(view, frames)
  ]
}

/** Values that stand in what comes after the line by which the runner was told of them, with what is around them. */
function leaksInLog(log: string, values: readonly string[]): string[] {
  return values.flatMap(value => {
    const line = `\n::add-mask::${value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}\n`
    const at = log.indexOf(line)
    const after =
      at < 0
        ? ''
        : log
            .slice(at)
            .split('\n')
            .filter(each => !each.startsWith('::add-mask::'))
            .join('\n')
    return parts(value).flatMap(part => {
      const found = after.indexOf(part)
      return found < 0
        ? []
        : [`${JSON.stringify(part)} in ${JSON.stringify(after.slice(Math.max(0, found - 80), found + part.length + 20))}`]
    })
  })
}

/** Lines that do not belong to the task in whose group they are, or whose name they have in front. */
function strayLines(view: RunnerView, {log}: FuzzSettings): string[] {
  return view.text.flatMap(({printed: {text, group}}) => {
    const owner = /fuzz (\d)/.exec(log === 'live' ? (/^\[fuzz \d\]/.exec(text)?.[0] ?? '') : (group ?? ''))?.[1]
    const tags = [...text.matchAll(/<task (\d)>/g)].map(match => match[1])
    if (owner === undefined) return tags.length === 0 || text.startsWith('    ') ? [] : [`nobody's line: ${text.slice(0, 200)}`]
    return tags.every(tag => tag === owner) ? [] : [`in the output of ${owner}: ${text.slice(0, 200)}`]
  })
}

/** Plain lines that are not shown. */
function missingLines(view: RunnerView, frames: readonly (readonly Frame[])[]): string[] {
  const shown = new Set(view.text.map(({printed}) => printed.text.replace(/^\[fuzz \d\] /, '')))
  const plain = frames.flatMap(own => [0, 1].flatMap(stream => streamText(own, stream).match(/^<task \d> plain \d+$/gm) ?? []))
  return plain.filter(line => !shown.has(line)).map(line => `not shown: ${line}`)
}

describe('tasks that print anything at all', () => {
  test(
    'never make the runner do or see what it must not',
    async () => {
      const end = Date.now() + seconds * 1000
      let seed = firstSeed
      do {
        const round = await play(seed)
        expect({seed, findings: findings(round).slice(0, 20)}).toEqual({seed, findings: []})
        expect(secretsOf(0).length).toBeGreaterThan(0)
        seed++
      } while (Date.now() < end)
      if (seconds > 0) console.log(`${seed - firstSeed} rounds from seed ${firstSeed}`)
    },
    300_000 + seconds * 2000
  )
})
