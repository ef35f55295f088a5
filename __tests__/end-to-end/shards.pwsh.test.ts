import {copyFileSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {writeTimings} from '../../src/history/timings-file.ts'
import type {RunReport} from '../../src/report/report-schema.ts'
import {type ActionRun, runAction} from '../support/action-run.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const list = `- {id: build, run: "'built'; 'version=7' >> $env:GITHUB_OUTPUT", shard: each}
- {id: test, run: '"$_ of $($needs.build.outputs.version)"', foreach: [a, b, c, d, e], needs: build}
- {id: lint, run: "'linted'"}
`
const inputs = {tasks: list, isolation: 'none', 'max-parallel': '1', 'timings-file': 'timings.json'}
const workspace = temporaryFolder()
const reportOf = (run: ActionRun): RunReport => JSON.parse(readFileSync(run.outputs['report-path'] ?? '', 'utf8'))
const keysOf = (report: RunReport) => report.tasks.map(({key}) => key)
const startsOf = (report: RunReport) =>
  report.tasks
    .map(({key, attempts}) => ({key, at: attempts[0]?.startedAt ?? ''}))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({key}) => key)

describe('a list on several machines', () => {
  let whole: ActionRun
  let keys: readonly string[]

  beforeAll(async () => {
    whole = await runAction(inputs, workspace)
    keys = keysOf(reportOf(whole))
  })

  test('leaves its durations for the next run, and says that there were none', () => {
    expect(whole.exitCode).toBe(0)
    expect(whole.log).toMatch(/^::notice::timings-file: there is no .*timings\.json" yet, so no duration is known$/m)
    const timings = JSON.parse(readFileSync(path.join(workspace, 'timings.json'), 'utf8'))
    expect(timings.tasks.map(({key}: {key: string}) => key)).toEqual([...keys].sort())
    expect(timings.tasks.every(({durations}: {durations: number[]}) => durations.length === 1)).toBe(true)
  })

  test('runs each task in one shard, and the build in each that needs it', async () => {
    const seen = Date.now()
    writeTimings(path.join(workspace, 'shared.json'), new Map(keys.map((key, index) => [key, {durations: [1000 * (index + 1)], seen}])))
    const runs: ActionRun[] = []
    for (const index of [0, 1]) {
      copyFileSync(path.join(workspace, 'shared.json'), path.join(workspace, `timings-${index}.json`))
      runs.push(await runAction({...inputs, 'timings-file': `timings-${index}.json`, shard: `${index}/2`}, workspace))
    }
    const reports = runs.map(reportOf)
    expect(runs.map(({exitCode}) => exitCode)).toEqual([0, 0])
    const all = reports.flatMap(keysOf)
    expect(all.filter(key => key === 'build')).toHaveLength(2)
    expect([...new Set(all)].sort()).toEqual([...keys].sort())
    expect(all).toHaveLength(keys.length + 1)
    const [first, second] = reports
    expect(first?.hashes.plan).toMatch(/^[0-9a-f]{32}$/)
    expect(second?.hashes).toEqual(first?.hashes)
    expect(second?.hashes.list).toBe(reportOf(whole).hashes.list)
    expect(second?.shard).toEqual({index: 1, count: 2, sizes: reports.map(({tasks}) => tasks.length)})
    expect(runs[1]?.outputs.total).toBe(String(second?.tasks.length))
    expect(runs[1]?.log).toMatch(/^shard 2 of 2: \d of 7 tasks, about \d+ s \(all: \d+ s to \d+ s\)$/m)
    // Longest first: the tests come after the build that they need, and shorter ones after longer ones.
    for (const report of reports) {
      const place = (key: string) => keys.indexOf(key)
      const tests = startsOf(report).filter(key => key.startsWith('test#'))
      expect(tests).toEqual(tests.toSorted((a, b) => place(b) - place(a)))
    }
  })

  test('an empty shard succeeds with a notice, and a damaged file of timings is one', async () => {
    writeFileSync(path.join(workspace, 'damaged.json'), '{"schemaVersion":1,"tasks":[{"key":')
    const run = await runAction({...inputs, tasks: "- 'a'", 'timings-file': 'damaged.json', shard: '2/3'}, workspace)
    expect([run.exitCode, run.outputs.result, run.outputs.total]).toEqual([0, 'success', '0'])
    expect(run.log).toContain('::notice::shard 3 of 3 is empty: the list has 1 task\n')
    expect(run.log).toMatch(/^::notice::timings-file: .* it is written anew$/m)
  })
})
