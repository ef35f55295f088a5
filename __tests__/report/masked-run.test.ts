import {describe, expect, test} from '@jest/globals'
import {noChanges} from '../../src/model/task-changes.ts'
import {renderJobSummary} from '../../src/pages/job-summary.ts'
import {renderJUnitReport} from '../../src/report/junit-report.ts'
import {maskedRun} from '../../src/report/masked-run.ts'
import {renderResults, renderRunReport} from '../../src/report/run-report.ts'
import {createRecord, exited, ranFor, skippedBecause} from '../support/create-record.ts'
import {createTask} from '../support/create-task.ts'

// Each of these characters is written in another way by one of the formats.
const secret = 'p|w"<&>\\d'
const mask = (text: string) => text.replaceAll(secret, '***')

const login = createTask({id: 'login', name: `log in with ${secret}`})
const file = createTask({index: 1, id: 'file'})
const after = createTask({index: 2, id: 'after'})
const tasks = [
  ranFor(login, [{ms: 1, end: exited(1), changes: {...noChanges, outputs: new Map([['url', `https://x/${secret}`]])}}]),
  ranFor(file, [{ms: 1, end: {status: 'failure', reason: 'wrong-file', message: `bad line ${secret}`}}]),
  skippedBecause(after, {status: 'skipped', reason: 'need-did-not-succeed', need: login})
]
const record = createRecord(tasks)
const tails = new Map([[login, [`it is ${secret}`, 'p|w\x1b[31m"<&>\\d in red']]])

describe('maskedRun', () => {
  const run = maskedRun({record, tails}, mask)

  test.each([
    ['the summary', renderJobSummary(run)],
    ['the JSON report', renderRunReport(run)],
    ['the output "results"', renderResults(run.record).json],
    ['the JUnit report', renderJUnitReport(run)]
  ])('keeps a value out of %s, however that would write it', (_, text) => {
    const escapes = [secret, JSON.stringify(secret).slice(1, -1), '&#60;&#38;&#62;', '&lt;&amp;&gt;']
    expect(escapes.filter(written => text.includes(written))).toEqual([])
    expect(text).toMatch(/log in with (?:\*\*\*|&#42;&#42;&#42;)/)
  })

  test('keeps a value out of the name of the task by which the run was stopped', () => {
    const stopped = createRecord(tasks, {limit: {reason: 'no-worker', failedStarts: 3, cause: login}})
    expect(renderJobSummary(maskedRun({record: stopped, tails}, mask))).toContain('see log in with &#42;&#42;&#42;&#41;')
  })

  test('finds a value whose color changes in the middle', () => {
    expect([...run.tails.values()]).toEqual([['it is ***', '*** in red']])
  })

  test('takes the fingerprint from a task with a secret in what it runs: it could confirm a guess', () => {
    const fingerprint = '0123456789abcdef'
    const parameters = new Map([['list', ['x', new Map([['token', `is ${secret}`]])]]])
    const [plain, hidden, script] = [
      createTask({fingerprint}),
      createTask({fingerprint, index: 1, parameters}),
      createTask({fingerprint, index: 2, script: {kind: 'run', text: `./login.ps1 ${secret}`}})
    ]
    const ran = [plain, hidden, script].map(task => ranFor(task, [{ms: 1, end: exited(0)}]))
    const masked = maskedRun({record: createRecord(ran), tails: new Map()}, mask)
    expect(masked.record.tasks.map(({task}) => task.fingerprint)).toEqual([fingerprint, null, null])
  })

  test('leaves what tasks run and ask for as it is', () => {
    expect(run.record.tasks.map(({task}) => task.script)).toEqual(record.tasks.map(({task}) => task.script))
    expect(record.tasks[0]?.attempts[0]?.changes.outputs.get('url')).toBe(`https://x/${secret}`)
  })
})
