import {describe, expect, test} from '@jest/globals'
import {AnnotationLedger} from '../../src/log/annotation-ledger.ts'
import {endSection} from '../../src/log/end-section.ts'
import {workflowMarkup} from '../../src/log/log-markup.ts'
import {createRecord, exited, ranFor} from '../support/create-record.ts'
import {createTasks} from '../support/create-task.ts'

describe('endSection', () => {
  test('names every one of very many failures, and repeats the last lines of the first 100', () => {
    const tasks = createTasks(...Array.from({length: 150}, () => ({})))
    const tails = new Map(tasks.map(task => [task, [`last of ${task.id}`]]))
    const record = createRecord(tasks.map(task => ranFor(task, [{ms: 1, end: exited(1)}])))
    const lines = endSection(record, {
      tails,
      annotations: new AnnotationLedger(),
      workspace: '/repo',
      mask: text => text,
      markup: workflowMarkup
    }).split('\n')
    expect(lines.filter(line => line.startsWith('✗ '))).toHaveLength(150)
    expect(lines.filter(line => line.startsWith('    last of '))).toHaveLength(100)
    expect(lines.filter(line => line.startsWith('::error '))[0]).toBe('::error title=task_0::exit code 1')
    expect(lines).toContain('Last lines are shown of the first 100 of them.')
  })

  test('names a task by a line of its script only where the runner masks it: in the message, not in the title', () => {
    const [task] = createTasks({name: 'Connect -Key abc', isNamedByScript: true})
    if (task === undefined) throw new Error('no task')
    const record = createRecord([ranFor(task, [{ms: 1, end: exited(1)}])])
    const text = endSection(record, {
      tails: new Map(),
      annotations: new AnnotationLedger(),
      workspace: '/repo',
      mask: value => value,
      markup: workflowMarkup
    })
    expect(text).toContain('\n::error::Connect -Key abc: exit code 1\n')
  })
})
