/** The level of detail of a page. */
export interface PageDetail {
  /** Most failed tasks shown with their last lines. */
  readonly failures: number
  /** Most last lines of each failed task, and most UTF-16 units of them. */
  readonly tailLines: number
  readonly tailCharacters: number
  /** Which tasks the table has. */
  readonly rows: 'all' | 'not-succeeded'
  /** Most rows of the table. */
  readonly maxRows: number
  /** Most UTF-16 units of a name. */
  readonly nameLength: number
  /** Most UTF-16 units of a message. */
  readonly messageLength: number
  readonly hasTimeline: boolean
}

/** A level of detail, with a sentence about what it leaves out. */
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

/** Levels of detail, in the order in which they are tried until the page fits. The last one always fits. */
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
