import {readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {renderPlan} from '../../src/report/dry-run.ts'
import {readTaskList} from '../../src/task-list/read-task-list.ts'
import {renderFieldReference} from '../../src/task-list/schema/field-reference.ts'
import {renderMistake} from '../../src/task-list/source/mistakes.ts'
import {inline, ListReader, listContext} from './lists.ts'

const {workspace} = new ListReader()
const page = readFileSync(new URL('../../docs/task-list.md', import.meta.url), 'utf8').replaceAll('\r\n', '\n')

interface Example {
  readonly list: string
  readonly kind: string
  readonly claim: string
}

const examples: readonly Example[] = Array.from(
  page.matchAll(/^```tasks\n(?<list>.*?)^```\n+```(?<kind>plan|mistakes)\n(?<claim>.*?)^```$/gms),
  ({groups}) => ({list: groups?.list ?? '', kind: groups?.kind ?? '', claim: groups?.claim ?? ''})
)

test('every list of the page is followed by what it makes', () => {
  expect(examples.length).toBe(page.match(/^```tasks$/gm)?.length)
  expect(examples.length).toBeGreaterThan(8)
})

/** The file of items that the page shows. */
const hosts = /^```csv\n(?<rows>.*?)^```$/ms.exec(page)?.groups?.rows ?? ''

describe('the lists of docs/task-list.md make what the page claims', () => {
  test.each(examples)('$list', ({list, kind, claim}) => {
    writeFileSync(path.join(workspace, 'hosts.csv'), hosts)
    const read = readTaskList([inline(list)], listContext(workspace))
    const made = read.ok ? renderPlan(read.value, {workspace}) : read.error.map(renderMistake).join('\n')
    expect(read.ok ? 'plan' : 'mistakes').toBe(kind)
    expect(`${made}\n`).toBe(claim)
  })
})

test('the tables of the fields are those that the code makes', () => {
  expect(page).toContain(renderFieldReference())
})
