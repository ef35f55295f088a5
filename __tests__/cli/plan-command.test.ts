import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {runPlan} from '../../src/cli/plan-command.ts'
import {writeTimings} from '../../src/history/timings-file.ts'
import {UncaughtFaults} from '../../src/system/uncaught-faults.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const parent = temporaryFolder()

/** Runs `pwsh-pool plan` in a folder with a list of these tasks, whose expected seconds are known if they are given. */
async function plan(
  args: readonly string[],
  tasks: readonly [entry: string, seconds?: number][] = [],
  environment: NodeJS.ProcessEnv = {}
) {
  const folder = mkdtempSync(path.join(parent, 'plan-'))
  writeFileSync(path.join(folder, 'list.yml'), tasks.map(([entry], index) => `- {id: t${index}, run: x${index}, ${entry}}\n`).join(''))
  const seen = Date.now()
  const known = tasks.flatMap(([, seconds], index) =>
    seconds === undefined ? [] : [[`t${index}`, {durations: [seconds * 1000], seen}] as const]
  )
  if (known.length > 0) writeTimings(path.join(folder, 'timings.json'), new Map(known))
  const texts = {out: '', error: ''}
  const exitCode = await runPlan(
    args,
    {version: '', helpWidth: 80},
    {
      folder,
      environment,
      temporaryFolder: os.tmpdir(),
      processors: 1,
      readStandardInput: async () => new Uint8Array(),
      onCancel: () => () => {},
      faults: new UncaughtFaults(),
      write: async text => {
        texts.out += text
      },
      writeError: async text => {
        texts.error += text
      }
    }
  )
  return {exitCode, ...texts, folder}
}

const timed = ['list.yml', '--timings-file', 'timings.json', '--max-parallel', '1']
const minutes = (...list: number[]) => list.map(each => ['', each * 60] as [string, number])

describe('pwsh-pool plan', () => {
  test('prints the shards of a list', async () => {
    expect(await plan([...timed, '--shard-count', '2'], minutes(3, 2, 2, 1))).toMatchObject({
      exitCode: 0,
      out: [
        '4 tasks in 2 shards: 4 m 00 s each',
        '--shard 0/2: 2 tasks, about 4 m 00 s\n  t0\n  t3\n',
        '--shard 1/2: 2 tasks, about 4 m 00 s\n  t1\n  t2\n'
      ].join('\n'),
      error: ''
    })
  })

  test('finds how few shards take no longer than a duration', async () => {
    const tasks = minutes(1, 1, 1, 1, 1, 1, 1, 1)
    for (const [duration, count] of [
      ['8m', 1],
      ['7m59s', 2],
      ['4m', 2],
      ['3m', 3],
      ['1m', 8]
    ] as const) {
      expect((await plan([...timed, '--max-duration', duration], tasks)).out).toContain(`8 tasks in ${count} shard`)
    }
  })

  test('counts that tasks run at the same time', async () => {
    const two = ['list.yml', '--timings-file', 'timings.json', '--max-parallel', '2', '--max-duration', '2m']
    expect((await plan(two, minutes(1, 1, 1, 1, 1, 1, 1, 1))).out).toContain('8 tasks in 2 shards')
  })

  test.each([
    ['a task', minutes(5, 1, 1), 'warning: no number of shards takes less than 2 m 00 s: "x0" alone takes about 5 m 00 s\n', 2],
    [
      'a chain',
      [
        ['', 60],
        ['needs: t0', 120],
        ['needs: t1', 60],
        ['', 60]
      ] as [string, number][],
      'warning: no number of shards takes less than 2 m 00 s: "x0" and those that need it, one after another, take about 4 m 00 s\n',
      2
    ],
    [
      'a lock',
      [
        ['lock: db', 60],
        ['lock: db', 60],
        ['lock: db', 60],
        ['', 60]
      ] as [string, number][],
      'warning: no number of shards takes less than 2 m 00 s: 3 tasks that are tied take about 3 m 00 s\n',
      2
    ]
  ])('warns where %s takes longer in any number of shards, and plans as few as come down to that', async (_, tasks, warning, count) => {
    const {exitCode, out, error} = await plan([...timed, '--max-duration', '2m'], tasks)
    expect(error).toContain(warning)
    expect(out).toContain(`${tasks.length} tasks in ${count} shards`)
    expect(exitCode).toBe(0)
  })

  test('counts what runs in each shard, and needs no more shards than come down to it', async () => {
    const tasks: [string, number][] = [
      ['shard: each', 60],
      ['needs: t0', 90],
      ['needs: t0', 60],
      ['', 60]
    ]
    const {error, out} = await plan([...timed, '--max-duration', '2m'], tasks)
    expect(error).toContain(
      'no number of shards takes less than 2 m 00 s: "x0" and those that need it, one after another, take about 2 m 30 s'
    )
    expect(out).toContain('4 tasks in 3 shards')
    const locked: [string, number][] = [
      ['shard: each', 60],
      ['needs: t0, lock: db', 30],
      ['needs: t0, lock: db', 40],
      ['', 60]
    ]
    expect((await plan([...timed, '--max-duration', '2m'], locked)).error).toContain('2 tasks that are tied take about 2 m 10 s')
  })

  test('takes the given number where no duration is known', async () => {
    const args = ['list.yml', '--timings-file', 'timings.json', '--max-duration', '2m', '--shard-count', '3']
    const {error, out} = await plan(args, [[''], [''], ['']])
    expect(error).toContain('notice: no duration is known, so the list is cut into 3 shards')
    expect(out).toContain('3 tasks in 3 shards: 1 each; no duration is known')
  })

  test('as JSON says what a machine needs, and nothing else', async () => {
    const {out, error} = await plan([...timed, '--shard-count', '2', '--json'], minutes(3, 2))
    expect(JSON.parse(out)).toEqual({
      count: 2,
      hashes: {list: expect.stringMatching(/^[0-9a-f]{32}$/), timings: expect.stringMatching(/^[0-9a-f]{32}$/)},
      shards: [
        {shard: '0/2', expectedMs: 180_000, tasks: ['t0']},
        {shard: '1/2', expectedMs: 120_000, tasks: ['t1']}
      ]
    })
    expect(error).toContain('2 tasks in 2 shards')
  })

  test('sets the outputs of a step, which make a matrix', async () => {
    const file = path.join(mkdtempSync(path.join(parent, 'output-')), 'output')
    writeFileSync(file, 'before=1\n')
    const {exitCode} = await plan([...timed, '--max-duration', '1m', '--github-output'], minutes(1, 1, 1), {GITHUB_OUTPUT: file})
    expect(exitCode).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe('before=1\nshards=["0/3","1/3","2/3"]\ncount=3\n')
  })

  test.each([
    [['list.yml'], 'expected --max-duration, for as many shards as it takes, or --shard-count'],
    [['list.yml', '--shard-count', '0'], '--shard-count: expected a whole number from 1 to 1000, got "0"'],
    [['list.yml', '--shard-count', 'x'], '--shard-count: expected a whole number from 1 to 1000, got "x"'],
    [['list.yml', '--max-duration', '5 mins'], '--max-duration: expected a duration such as'],
    [['list.yml', '--max-duration', '0'], '--max-duration: expected a duration above 0'],
    [['--shard-count', '2'], 'no task list is given'],
    [['list.yml', '--shard-count', '2', '--retry', '1'], "unknown option '--retry'"],
    [['list.yml', '--shard-count', '2', '--github-output'], 'there is no GITHUB_OUTPUT'],
    [['missing.yml', '--shard-count', '2'], 'missing.yml'],
    [['list.yml', '--shard-count', '2', '--max-parallel', '0'], '--max-parallel']
  ])('refuses %j', async (args, message) => {
    expect(await plan(args, [['']])).toMatchObject({exitCode: 2, out: '', error: expect.stringContaining(message)})
  })

  test('starts no task and reads all mistakes of the list', async () => {
    const {exitCode, error} = await plan(['list.yml', '--shard-count', '2'], [['timeot: 5s'], ['needs: nobody']])
    expect(exitCode).toBe(2)
    expect(error).toContain('did you mean "timeout"')
    expect(error).toContain('no task has the id "nobody"')
  })

  test('has a help', async () => {
    const {exitCode, out} = await plan(['--help'])
    expect(exitCode).toBe(0)
    expect(out).toContain('--max-duration <duration>')
  })
})
