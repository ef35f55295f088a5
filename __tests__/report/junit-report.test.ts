import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {SaxesParser} from 'saxes'
import {noRetry} from '../../src/model/settings.ts'
import {renderJUnitReport} from '../../src/report/junit-report.ts'
import {createRecord, exited, ranFor, skippedBecause, succeeded} from '../support/create-record.ts'
import {createTask} from '../support/create-task.ts'
import {hostileText} from '../support/hostile-text.ts'
import {runs} from '../support/runs.ts'

/** An element as a strict parser reads it. */
interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  text: string
  readonly children: Element[]
}

function parse(xml: string): Element {
  const root: Element = {name: '', attributes: {}, text: '', children: []}
  const open = [root]
  const parser = new SaxesParser()
  parser.on('opentag', ({name, attributes}) => {
    const element = {name, attributes, text: '', children: []}
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('text', text => {
    const element = open.at(-1)
    if (element !== undefined) element.text += text
  })
  parser.on('closetag', () => open.pop())
  parser.write(xml).close()
  return root.children[0] ?? root
}

const retry = {...noRetry, times: 1}
const place = {source: 'ci/tasks.yml', file: 'ci/tasks.yml', line: 7, column: 3}
const build = createTask({id: 'build', place})
const unit = createTask({index: 1, id: 'unit', retry})
const flaky = createTask({index: 2, id: 'flaky', retry})
const slow = createTask({index: 3, id: 'slow', continueOnError: true})
const deploy = createTask({index: 4, id: 'deploy'})
const record = createRecord(
  [
    ranFor(build, [{ms: 3200, end: succeeded}]),
    ranFor(unit, [
      {ms: 1000, end: exited(1)},
      {ms: 500, end: exited(3)}
    ]),
    ranFor(flaky, [
      {ms: 1, end: exited(1)},
      {ms: 2, end: succeeded}
    ]),
    ranFor(slow, [{ms: 5000, end: {status: 'timed-out', reason: 'timeout', timeoutMs: 5000}}]),
    skippedBecause(deploy, {status: 'skipped', reason: 'need-did-not-succeed', need: unit})
  ],
  {ms: 6500, startedAt: Date.UTC(2026, 0, 2, 3, 4, 5), endedAt: Date.UTC(2026, 0, 2, 3, 4, 5) + 6500}
)

describe('renderJUnitReport', () => {
  const tails = new Map([
    [unit, ['expected 1', '', '  but <got> \x1b[31m2\x1b[0m']],
    [slow, ['waiting']]
  ])
  const root = parse(renderJUnitReport({record, tails}))
  const testCases = root.children.flatMap(({children}) => children)
  const testCase = (name: string) => testCases.find(({attributes}) => attributes.name === name)

  test('has the totals of the run, in which an allowed failure is no failure', () => {
    expect([root.name, root.attributes]).toEqual(['testsuites', {name: 'pwsh-pool', tests: '5', failures: '1', errors: '0', time: '6.500'}])
    expect(testCases.map(({name, attributes}) => [name, attributes.name, attributes.time])).toEqual([
      ['testcase', 'build', '3.200'],
      ['testcase', 'unit', '1.500'],
      ['testcase', 'flaky', '0.003'],
      ['testcase', 'slow', '5.000'],
      ['testcase', 'deploy', '0.000']
    ])
  })

  test('has a suite for each file of tasks, which viewers annotate', () => {
    const timestamp = '2026-01-02T03:04:05'
    expect(root.children.map(({attributes}) => attributes)).toEqual([
      {name: 'ci/tasks.yml', tests: '1', failures: '0', errors: '0', skipped: '0', time: '3.200', timestamp, file: 'ci/tasks.yml'},
      {name: 'pwsh-pool', tests: '4', failures: '1', errors: '0', skipped: '2', time: '6.503', timestamp}
    ])
    expect(testCases.map(({attributes}) => attributes.classname)).toEqual(['ci/tasks.yml', ...Array(4).fill('pwsh-pool')])
  })

  test('has a failure with its last lines, and the attempts before it', () => {
    expect(testCase('unit')?.children.map(({name, attributes, text}) => [name, attributes, text.trim()])).toEqual([
      ['failure', {message: 'exit code 3, attempt 2 of 2', type: 'exit-code'}, 'exit code 3, attempt 2 of 2\nexpected 1\n\n  but <got> 2'],
      ['rerunFailure', {message: 'exit code 1, attempt 1 of 2', type: 'exit-code'}, '']
    ])
  })

  test('has no failure for a task that succeeded in the end, only the attempts that did not', () => {
    expect(testCase('flaky')?.children.map(({name}) => name)).toEqual(['flakyFailure'])
  })

  test('has a skipped test with the reason for what was not done, and for a failure that may be', () => {
    expect(testCase('deploy')?.children.map(({name, attributes}) => [name, attributes.message])).toEqual([
      ['skipped', 'unit did not succeed']
    ])
    expect(testCase('slow')?.children.map(({name, attributes, text}) => [name, attributes.message, text])).toEqual([
      ['skipped', 'allowed failure: timed out after 5 s', ''],
      ['system-out', undefined, 'waiting']
    ])
  })

  test('is well-formed XML of the same structure whatever tasks are called or print', () => {
    fc.assert(
      fc.property(hostileText, fc.array(hostileText, {minLength: 1, maxLength: 3}), (name, lines) => {
        const task = createTask({name, place: {...place, file: name}})
        const end = {status: 'failure', reason: 'wrong-file', message: name} as const
        const xml = renderJUnitReport({record: createRecord([ranFor(task, [{ms: 1, end}])]), tails: new Map([[task, lines]])})
        const shape = ({name, children}: Element): unknown => [name, children.map(shape)]
        expect(shape(parse(xml))).toEqual(['testsuites', [['testsuite', [['testcase', [['failure', []]]]]]]])
      }),
      {numRuns: runs(300)}
    )
  })

  test('is a report without tests for a run without tasks', () => {
    expect(parse(renderJUnitReport({record: createRecord([]), tails: new Map()})).children).toEqual([])
  })
})
