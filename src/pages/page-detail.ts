/** The level of detail of a page. */
export interface PageDetail {
  /** Failed tasks shown with their last lines. */
  readonly failures: number
  /** Last lines of each failed task, and UTF-16 units in all of them. */
  readonly tailLines: number
  readonly tailCharacters: number
  /** Tasks in the table. */
  readonly rows: 'all' | 'not-succeeded'
  /** Rows of the table at most. */
  readonly maxRows: number
  /** UTF-16 units shown of a name. */
  readonly nameLength: number
  /** UTF-16 units shown of a message. */
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

/** Levels of detail, in the order in which a page that is too large tries them. The last one always fits. */
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
