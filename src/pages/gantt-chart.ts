import type {Attempt} from '../model/event.ts'
import type {Task} from '../model/task.ts'
import {isFailed} from '../report/totals.ts'
import {sign} from '../report/wording.ts'
import {withoutEscapeSequences} from '../text/plain-text.ts'
import {cut} from '../text/quoted.ts'

/** One attempt of a task. Times are milliseconds from the start of the run. */
export interface Bar {
  readonly task: Task
  /** In a merged run: the shard that ran it, from 0. */
  readonly shard?: number | undefined
  readonly attempt: Attempt
  /** `true` if the task had further attempts. */
  readonly isRepeated: boolean
  readonly from: number
  readonly to: number
}

/** Number of bars up to which each has its own row, with room for its name. */
const roomyBars = 40

/**
 * The text of a Mermaid gantt chart with these bars, with a section for each worker. If there are many bars, those of a worker share one row, and
 * only long bars have a name. `runMs`: duration of the run, from 1.
 */
export function ganttChart(bars: readonly Bar[], runMs: number): string {
  const isRoomy = bars.length <= roomyBars
  const axis = axisOf(runMs)
  const sections = [...byWorker(bars)]
    .sort(([a], [b]) => a - b)
    .flatMap(([worker, own]) => [
      `section ${sectionName(worker, own)}`,
      ...own
        .sort((a, b) => a.from - b.from || a.task.index - b.task.index)
        .map(bar => barLine(bar, axis, isRoomy ? roomyLabel(bar) : fittingLabel(bar, runMs)))
    ])
  const mode = isRoomy ? [] : ['---', 'displayMode: compact', '---']
  return [...mode, 'gantt', 'dateFormat x', ...axis.lines, 'todayMarker off', ...sections].join('\n')
}

function byWorker(bars: readonly Bar[]): Map<number, Bar[]> {
  const workers = new Map<number, Bar[]>()
  for (const bar of bars) {
    const own = workers.get(bar.attempt.worker) ?? []
    own.push(bar)
    workers.set(bar.attempt.worker, own)
  }
  return workers
}

// All bars of a worker are of one shard.
function sectionName(worker: number, [bar]: readonly Bar[]): string {
  return bar?.shard === undefined ? `worker ${worker}` : `shard ${bar.shard + 1}, worker ${worker}`
}

/** The time format. `%s` and `%Q` count from the epoch, so unlike hours and minutes they do not depend on the time zone. */
interface Axis {
  /** Lines of the chart that set the format. */
  readonly lines: readonly string[]
  /** Milliseconds of the run for each millisecond of the chart: if the unit is minutes, a minute is drawn as a second. */
  readonly scale: number
}

function axisOf(runMs: number): Axis {
  if (runMs < 2000) return {lines: ['axisFormat %Q ms'], scale: 1}
  const [unit, scale] = runMs < 600_000 ? ['s', 1] : runMs < 36_000_000 ? ['min', 60] : ['h', 3600]
  // For a few units Mermaid would also label halves, which look the same in this format.
  const interval = runMs / scale < 10_000 ? ['tickInterval 1second'] : []
  return {lines: [`axisFormat %s ${unit}`, ...interval], scale}
}

// Rounds both ends separately: a bar that overlapped the next one would move it to another row.
function barLine({task, attempt, from, to}: Bar, {scale}: Axis, label: string): string {
  const start = Math.round(from / scale)
  return `${label} :${tagOf(task, attempt)}${start}, ${Math.max(1, Math.round(to / scale) - start)}ms`
}

function tagOf({continueOnError}: Task, {end}: Attempt): string {
  if (isFailed(end)) return continueOnError ? 'active, crit, ' : 'crit, '
  return end.status === 'cancelled' ? 'done, ' : ''
}

/** The longest name in a chart of few bars, in UTF-16 units. */
const longestName = 50

function roomyLabel({task, attempt, isRepeated}: Bar): string {
  return signed(attempt, `${cut(nameOf(task), longestName)}${isRepeated ? ` (attempt ${attempt.number})` : ''}`)
}

/** Characters across the chart's width, as GitHub draws it. */
const chartWidth = 105

// A name longer than its bar would cover the bars after it. Mermaid requires a name; this one is invisible.
function fittingLabel({task, attempt, from, to}: Bar, runMs: number): string {
  const length = Math.floor(((to - from) / runMs) * chartWidth) - 3
  return length < 4 ? '\u200b' : signed(attempt, cut(nameOf(task), length))
}

// Without the sign in front, a name such as "section" or "title" would be a keyword.
const signed = ({end}: Attempt, name: string): string => `${sign(end.status)} ${name}`
const nameOf = ({name, id}: Task): string => chartText(name) || chartText(id)

// Removes everything that Mermaid, a code fence or HTML could interpret: only letters, digits, symbols and a few marks remain.
function chartText(text: string): string {
  return withoutEscapeSequences(text)
    .replace(/[^\p{L}\p{M}\p{N}\p{Extended_Pictographic}.,\-_/()+=@!?']/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
