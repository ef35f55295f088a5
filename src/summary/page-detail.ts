/** How much of a run a page shows. */
export interface PageDetail {
  /** How many failed tasks are shown with their last lines. */
  readonly failures: number
  /** How many last lines of each, and how many UTF-16 units of them in all. */
  readonly tailLines: number
  readonly tailCharacters: number
  /** Which tasks are in the table. */
  readonly rows: 'all' | 'not-succeeded'
  /** How many tasks are in the table at most. */
  readonly maxRows: number
  /** How many UTF-16 units of a name are shown. */
  readonly nameLength: number
  /** How many UTF-16 units of what went wrong are shown. */
  readonly messageLength: number
  readonly hasTimeline: boolean
}

/** A detail, and in words what a page with it leaves out. */
export interface PageStage {
  readonly detail: PageDetail
  readonly leftOut: string
}

const everything: PageDetail = {
  failures: 100,
  tailLines: 20,
  tailCharacters: 8 * 1024,
  rows: 'all',
  maxRows: Number.POSITIVE_INFINITY,
  nameLength: 150,
  messageLength: 300,
  hasTimeline: true
}
const shortTails: PageDetail = {...everything, tailLines: 5, tailCharacters: 1024}
const fewTails: PageDetail = {...shortTails, failures: 20}
const shortNames: PageDetail = {...fewTails, nameLength: 40, messageLength: 40}
const withoutSuccesses: PageDetail = {...shortNames, rows: 'not-succeeded'}
const firstRows: PageDetail = {...withoutSuccesses, maxRows: 500}

/** What a page leaves out, more and more, until it fits. The last one always does. */
export const pageStages: readonly PageStage[] = [
  {detail: everything, leftOut: ''},
  {detail: shortTails, leftOut: 'Of the last lines of failed tasks only 5 are shown; the log has all.'},
  {detail: fewTails, leftOut: 'Of the last lines only 5 are shown, and only of some failed tasks; the log has all.'},
  {
    detail: shortNames,
    leftOut: 'Long names and messages are cut, and of the last lines only 5 are shown, of some failed tasks; the log has all.'
  },
  {detail: withoutSuccesses, leftOut: 'Only tasks that did not succeed are listed; the report has all.'},
  {detail: firstRows, leftOut: 'Only the first 500 tasks that did not succeed are listed; the report has all.'},
  {detail: {...firstRows, failures: 0, maxRows: 0, hasTimeline: false}, leftOut: 'The tasks are not listed; the report has all.'}
]
