import type {Mask} from '../../report/masked-run.ts'
import {joined, slowSign} from '../../report/wording.ts'
import type {Colors} from './colors.ts'
import {filled, fitted, widthOf} from './columns.ts'
import {steadyLine} from './printable-text.ts'
import {expectedMs, type Progress, type RunningTask} from './run-progress.ts'

/** The area to draw on. */
export interface Canvas {
  /** Columns, from 1. */
  readonly width: number
  /** Lines, from 0. */
  readonly height: number
  readonly colors: Colors
  /** Replaces the values announced as secret so far. */
  readonly mask: Mask
}

/** Renders a run in progress as lines that fit: one for each running task, as many as there is space for, and one for the run. */
export function renderProgress(progress: Progress, canvas: Canvas, now: number): readonly string[] {
  const {height} = canvas
  if (height <= 0) return []
  return [...runningLines(progress.running, {...canvas, height: height - 1}, now), runLine(progress, canvas, now)]
}

/** `0:07`, `12:34`, `1:02:03`. `ms`: from 0. */
export function clock(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const pair = (number: number) => String(number).padStart(2, '0')
  return hours > 0 ? `${hours}:${pair(minutes)}:${pair(seconds % 60)}` : `${minutes}:${pair(seconds % 60)}`
}

function runningLines(running: readonly RunningTask[], {width, height, colors, mask}: Canvas, now: number): string[] {
  if (height <= 0) return []
  const shown = running.length <= height ? running : running.slice(0, height - 1)
  const rows = shown.map(({task, startedAt, lastLine, isSlow, isEnding}) => ({
    sign: isSlow ? slowSign : '▸',
    name: steadyLine(mask(task.name)),
    time: clock(now - startedAt),
    text: isEnding ? 'is being ended' : steadyLine(lastLine)
  }))
  const nameWidth = Math.min(Math.floor(width * 0.4), Math.max(0, ...rows.map(({name}) => widthOf(name))))
  const timeWidth = Math.max(0, ...rows.map(({time}) => time.length))
  const lines = rows.map(({sign, name, time, text}) => {
    const start = `${sign} ${filled(name, nameWidth)}  ${time.padStart(timeWidth)}  `
    const rest = width - widthOf(start)
    return rest < 0 ? fitted(start.trimEnd(), width) : `${start}${colors.dim(fitted(text, rest))}`.trimEnd()
  })
  const left = running.length - shown.length
  return left === 0 ? lines : [...lines, fitted(`  … and ${left} more`, width)]
}

/** Narrowest useful and widest necessary bar, in columns. */
const barWidths = {least: 10, most: 40} as const

function runLine(progress: Progress, {width, colors}: Canvas, now: number): string {
  const text = progress.isInterrupted ? interruptedText : progressText(progress, now)
  const room = Math.min(barWidths.most, width - widthOf(text) - 1)
  return room < barWidths.least ? fitted(text, width) : `${bar(progress, room, colors)} ${text}`
}

function progressText(progress: Progress, now: number): string {
  const {total, done, failed, skipped, startedAt} = progress
  const expected = expectedMs(progress, now)
  const counts = [
    `${done}/${total} done`,
    failed === 0 ? '' : `${failed} failed`,
    skipped === 0 ? '' : `${skipped} skipped`,
    `${total - done} left`
  ]
  const times = [clock(now - startedAt), expected === undefined || expected < 1000 ? '' : `about ${clock(expected)} more`]
  return `${joined(counts, ', ')} · ${joined(times, ', ')}`
}

const interruptedText = 'Interrupted: ending what runs; Ctrl-C again kills it at once'

/** The bar. A failed task is always visible; the rest is proportional. */
function bar({total, done, ran, failed}: Progress, width: number, colors: Colors): string {
  const part = (tasks: number) => (total === 0 ? 0 : Math.floor((tasks / total) * width))
  const failedWidth = failed === 0 ? 0 : Math.max(1, part(failed))
  const goodWidth = Math.min(part(ran - failed), width - failedWidth)
  const notRunWidth = Math.min(part(done - ran), width - failedWidth - goodWidth)
  const parts = [
    colors.green('█'.repeat(goodWidth)),
    colors.red('█'.repeat(failedWidth)),
    colors.yellow('▒'.repeat(notRunWidth)),
    colors.dim('░'.repeat(width - failedWidth - goodWidth - notRunWidth))
  ]
  return parts.join('')
}
