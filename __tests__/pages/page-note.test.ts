import path from 'node:path'
import {expect, test} from '@jest/globals'
import {pageNote} from '../../src/pages/page-note.ts'

const workspace = path.resolve('/work')
const htmlReport = path.join(workspace, 'results', 'my_report.html')

test('the summary says nothing of a page that there is not', () => {
  expect(pageNote({htmlReport: undefined, workspace}, {})).toBe('')
})

test('the summary says where the page is, and on GitHub where artifacts are', () => {
  expect(pageNote({htmlReport, workspace}, {})).toBe('Timeline and logs: open <code>results/my&#95;report.html</code> in a browser.')
  const environment = {GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'a/b', GITHUB_RUN_ID: '7'}
  expect(pageNote({htmlReport, workspace}, environment)).toContain('](https://github.com/a/b/actions/runs/7#artifacts)')
})

test('the summary shows a page outside of the workspace by its whole path', () => {
  const elsewhere = path.resolve('/elsewhere/r.html')
  expect(pageNote({htmlReport: elsewhere, workspace}, {})).toContain('elsewhere')
  expect(pageNote({htmlReport: elsewhere, workspace}, {})).not.toContain('..')
})
