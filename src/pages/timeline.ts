import type {RunRecord} from '../model/event.ts'
import {isFailed, wallMs} from '../report/totals.ts'
import {count} from '../report/wording.ts'
import {type Bar, ganttChart} from './gantt-chart.ts'

/** A timeline of attempts by worker. */
export interface Timeline {
  /** The text of a Mermaid gantt chart. */
  readonly mermaid: string
  /** Says what is not drawn; `undefined` if everything is. */
  readonly leftOut: string | undefined
}

/** Limit of the chart's text, in UTF-16 units; Mermaid draws nothing above 50,000 (`maxTextSize`). */
export const timelineBudget = 45_000

/** Bars that a browser draws without noticeable delay. */
const maxBars = 1000

/**
 * Renders the attempts with a section for each worker; a retried task has several bars. If there are too many bars, only failed and the longest ones
 * are drawn. `undefined` if nothing ran, or if not even one bar fits into the budget.
 */
export function renderTimeline(record: RunRecord, budget: number = timelineBudget): Timeline | undefined {
  const bars = barsOf(record)
  const runMs = Math.max(wallMs(record), 1)
  for (let shown = Math.min(bars.length, maxBars); shown > 0; shown = Math.floor(shown * 0.8)) {
    const mermaid = ganttChart(bars.slice(0, shown), runMs)
    if (mermaid.length <= budget) return {mermaid, leftOut: leftOutText(shown, bars.length)}
  }
  return undefined
}

function leftOutText(shown: number, all: number): string | undefined {
  if (shown === all) return undefined
  return `Drawn are the failed and the longest of ${count(all, 'attempt')}: ${all - shown} shorter ones are left out.`
}

/** All bars: the failed ones first, then the longest. */
function barsOf({tasks, startedAt}: RunRecord): Bar[] {
  const bars = tasks.flatMap(({task, attempts, shard}) =>
    attempts.map(attempt => ({
      task,
      shard,
      attempt,
      isRepeated: attempts.length > 1,
      from: attempt.startedAt - startedAt,
      to: attempt.endedAt - startedAt
    }))
  )
  const failed = ({attempt}: Bar): number => (isFailed(attempt.end) ? 1 : 0)
  return bars.sort((a, b) => failed(b) - failed(a) || b.to - b.from - (a.to - a.from))
}
