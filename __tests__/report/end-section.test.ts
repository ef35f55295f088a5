import {describe, expect, test} from '@jest/globals'
import {endSection} from '../../src/report/end-section.ts'
import {createRecord, exited, ranFor} from '../helpers/create-record.ts'
import {createTasks} from '../helpers/create-task.ts'

describe('endSection', () => {
  test('names every one of very many failures, and repeats the last lines of the first 100', () => {
    const tasks = createTasks(...Array.from({length: 150}, () => ({})))
    const tails = new Map(tasks.map(task => [task, [`last of ${task.id}`]]))
    const record = createRecord(tasks.map(task => ranFor(task, [{ms: 1, end: exited(1)}])))
    const lines = endSection(record, {tails, annotations: undefined, mask: text => text}).split('\n')
    expect(lines.filter(line => line.startsWith('✗ '))).toHaveLength(150)
    expect(lines.filter(line => line.startsWith('    last of '))).toHaveLength(100)
    expect(lines).toContain('Last lines are shown of the first 100 of them.')
  })
})
