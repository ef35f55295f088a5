import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {parseReport} from '../../src/history/read-report.ts'
import {type Resumption, resume, resumeFrom, succeededBefore} from '../../src/history/resume.ts'
import type {Kept, RunRecord, TaskRecord} from '../../src/model/event.ts'
import {EventStream} from '../../src/model/event-stream.ts'
import type {Task} from '../../src/model/task.ts'
import {noChanges, type TaskChanges} from '../../src/model/task-changes.ts'
import {changesOf} from '../../src/model/verdict.ts'
import {Pool} from '../../src/pool/pool.ts'
import {maskedRun} from '../../src/report/masked-run.ts'
import type {RunReport} from '../../src/report/report-schema.ts'
import {renderRunReport} from '../../src/report/run-report.ts'
import {CommandedAttempts} from '../support/commanded-attempts.ts'
import {createRecord, exited, planOf, ranFor, succeeded} from '../support/create-record.ts'
import {createTasks} from '../support/create-task.ts'
import {runs} from '../support/runs.ts'

const origin = {repository: 'o/r', commit: 'abcdef0123456789'}

function reportOf(record: RunRecord, mask = (text: string) => text): RunReport {
  const report = parseReport(renderRunReport(maskedRun({record, tails: new Map(), origin}, mask)))
  if (!report.ok) throw new Error(report.error)
  return report.value
}

const marked = (...overrides: Parameters<typeof createTasks>) =>
  createTasks(...overrides).map((task): Task => ({...task, fingerprint: `${task.index}`.padStart(16, '0')}))

const keptOf = ({kept}: Resumption) => [...kept.keys()].sort((a, b) => a - b)

describe('resume', () => {
  const tasks = marked({}, {needs: [0]}, {needs: [1]}, {}, {})
  const wrote = (task: Task, changes: Partial<TaskChanges>): TaskRecord =>
    ranFor(task, [{ms: 7, end: succeeded, changes: {...noChanges, ...changes}}])
  const record = createRecord([
    wrote(tasks[0] as Task, {outputs: new Map([['url', 'https://x']]), summary: '# Built'}),
    wrote(tasks[1] as Task, {}),
    ranFor(tasks[2] as Task, [{ms: 1, end: exited(1)}]),
    wrote(tasks[3] as Task, {env: new Map([['A', 'b']])}),
    wrote(tasks[4] as Task, {outputs: new Map([['token', 'secret']])})
  ])
  const report = reportOf(record, text => text.replaceAll('secret', '***'))

  test('keeps what succeeded, with its outputs and summary, and says why the rest runs', () => {
    const resumption = resume(tasks, report, origin)
    expect(keptOf(resumption)).toEqual([0, 1])
    expect(resumption.kept.get(0)).toEqual({
      status: 'kept',
      reason: 'kept',
      exitCode: 0,
      ranAt: 0,
      durationMs: 7,
      changes: {...noChanges, outputs: new Map([['url', 'https://x']]), summary: '# Built'}
    } satisfies Kept)
    expect(resumption.notice).toBe(
      '2 of 5 tasks kept from the run of 1970-01-01 00:00 UTC; 3 run: 1 did not succeed, 1 wrote GITHUB_ENV or GITHUB_PATH, 1 with a secret output'
    )
  })

  test.each<[string, (tasks: readonly Task[]) => readonly Task[], number[]]>([
    ['a changed task, and what needs it', ([a, ...rest]) => [{...(a as Task), fingerprint: 'f'.repeat(16)}, ...rest], []],
    ['a task without a fingerprint', ([a, ...rest]) => [{...(a as Task), fingerprint: null}, ...rest], []],
    ['what is never kept', ([a, b, ...rest]) => [a as Task, {...(b as Task), resume: 'never'}, ...rest], [0]],
    ['an exit code that is no success any more', ([a, b, ...rest]) => [a as Task, {...(b as Task), successCodes: [3]}, ...rest], [0]],
    ['what others take objects of', ([a, b, ...rest]) => [a as Task, {...(b as Task), objects: true}, ...rest], [0]],
    ['a new task', ([a, b, ...rest]) => [a as Task, {...(b as Task), key: 'other'}, ...rest], [0]]
  ])('does not keep %s', (_, change, expected) => {
    expect(keptOf(resume(change(tasks), report, origin))).toEqual(expected)
  })

  test('keeps what an earlier resumption has kept, from the run in which it ran', () => {
    const [kept] = resume(tasks, report, origin).kept.values()
    const again = createRecord([{task: tasks[0] as Task, attempts: [], verdict: kept as Kept}], {startedAt: 9_000_000, endedAt: 9_000_001})
    expect(resume(tasks, reportOf(again), origin).kept.get(0)).toEqual(kept)
  })

  test.each([
    [{...origin, commit: 'fff'}, 'the report is of another commit (abcdef0123, not fff), so all tasks run'],
    [{...origin, repository: 'o/other'}, 'the report is of another repository (o/r, not o/other), so all tasks run'],
    [{repository: null, commit: null}, 'the report is of another repository (o/r, not unknown), so all tasks run']
  ])('keeps nothing of %j', (other, notice) => {
    expect(resume(tasks, report, other)).toEqual({kept: new Map(), isUsed: false, notice})
  })

  test('keeps nothing without a report', () => {
    const missing = resumeFrom(tasks, {file: '/no/such/report.json', shown: 'old/report.json'}, origin)
    expect(missing).toEqual({kept: new Map(), isUsed: false, notice: 'the report "old/report.json" does not exist, so all tasks run'})
  })

  test('with --failed spares all that succeeded, but for what the others need and no report has', () => {
    const needing = [...tasks.slice(0, 2), {...(tasks[2] as Task), needs: [{id: 'x', isGroup: true, tasks: [1, 3]}]}, ...tasks.slice(3)]
    expect([...succeededBefore(tasks, report).keys()]).toEqual([0, 1, 3, 4])
    expect([...succeededBefore(needing, report).keys()]).toEqual([0, 1, 4])
  })
})

describe('a run that is resumed', () => {
  /** Runs the list through a pool; each task writes what it was told of its needs, and the tasks in `failing` fail. */
  async function runList(tasks: readonly Task[], failing: ReadonlySet<number>, kept?: ReadonlyMap<number, Kept>): Promise<RunRecord> {
    const attempts = new CommandedAttempts()
    const options = {
      plan: planOf(tasks),
      powershells: [],
      maxParallel: 3,
      minParallel: 0,
      failFast: 'false' as const,
      totalTimeoutMs: 0,
      kept
    }
    const done = new Pool(tasks, {...options, workforce: attempts}, new EventStream([])).run()
    for (let next = attempts.running[0]; next !== undefined; next = attempts.running[0]) {
      const {task, inherited} = next
      const told = [...(inherited.needs?.values() ?? [])].map(need => {
        const {outputs, result} = Object.fromEntries(need as ReadonlyMap<string, unknown>) as {outputs: Map<string, string>; result: string}
        return `${result}(${outputs.get('told') ?? ''})`
      })
      const env = new Map(task.index % 5 === 4 ? [[`V${task.index}`, 'x']] : [])
      const variables = inherited.changes.map(changes => [...changes.env.keys()].join()).join()
      const outputs = new Map([['told', `${task.id}[${told.join()}]${variables}`]])
      await next.exit(failing.has(task.index) ? 1 : 0, {changes: {...noChanges, outputs, env, summary: `# ${task.id}`}})
    }
    return done
  }

  const resultsOf = ({tasks}: RunRecord) =>
    tasks.map(({task, verdict, attempts}) => ({
      id: task.id,
      status: verdict.status === 'kept' ? 'success' : verdict.status,
      changes: {...changesOf({verdict, attempts}), env: new Map()}
    }))

  test('ends in the results of one whole run, after any subset of failures', async () => {
    const lists = fc.array(fc.record({needs: fc.uniqueArray(fc.nat(20), {maxLength: 3}), isAlways: fc.boolean(), fails: fc.boolean()}), {
      minLength: 1,
      maxLength: 15
    })
    let seen = 0
    await fc.assert(
      fc.asyncProperty(lists, async entries => {
        const tasks = marked(
          ...entries.map(({needs, isAlways}, index) => {
            const earlier = index === 0 ? [] : [...new Set(needs.map(need => need % index))]
            return {needs: earlier, when: isAlways && earlier.length > 0 ? ('always' as const) : ('success' as const)}
          })
        )
        const failing = new Set(entries.flatMap(({fails}, index) => (fails ? [index] : [])))
        const whole = await runList(tasks, new Set())
        const first = await runList(tasks, failing)
        const {kept} = resume(tasks, reportOf(first), origin)
        seen += kept.size
        const second = await runList(tasks, new Set(), kept)
        expect(resultsOf(second)).toEqual(resultsOf(whole))
        for (const {verdict, task} of second.tasks) {
          if (verdict.status === 'kept') expect(task.needs.flatMap(need => need.tasks).every(index => kept.has(index))).toBe(true)
        }
      }),
      {numRuns: runs(150)}
    )
    expect(seen).toBeGreaterThan(0)
  })
})
