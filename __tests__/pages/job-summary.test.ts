import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {lexer, type Token} from 'marked'
import type {RunRecord} from '../../src/model/event.ts'
import type {Task} from '../../src/model/task.ts'
import {type PageOptions, renderJobSummary, summaryBudget} from '../../src/pages/job-summary.ts'
import {pageStages} from '../../src/pages/page-detail.ts'
import {codeBlock, escapeMarkdown} from '../../src/text/markdown.ts'
import {createRecord, exited, powershell, ranFor, skippedBecause, succeeded} from '../support/create-record.ts'
import {createTask, createTasks} from '../support/create-task.ts'
import {hostileText} from '../support/hostile-text.ts'
import {runs} from '../support/runs.ts'

const page = (record: RunRecord, tails: ReadonlyMap<Task, readonly string[]> = new Map(), options?: PageOptions): string =>
  renderJobSummary({record, tails}, options)

describe('renderJobSummary', () => {
  test('shows the verdict, what failed with its last lines, what was not done, all tasks, and when they ran', () => {
    const [build, unit, deploy] = [createTask({id: 'build'}), createTask({id: 'unit', index: 1}), createTask({id: 'deploy', index: 2})]
    const tasks = [
      ranFor(build, [{ms: 3200, end: succeeded}]),
      ranFor(unit, [{ms: 1000, end: exited(3)}]),
      skippedBecause(deploy, {status: 'skipped', reason: 'need-did-not-succeed', need: unit})
    ]
    expect(page(createRecord(tasks, {ms: 4200}), new Map([[unit, ['expected 1', 'got 2']]]))).toBe(`## ❌ 1 of 3 tasks failed

1 succeeded, 1 failed, 1 skipped in **4.2 s** · sum of tasks 4.2 s · speed-up **1.0x** · 2 at a time, 50 % busy · pwsh 7.6.5

### Failed

❌ **unit** · exit code 3 · 1.0 s

\`\`\`text
expected 1
got 2
\`\`\`

### Not done

- ⏭️ **deploy** · skipped&#58; unit did not succeed

### All tasks

|  | Task | Result | Time | Worker |
| --- | --- | --- | --: | --: |
| ✅ | build | succeeded | 3.2 s | 0 |
| ❌ | unit | exit code 3 | 1.0 s | 0 |
| ⏭️ | deploy | skipped&#58; unit did not succeed |  |  |

<details><summary><b>Timeline</b>: what ran when, on which worker</summary>

\`\`\`mermaid
gantt
dateFormat x
axisFormat %s s
tickInterval 1second
todayMarker off
section worker 0
✓ build :0, 3200ms
✗ unit :crit, 0, 1000ms
\`\`\`

</details>
`)
  })

  test('has a heading for every outcome', () => {
    const heading = (record: RunRecord) => page(record).split('\n', 1)[0]
    const good = ranFor(createTask(), [{ms: 1, end: succeeded}])
    const unneeded = skippedBecause(createTask({index: 1}), {status: 'skipped', reason: 'no-need-failed'})
    const never = skippedBecause(createTask({index: 1}), {status: 'skipped', reason: 'cancelled'})
    expect(heading(createRecord([]))).toBe('## ✅ No tasks')
    expect(heading(createRecord([good]))).toBe('## ✅ 1 task done')
    expect(heading(createRecord([good, unneeded]))).toBe('## ✅ 1 of 2 tasks done')
    expect(heading(createRecord([good, never], {cancelled: true}))).toBe('## ⛔ Cancelled, 2 tasks, 1 done')
    expect(heading(createRecord([never], {cancelled: true}))).toBe('## ⛔ Cancelled, 1 task, none done')
  })

  test('of a cancelled run says what was ended and what never ran', () => {
    const [long, next, last] = [createTask({id: 'long'}), createTask({id: 'next', index: 1}), createTask({id: 'last', index: 2})]
    const record = createRecord(
      [
        ranFor(long, [{ms: 900, end: {status: 'cancelled', reason: 'cancelled'}}]),
        skippedBecause(next, {status: 'skipped', reason: 'cancelled'}),
        skippedBecause(last, {status: 'skipped', reason: 'cancelled'})
      ],
      {cancelled: true}
    )
    expect(page(record)).toContain(
      '### Not done\n\n- ⛔ **long** · cancelled while running\n- ⏭️ **next**, **last** · skipped&#58; the run was cancelled\n'
    )
  })

  test('folds allowed failures, and shows attempts where there were several', () => {
    const flaky = createTask({id: 'flaky', continueOnError: true})
    const record = createRecord([
      ranFor(flaky, [
        {ms: 1, end: exited(1)},
        {ms: 2, end: exited(2)}
      ])
    ])
    const text = page(record, new Map([[flaky, ['why']]]))
    expect(text).toMatch(/^## ✅ 1 task done\n/)
    expect(text).toContain(
      '<details><summary>⚠️ <b>1 allowed failure</b></summary>\n\n⚠️ **flaky** · exit code 2 · 0.0 s\n\n```text\nwhy\n```'
    )
    expect(text).toContain('| ⚠️ | flaky | exit code 2 (allowed) | 0.0 s | 2 | 0 |')
  })

  test('with "failures" lists only what did not succeed', () => {
    const [good, bad] = createTasks({name: 'good one'}, {name: 'bad one'}).map((task, i) =>
      ranFor(task, [{ms: 1, end: i === 0 ? succeeded : exited(1)}])
    ) as [ReturnType<typeof ranFor>, ReturnType<typeof ranFor>]
    const text = page(createRecord([good, bad]), new Map(), {listed: 'failures'})
    expect(text).toContain('### Tasks that did not succeed')
    expect(text).not.toContain('good one')
    expect(text).not.toContain('mermaid')
    expect(page(createRecord([good]), new Map(), {listed: 'failures'}).split('\n\n')).toHaveLength(2)
  })

  const longName = (i: number) => `task ${i} ${'|'.repeat(200)}`
  const fullTail = Array.from({length: 20}, () => 'ü'.repeat(400))

  test.each([
    [10, 0],
    [500, 1],
    [5000, 1]
  ])('of %d failed tasks with long names and full tails is a page within its budget that says what it leaves out', (count, notes) => {
    const tasks = createTasks(...Array.from({length: count}, (_, i) => ({name: longName(i)})))
    const tails = new Map(tasks.map(task => [task, fullTail]))
    const text = page(createRecord(tasks.map(task => ranFor(task, [{ms: 1, end: exited(1)}]))), tails)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(summaryBudget)
    expect(text.match(/^> .*$/gm) ?? []).toHaveLength(notes)
    const tokens = significant(lexer(text))
    const isOpen = tokens.findIndex(({type}) => type === 'html')
    const code = tokens.slice(0, isOpen).filter(({type}) => type === 'code')
    expect(code).toHaveLength(Math.min(count, 20))
    expect(tokens.filter(({type}) => type === 'table')).toHaveLength(1)
  })

  test.each([10, 500, 5000])('of %d tasks lists all of them where they succeeded', count => {
    const tasks = createTasks(...Array.from({length: count}, (_, i) => ({name: `task ${i} ${'x'.repeat(50)}`})))
    const text = page(createRecord(tasks.map(task => ranFor(task, [{ms: 1, end: succeeded}]))))
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(summaryBudget)
    const table = lexer(text).find(({type}) => type === 'table')
    expect(table?.type === 'table' && table.rows).toHaveLength(count)
    expect(text.includes(`<details><summary><b>All ${count} tasks</b></summary>`)).toBe(count > 50)
  })

  test('leaves out more and more as its budget shrinks, and still says how it went in the smallest', () => {
    const tasks = createTasks(...Array.from({length: 1200}, (_, i) => ({name: longName(i)})))
    const records = tasks.map((task, i) => ranFor(task, [{ms: 1, end: i % 2 === 0 ? exited(1) : succeeded}]))
    const tails = new Map(tasks.map(task => [task, fullTail]))
    const run = {record: createRecord(records), tails}
    const notes: (string | undefined)[] = []
    for (let budget = 1e9; notes.length < pageStages.length; ) {
      const text = renderJobSummary(run, {budget})
      expect(text).toContain('## ❌ 600 of 1200 tasks failed')
      notes.push(/^> (.*)$/m.exec(text)?.[1] ?? '')
      budget = Buffer.byteLength(text) - 1
    }
    expect(notes).toEqual(pageStages.map(({leftOut}) => leftOut))
    expect(Buffer.byteLength(renderJobSummary(run, {budget: 0}))).toBeLessThan(300)
  })

  test('has the same structure whatever tasks are called or print', () => {
    const structure = (name: string, lines: readonly string[]) => {
      const [bad, allowed, cancelled, skipped] = [0, 1, 2, 3].map(index => createTask({index, name, continueOnError: index === 1})) as [
        Task,
        Task,
        Task,
        Task
      ]
      const records = [
        ranFor(bad, [{ms: 1, end: {status: 'failure', reason: 'wrong-file', message: name}}]),
        ranFor(allowed, [{ms: 1, end: exited(1)}]),
        ranFor(cancelled, [{ms: 1, end: {status: 'cancelled', reason: 'fail-fast', cause: bad}}]),
        skippedBecause(skipped, {status: 'skipped', reason: 'need-did-not-succeed', need: bad})
      ]
      const tails = new Map([bad, allowed].map(task => [task, lines]))
      return significant(lexer(page(createRecord(records, {powershells: [{...powershell, version: name}]}), tails))).map(shapeOf)
    }
    const plain = structure('name', ['line'])
    fc.assert(
      fc.property(hostileText, fc.array(hostileText, {minLength: 1, maxLength: 5}), (name, lines) => {
        expect(structure(name, lines)).toEqual(plain)
      }),
      {numRuns: runs(300)}
    )
  })
})

const significant = (tokens: readonly Token[]): readonly Token[] => tokens.filter(({type}) => type !== 'space')

/** A block with what text must not change: its kind, the HTML in it, its cells, its items. */
function shapeOf(token: Token): readonly unknown[] {
  switch (token.type) {
    case 'html':
      return [token.type, token.raw]
    case 'table':
      return [token.type, token.rows.map((row: unknown[]) => row.length)]
    case 'list':
      return [token.type, token.items.map(({tokens}: {tokens: Token[]}) => inlineTypes(tokens))]
    case 'code':
      return [token.type, token.lang]
    default:
      return [token.type, inlineTypes('tokens' in token ? (token.tokens ?? []) : [])]
  }
}

const inlineTypes = (tokens: readonly Token[]): readonly unknown[] =>
  tokens.map(token => (token.type === 'text' && token.tokens !== undefined ? inlineTypes(token.tokens) : token.type))

describe('escapeMarkdown', () => {
  test('is nothing but text to Markdown, whatever it is', () => {
    fc.assert(
      fc.property(hostileText, text => {
        const [token] = lexer(escapeMarkdown(text))
        const inline = token?.type === 'paragraph' ? token.tokens : []
        expect(inline?.every(({type}) => type === 'text')).toBe(true)
      }),
      {numRuns: runs(400)}
    )
  })
})

describe('codeBlock', () => {
  test('cannot be closed by a line in it', () => {
    expect(codeBlock(['a', '````', 'b'])).toBe('`````text\na\n````\nb\n`````')
  })

  test('leaves out colors and control characters', () => {
    expect(codeBlock(['\x1b[31mred\x1b[0m\tx\x0by'])).toBe('```text\nred\tx y\n```')
  })
})
