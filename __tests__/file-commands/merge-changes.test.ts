import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {maxArtifactBytes} from '../../src/file-commands/artifact-lines.ts'
import {type MergeOptions, mergeChanges} from '../../src/file-commands/merge-changes.ts'
import {noChanges, type TaskChanges} from '../../src/model/task-changes.ts'
import {runnerPrependPath} from '../support/file-command-parser.ts'
import {runs} from '../support/runs.ts'

const options: MergeOptions = {platform: 'linux', reservedOutputs: new Set(['result', 'report-path']), summaryBudget: 1000}

function merge(tasks: readonly (readonly [name: string, changes: Partial<TaskChanges>])[], overrides: Partial<MergeOptions> = {}) {
  return mergeChanges(
    tasks.map(([name, changes]) => ({name, changes: {...noChanges, ...changes}})),
    {...options, ...overrides}
  )
}

const values = (pairs: Record<string, string>) => new Map(Object.entries(pairs))

describe('mergeChanges of outputs and variables', () => {
  test('of no tasks is nothing', () => {
    expect(merge([])).toEqual({...noChanges, warnings: []})
  })

  test('takes together what tasks set, and says nothing where they agree', () => {
    const merged = merge([
      ['a', {outputs: values({one: '1', same: 'x'}), env: values({E: '1'})}],
      ['b', {}],
      ['c', {outputs: values({two: '2', same: 'x'}), env: values({F: '2'})}]
    ])
    expect(merged.outputs).toEqual(values({one: '1', same: 'x', two: '2'}))
    expect(merged.env).toEqual(values({E: '1', F: '2'}))
    expect(merged.warnings).toEqual([])
  })

  test('lets the task declared last win, with one warning for each name', () => {
    const merged = merge([
      ['a', {outputs: values({v: '1', w: '1'}), env: values({V: '1'})}],
      ['b', {outputs: values({v: '2'}), env: values({V: '2'})}],
      ['c', {outputs: values({v: '1'})}],
      ['d', {outputs: values({v: '1', w: '2'})}]
    ])
    expect(merged.outputs).toEqual(values({v: '1', w: '2'}))
    expect(merged.env).toEqual(values({V: '2'}))
    expect(merged.warnings).toEqual([
      'The output "v" has different values from the tasks "a", "b", "c" and 1 more: that of "d", declared last, is used',
      'The output "w" has different values from the tasks "a" and "d": that of "d", declared last, is used',
      'The variable "V" has different values from the tasks "a" and "b": that of "b", declared last, is used'
    ])
  })

  test('takes outputs whose names differ in case alone for one, and variables on Windows', () => {
    const tasks = [
      ['a', {outputs: values({Name: '1'}), env: values({Path: '1'})}],
      ['b', {outputs: values({NAME: '2'}), env: values({PATH: '2'})}]
    ] as const
    expect(merge(tasks).outputs).toEqual(values({Name: '2'}))
    expect(merge(tasks).env).toEqual(values({Path: '1', PATH: '2'}))
    expect(merge(tasks, {platform: 'win32'}).env).toEqual(values({Path: '2'}))
    expect(merge(tasks).warnings).toHaveLength(1)
    expect(merge(tasks, {platform: 'win32'}).warnings).toHaveLength(2)
  })

  test('leaves out what was written to an output of the action, with one warning for each', () => {
    const merged = merge([
      ['a', {outputs: values({Result: 'x', other: '1'})}],
      ['b', {outputs: values({result: 'y', 'report-path': 'z'})}]
    ])
    expect(merged.outputs).toEqual(values({other: '1'}))
    expect(merged.warnings).toEqual([
      'The output "result" is the action\'s own: what the tasks "a" and "b" wrote to it is left out',
      'The output "report-path" is the action\'s own: what the task "b" wrote to it is left out'
    ])
  })

  test('keeps a warning on one line and free of values, whatever names there are', () => {
    const {warnings} = merge([
      ['a\n::error::x', {env: values({'V\r\n': 'secret 1'})}],
      ['b', {env: values({'V\r\n': 'secret 2'})}]
    ])
    expect(warnings).toEqual([
      'The variable "V\\r\\n" has different values from the tasks "a\\n::error::x" and "b": that of "b", declared last, is used'
    ])
  })
})

describe('mergeChanges of paths', () => {
  test('lets an entry that comes again move to the end, which the runner searches first', () => {
    expect(
      merge([
        ['a', {paths: ['/a', '/b']}],
        ['b', {paths: ['/c', '/a', '/A']}]
      ]).paths
    ).toEqual(['/b', '/c', '/a', '/A'])
  })

  test('gives the runner the same order as one step after the other', () => {
    const entry = fc.constantFrom('/a', '/b', '/c', '/d')
    fc.assert(
      fc.property(fc.array(entry), fc.array(fc.array(entry)), (before, tasks) => {
        const earlier = runnerPrependPath(before.join('\n'))
        const steps = tasks.reduce((paths, lines) => runnerPrependPath(lines.join('\n'), paths), earlier)
        const merged = merge(tasks.map((paths, index) => [`task ${index}`, {paths}]))
        expect(runnerPrependPath(merged.paths.join('\n'), earlier)).toEqual(steps)
      }),
      {numRuns: runs(500)}
    )
  })
})

describe('mergeChanges of summaries', () => {
  const summaries = (...texts: readonly string[]) => texts.map((summary, index) => [`task ${index}`, {summary}] as const)

  test('puts a blank line between those that there are', () => {
    expect(merge(summaries('# A\n\n\n', '', ' \n', '  indented\r\n', 'last')).summary).toBe('# A\n\n  indented\n\nlast\n')
  })

  test('closes what a task leaves open', () => {
    expect(merge(summaries('```text\na', '<!-- b', '- ```\n  c', 'd')).summary).toBe('```text\na\n```\n\n<!-- b\n-->\n\n- ```\n  c\n\nd\n')
  })

  test('leaves out whole what does not fit, and names it', () => {
    expect(merge(summaries('a', 'b'.repeat(2000), 'c')).summary).toBe(
      'a\n\nc\n\n> Left out because the page is full: the summary of **task 1**.\n'
    )
    expect(merge(summaries('a', 'b'.repeat(2000), 'c')).warnings).toEqual([
      'The job summary is full: what the task "task 1" wrote to GITHUB_STEP_SUMMARY is left out'
    ])
    const many = merge(summaries(...Array.from({length: 30}, () => 'x'.repeat(2000)))).summary
    expect(many).toMatch(/^> Left out because the page is full: the summaries of \*\*task 0\*\*, .*\*\*task 9\*\* and 20 more\.\n$/)
  })

  test('lets no name break out of the note', () => {
    const summary = 'x'.repeat(2000)
    expect(merge([['</b>\n# **x**', {summary}]]).summary).toBe(
      '> Left out because the page is full: the summary of **&#60;/b&#62; &#35; &#42;&#42;x&#42;&#42;**.\n'
    )
  })

  test('is empty where there is no room for a note', () => {
    expect(merge(summaries('a long one'), {summaryBudget: 5}).summary).toBe('')
    expect(merge(summaries('a'), {summaryBudget: 0}).summary).toBe('')
    expect(merge(summaries('a'), {summaryBudget: -1}).summary).toBe('')
    expect(merge(summaries('a', '\n', 'b', 'c', 'd', 'e'), {summaryBudget: 0}).warnings).toEqual([
      'The job summary is full: what the tasks "task 0", "task 2", "task 3" and 2 more wrote to GITHUB_STEP_SUMMARY is left out'
    ])
  })

  test('never exceeds its budget, and has every summary whole or not at all', () => {
    const text = fc.tuple(fc.constantFrom('€', '😀', 'x'), fc.integer({min: 1, max: 300})).map(([unit, times]) => unit.repeat(times))
    fc.assert(
      fc.property(fc.array(text, {maxLength: 20}), fc.integer({min: 0, max: 3000}), (texts, summaryBudget) => {
        const {summary} = merge(summaries(...texts), {summaryBudget})
        expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(summaryBudget)
        const blocks = summary.split('\n\n').map(block => block.replace(/\n$/, ''))
        const notes = blocks.filter(block => block.startsWith('> '))
        const kept = blocks.filter(block => block !== '' && !block.startsWith('> '))
        for (const block of kept) expect(texts).toContain(block)
        if (summary !== '') expect(notes).toHaveLength(kept.length === texts.length ? 0 : 1)
      }),
      {numRuns: runs(400)}
    )
  })
})

describe('mergeChanges of artifacts', () => {
  test('puts the lines one after another', () => {
    expect(
      merge([
        ['a', {artifacts: 'a.zip'}],
        ['b', {}],
        ['c', {artifacts: '# c\r\nc.zip\r\n'}]
      ]).artifacts
    ).toBe('a.zip\n# c\r\nc.zip\r\n')
  })

  test('leaves out what the runner would refuse all of them for', () => {
    const artifacts = `${'x'.repeat(9_999)}\n`.repeat(60)
    const merged = merge([
      ['a', {artifacts}],
      ['b', {artifacts}],
      ['c', {artifacts: 'c.zip\n'}]
    ])
    expect(merged.artifacts).toBe(`${artifacts}c.zip\n`)
    expect(merged.warnings).toEqual(['GITHUB_ARTIFACTS may have 1 MiB and 500 entries: what the task "b" wrote to it is left out'])
    expect(Buffer.byteLength(merged.artifacts)).toBeLessThan(maxArtifactBytes)
  })

  test('leaves out what goes past the number that a job may have, counting what is declared twice once', () => {
    const entries = (from: number, count: number) => Array.from({length: count}, (_, i) => `${from + i}.zip\n`).join('')
    const merged = merge([
      ['a', {artifacts: `# many\n\n${entries(0, 400)}`}],
      ['b', {artifacts: entries(350, 150)}],
      ['c', {artifacts: 'one-too-many.zip\n'}],
      ['d', {artifacts: ' 7.zip \n'}]
    ])
    expect(merged.artifacts).toBe(`# many\n\n${entries(0, 400)}${entries(350, 150)} 7.zip \n`)
    expect(merged.warnings).toEqual(['GITHUB_ARTIFACTS may have 1 MiB and 500 entries: what the task "c" wrote to it is left out'])
  })
})

describe('mergeChanges of what tasks could not write to its end', () => {
  test('says what is not used of which task, and past ten tasks how many more there are', () => {
    const fileError = 'GITHUB_OUTPUT line 3: the value of "x" has no end'
    const [first, ...others] = merge([
      ['build', {fileErrors: [fileError, 'GITHUB_PATH line 1: "/a" has no line end']}],
      ['fine', {}],
      ...Array.from({length: 11}, (_, i) => [`task ${i}`, {fileErrors: [fileError]}] as const)
    ]).warnings
    expect(first).toBe(`Not all that the task "build" wrote is used: ${fileError}`)
    expect(others).toHaveLength(11)
    expect(others[0]).toBe('Not all that the task "build" wrote is used: GITHUB_PATH line 1: "/a" has no line end')
    expect(others.slice(-2)).toEqual([`Not all that the task "task 8" wrote is used: ${fileError}`, 'Nor is all that 2 more tasks wrote'])
  })
})
