import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {expect, test} from '@jest/globals'
import {pageObjectLimits, pageObjects} from '../../src/pages/page-objects.ts'
import {createRecord, ranFor, succeeded} from '../support/create-record.ts'
import {createTask} from '../support/create-task.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()

/** A run of a task that emitted these, which are JSON, behind one that emitted nothing. */
function runWith(objects: readonly string[], leftOut = 0) {
  const file = path.join(folder, 'kept')
  writeFileSync(file, objects.map(object => `${object}\n`).join(''))
  const task = ranFor(createTask({index: 1}), [{ms: 1, end: succeeded}])
  const attempts = task.attempts.map(attempt => ({...attempt, objects: {count: objects.length, leftOut, file}}))
  return createRecord([ranFor(createTask(), [{ms: 1, end: succeeded}]), {...task, attempts}])
}

const same = (text: string) => text

test('the page has a table of what a task emitted: columns as first seen, masked', () => {
  const record = runWith(['{"Name":"s3cret","Size":3}', '{"name":"b","Tags":["x"]}', '7'], 2)
  expect(pageObjects(record, text => text.replaceAll('s3cret', '***'))).toEqual([
    {
      task: 1,
      columns: ['Name', 'Size', 'Tags', 'Value'],
      rows: [
        ['***', '3', '', ''],
        ['b', '', '["x"]', ''],
        ['', '', '', '7']
      ],
      count: 3,
      leftOut: 2
    }
  ])
})

test('the page has the first rows of many, and tells how many there are', () => {
  const [table] = pageObjects(runWith(Array.from({length: 1000}, (_, i) => `{"Number":${i}}`)), same)
  expect([table?.rows.length, table?.count]).toEqual([pageObjectLimits.rows, 1000])
})

test('the page leaves out rows that are too large for it', () => {
  const [table] = pageObjects(runWith([`"${'x'.repeat(pageObjectLimits.characters - 1)}"`, '"yyyy"']), same)
  expect([table?.rows.length, table?.count]).toEqual([1, 2])
})
