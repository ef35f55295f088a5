import type {RunRecord} from '../model/event.ts'
import {isFailed, wallMs} from '../report/totals.ts'
import {count} from '../report/wording.ts'
import {type Bar, ganttChart} from './gantt-chart.ts'

/** A drawing of what ran when on which worker. */
export interface Timeline {
  /** The text of a Mermaid gantt chart. */
  readonly mermaid: string
  /** In words, what is not drawn, or `undefined` if all is. */
  readonly leftOut: string | undefined
}

/** What the chart's text may have, in UTF-16 units; Mermaid draws nothing of more than 50,000 (`maxTextSize`). */
export const timelineBudget = 45_000

/** How many bars a browser draws without a wait that one would notice. */
const maxBars = 1000

/**
 * When each attempt ran, a section for each worker; a retried task has several bars. Where there are too many, the failed and the longest
 * ones. `undefined` if nothing ran, or if the budget has no room for a bar.
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
  const bars = tasks.flatMap(({task, attempts}) =>
    attempts.map(attempt => ({
      task,
      attempt,
      isRepeated: attempts.length > 1,
      from: attempt.startedAt - startedAt,
      to: attempt.endedAt - startedAt
    }))
  )
  const failed = ({attempt}: Bar): number => (isFailed(attempt.end) ? 1 : 0)
  return bars.sort((a, b) => failed(b) - failed(a) || b.to - b.from - (a.to - a.from))
}
