import type {RunDetails} from '../recording/run-details.ts'
import type {RunReport} from '../report/report-schema.ts'
import type {PageObjects} from './page-objects.ts'

/** The log of an attempt, and its place in the page. */
export interface PageLog {
  /** Position of its task. */
  readonly task: number
  /** From 1. */
  readonly attempt: number
  /** Number of the compressed block; `offset` and `length` are the log's bytes in it. */
  readonly block: number
  readonly offset: number
  readonly length: number
  /** Bytes left out in its middle; 0 for none. */
  readonly leftOut: number
}

/** Everything the page shows. */
export interface PageData {
  readonly report: RunReport
  readonly plan: RunDetails
  /** The objects of tasks that keep them. */
  readonly objects: readonly PageObjects[]
  readonly logs: readonly PageLog[]
  /** Why logs are missing, as a sentence; `null` if none is. */
  readonly logsLeftOut: string | null
}
