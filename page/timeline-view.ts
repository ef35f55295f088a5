import type {Bar, RunModel} from './run-model.ts'

/** The visible part of the run; milliseconds since the epoch. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

/** The shortest visible time, in milliseconds. */
const leastSpan = 20

/** The range zoomed by `factor` (above 1: closer) around a moment, kept inside `whole`. */
export function zoomed({from, to}: TimeRange, factor: number, around: number, whole: TimeRange): TimeRange {
  const span = Math.min(whole.to - whole.from, Math.max(leastSpan, (to - from) / factor))
  const start = around - ((around - from) / (to - from)) * span
  return inside({from: start, to: start + span}, whole)
}

/** The range moved by `ms` milliseconds, kept inside `whole`. */
export function moved({from, to}: TimeRange, ms: number, whole: TimeRange): TimeRange {
  return inside({from: from + ms, to: to + ms}, whole)
}

function inside({from, to}: TimeRange, whole: TimeRange): TimeRange {
  const span = to - from
  if (span >= whole.to - whole.from) return whole
  const start = Math.min(Math.max(from, whole.from), whole.to - span)
  return {from: start, to: start + span}
}

const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000]
const longSteps = [1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440].map(minutes => minutes * 60_000)

/** Ticks of the axis, in milliseconds from the start of the run: at most `most` of them, at round times. */
export function axisTicks({from, to}: TimeRange, start: number, most: number): readonly number[] {
  const step = [...steps, ...longSteps].find(ms => (to - from) / ms <= most) ?? (to - from) / most
  const ticks: number[] = []
  for (let at = Math.ceil((from - start) / step) * step; at <= to - start; at += step) ticks.push(at)
  return ticks
}

/** The bars of each lane, in the order in which they start. */
export function barsByLane({lanes, bars}: Pick<RunModel, 'lanes' | 'bars'>): readonly (readonly Bar[])[] {
  const byLane: Bar[][] = lanes.map(() => [])
  for (const bar of bars) byLane[bar.lane]?.push(bar)
  for (const lane of byLane) lane.sort((a, b) => a.from - b.from)
  return byLane
}

/** Index of the first bar that ends after `from`. Precondition: the bars do not overlap and are in order. */
export function firstVisible(bars: readonly Bar[], from: number): number {
  let [low, high] = [0, bars.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((bars[middle]?.to ?? 0) < from) low = middle + 1
    else high = middle
  }
  return low
}
