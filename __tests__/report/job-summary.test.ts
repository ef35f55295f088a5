import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {lexer} from 'marked'
import type {TaskRecord} from '../../src/event.ts'
import {codeBlock, escapeMarkdown} from '../../src/markdown.ts'
import {renderJobSummary, summaryBudget} from '../../src/report/job-summary.ts'
import {createRecord, exited, ranFor, skippedBecause, succeeded} from '../helpers/create-record.ts'
import {createTask, createTasks} from '../helpers/create-task.ts'
import {runs} from '../helpers/runs.ts'

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '|',
        '`',
        '```',
        '<img src=x>',
        '&lt;',
        '**',
        '](x)',
        '~~~',
        '# ',
        '- ',
        '1. ',
        '@me',
        'https://x.y',
        '\n',
        '\\',
        '\x1b[31m',
        '---'
      ),
      fc.string({unit: 'binary'})
    )
  )
  .map(parts => `a${parts.join('')}`)

describe('renderJobSummary', () => {
  test('shows the verdict, the failed tasks with their last lines, and all tasks', () => {
    const [build, unit, deploy] = [createTask({id: 'build'}), createTask({id: 'unit', index: 1}), createTask({id: 'deploy', index: 2})]
    const tasks = [
      ranFor(build, [{ms: 3200, end: succeeded}]),
      ranFor(unit, [{ms: 1000, end: exited(3)}]),
      skippedBecause(deploy, {status: 'skipped', reason: 'need-did-not-succeed', need: unit})
    ]
    expect(renderJobSummary(createRecord(tasks, {ms: 4200}), new Map([[unit, ['expected 1', 'got 2']]]))).toBe(`## ❌ 1 of 3 tasks failed

1 succeeded, 1 failed, 1 skipped in **4.2 s** · sum of tasks 4.2 s · speed-up **1.0x** · 2 at a time · pwsh 7.6.5

### Failed

**✗ unit** · exit code 3 · 1.0 s

\`\`\`text
expected 1
got 2
\`\`\`

### All tasks

|  | Task | Result | Time | Attempts |
| --- | --- | --- | --- | --- |
| ✅ | build | succeeded | 3.2 s | 1 |
| ❌ | unit | exit code 3 | 1.0 s | 1 |
| ⏭️ | deploy | skipped&#58; unit did not succeed |  |  |
`)
  })

  test('has a heading for every outcome', () => {
    const heading = (record: Parameters<typeof renderJobSummary>[0]) => renderJobSummary(record, new Map()).split('\n', 1)[0]
    const good = ranFor(createTask(), [{ms: 1, end: succeeded}])
    expect(heading(createRecord([]))).toBe('## ✅ No tasks')
    expect(heading(createRecord([good]))).toBe('## ✅ 1 task done')
    expect(heading(createRecord([good], {cancelled: true}))).toBe('## ⛔ Cancelled, 1 task')
  })

  test.each([10, 500, 5000])('stays under its budget with %d failed tasks that printed much, and says what it leaves out', count => {
    const tasks = createTasks(...Array.from({length: count}, (_, i) => ({name: `task ${i} ${'x'.repeat(80)}`})))
    const tails = new Map(tasks.map(task => [task, Array.from({length: 20}, () => 'y'.repeat(400))]))
    const text = renderJobSummary(createRecord(tasks.map(task => ranFor(task, [{ms: 1, end: exited(1)}]))), tails)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(summaryBudget)
    expect(text).toContain('task 0 ')
    expect(text.includes('\n> ')).toBe(count > 10)
  })

  test('still says how it went in the smallest budget', () => {
    const text = renderJobSummary(createRecord([ranFor(createTask(), [{ms: 1, end: exited(1)}])]), new Map(), 200)
    expect(text).toContain('## ❌ 1 of 1 task failed')
    expect(text).toContain('The tasks are not listed')
  })

  test('is one heading, one table and a code block whatever tasks are called or print', () => {
    fc.assert(
      fc.property(hostile, fc.array(hostile, {minLength: 1, maxLength: 5}), (name, lines) => {
        const task = createTask({name})
        const records: TaskRecord[] = [ranFor(task, [{ms: 1, end: exited(1)}])]
        const tokens = lexer(renderJobSummary(createRecord(records), new Map([[task, lines]]))).filter(token => token.type !== 'space')
        expect(tokens.map(token => token.type)).toEqual(['heading', 'paragraph', 'heading', 'paragraph', 'code', 'heading', 'table'])
        const table = tokens.at(-1)
        expect(table?.type === 'table' && table.rows.map((row: unknown[]) => row.length)).toEqual([5])
      }),
      {numRuns: runs(500)}
    )
  })
})

describe('escapeMarkdown', () => {
  test('is nothing but text to Markdown, whatever it is', () => {
    fc.assert(
      fc.property(hostile, text => {
        const [token] = lexer(escapeMarkdown(text))
        const inline = token?.type === 'paragraph' ? token.tokens : []
        expect(inline?.every(({type}) => type === 'text')).toBe(true)
      }),
      {numRuns: runs(1000)}
    )
  })
})

describe('codeBlock', () => {
  test('cannot be closed by a line in it', () => {
    expect(codeBlock(['a', '````', 'b'])).toBe('`````text\na\n````\nb\n`````')
  })

  test('leaves out colours and control characters', () => {
    expect(codeBlock(['\x1b[31mred\x1b[0m\tx\x0by'])).toBe('```text\nred\tx y\n```')
  })
})
