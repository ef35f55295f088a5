import type {AttemptEnded, EventReader, PoolEvent, PowerShell, RunRecord, TaskRecord} from '../model/event.ts'
import type {LogMode} from '../model/settings.ts'
import type {Task} from '../model/task.ts'
import type {ShowOutput} from '../output/shown-lines.ts'
import type {ShownLines} from '../output/shown-output.ts'
import {NotEnded} from '../report/not-ended.ts'
import {isNotStarted} from '../report/not-started.ts'
import {
  attemptText,
  attemptTitle,
  count,
  exactDuration,
  joined,
  leftName,
  leftTexts,
  matchedText,
  pipesClosed,
  sign,
  skippedTitle,
  slowLine,
  stillEndingText,
  verdictText
} from '../report/wording.ts'
import {debugLine} from './debug-line.ts'
import {type EndSectionOptions, endSection} from './end-section.ts'
import {asOutput, inBlock, oneLine, plainLine, titleLine} from './log-text.ts'
import type {LogWriter} from './log-writer.ts'

export {annotationLimit} from '../workflow-commands/attempt-annotations.ts'
export type {WriteText} from './log-writer.ts'

/** What the step log needs. */
export interface StepLogOptions extends EndSectionOptions {
  readonly writer: LogWriter
  readonly log: LogMode
  /** Shows the output of a finished attempt. */
  readonly show: ShowOutput
  /** Resolves when `tails` is complete: another reader fills it at its own pace. */
  readonly tailsRead: Promise<void>
  /** Whether the pool's decisions are logged. */
  readonly isDebug: boolean
  /** Writes a masked text as a warning. */
  readonly warn: (text: string) => Promise<void>
}

/**
 * The log of the step: the output of each attempt as one block when it ends, or each line at once; at the end all failures again, outside the blocks,
 * where they are easy to find. Nothing in it can become a workflow command by accident.
 */
export class StepLog {
  readonly #options: StepLogOptions
  #hasToldOfPipes = false
  readonly #notEnded = new NotEnded()

  constructor(options: StepLogOptions) {
    this.#options = options
  }

  /** Reads the events of the pool. */
  readonly read: EventReader = async event => {
    const debug = this.#options.isDebug ? debugLine(event) : undefined
    if (debug !== undefined) await this.#options.writer.write(`${this.#options.markup.debug(this.#options.mask(debug))}\n`)
    const warning = this.#notEnded.textOf(event)
    if (warning !== undefined) await this.#options.warn(this.#options.mask(warning))
    await this.#show(event)
  }

  /** Shows lines of a running task, each ending with `\n`, with the name of the task in front. Resolves when more can be written. */
  async print(task: Pick<Task, 'name'>, lines: ShownLines): Promise<void> {
    const {writer, markup, mask} = this.#options
    const prefix = markup.line(`[${oneLine(mask(task.name))}] `)
    await writer.write(markup.lines(typeof lines === 'string' ? prefixed(lines, prefix) : prefixedBytes(lines, prefix)))
  }

  #show(event: PoolEvent): Promise<void> {
    switch (event.type) {
      case 'run-started':
        return this.#showStart(event)
      case 'worker-booted':
        return this.#showSetup(event.text)
      case 'attempt-ending':
        return event.end.status === 'timed-out' ? this.#line(`◷ ${event.task.name} · ${verdictText(event.end)}; ending it`) : done
      case 'task-slow':
        return this.#line(slowLine(event))
      case 'still-ending':
        return this.#line(`◷ ${stillEndingText(event.tasks)}`)
      case 'attempt-ended':
        return this.#showAttempt(event)
      case 'left-output':
        return this.#showLeft(event)
      case 'task-ended':
        return this.#showSkipped(event.record)
      case 'run-ended':
        return this.#showEnd(event.record)
      default:
        return done
    }
  }

  // Those that are kept, however many, are one block.
  async #showStart({tasks, maxParallel, powershells, kept = []}: Extract<PoolEvent, {type: 'run-started'}>): Promise<void> {
    const {mask, markup} = this.#options
    await this.#line(startLine(tasks, maxParallel, powershells))
    if (kept.length === 0) return
    const lines = kept.map(record => plainLine(skippedTitle(record), {mask, markup}))
    await this.#block(`✓ ${count(kept.length, 'task')} kept: not run again`, asLines(lines))
  }

  // Tasks that never started because the run stopped may be many; the end section lists them together.
  #showSkipped(record: TaskRecord): Promise<void> {
    return record.attempts.length > 0 || record.verdict.status === 'kept' || isNotStarted(record.verdict)
      ? done
      : this.#block(skippedTitle(record), nothing())
  }

  async #showEnd(record: RunRecord): Promise<void> {
    await this.#options.tailsRead
    await this.#options.writer.write(endSection(record, this.#options))
  }

  async #showSetup(text: string): Promise<void> {
    const output = asOutput(`${text}\n`)
    if (this.#options.log === 'grouped') return this.#block('modules and setup', this.#options.show(output))
    for await (const lines of this.#options.show(output)) if (lines.length > 0) await this.print({name: 'modules and setup'}, lines)
  }

  async #showAttempt(event: AttemptEnded): Promise<void> {
    const {task, attempt, output} = event
    this.#options.annotations?.settle(event)
    const leftLines = leftTexts(attempt.left).map(text => this.#note(text))
    if (this.#options.log === 'live' && leftLines.length > 0) await this.print(task, leftLines.join(''))
    await this.#block(attemptTitle(task, attempt), joinedLines(this.#options.show(output), leftLines))
    const retry = retryLine(event)
    if (retry !== undefined) await this.#line(retry)
  }

  async #showLeft({task, output}: Extract<PoolEvent, {type: 'left-output'}>): Promise<void> {
    const isToBeSaid = output.wasHeld && !this.#hasToldOfPipes
    if (output.size === 0 && !isToBeSaid) return
    this.#hasToldOfPipes ||= isToBeSaid
    const first = output.leftOut === 0 ? [] : [this.#note(`${output.leftOut} bytes before this are left out`)]
    const last = isToBeSaid ? [this.#note(pipesClosed)] : []
    const name = leftName(task)
    const lines = joinedLines(first, this.#options.show(output), last)
    if (this.#options.log === 'grouped') return this.#block(name, lines)
    for await (const some of lines) if (some.length > 0) await this.print({name}, some)
  }

  /** A note among the lines of a task. */
  #note(text: string): string {
    return `[pwsh-pool: ${oneLine(this.#options.mask(text))}]\n`
  }

  /** Writes a block; only its title in a live log, where the lines have been shown already. */
  #block(title: string, texts: AsyncIterable<ShownLines>): Promise<void> {
    const {writer, mask, markup, log} = this.#options
    if (log === 'live') return this.#line(titleLine(title, mask))
    return writer.writeBlock(markup.opening(titleLine(title, mask)), inBlock(texts, markup), markup.closing)
  }

  #line(text: string): Promise<void> {
    return this.#options.writer.write(`${plainLine(text, this.#options)}\n`)
  }
}

const done = Promise.resolve()

function prefixed(lines: string, prefix: string): string {
  const between = `\n${prefix.replaceAll('$', '$$$$')}`
  return `${prefix}${lines.slice(0, -1).replaceAll('\n', between)}\n`
}

// As Latin-1, which maps each byte to one character: cheaper than decoding UTF-8.
function prefixedBytes(lines: Buffer, prefix: string): Buffer {
  return Buffer.from(prefixed(lines.toString('latin1'), Buffer.from(prefix).toString('latin1')), 'latin1')
}

/** The first line of a run: `pwsh-pool: 3 tasks, 2 at a time, pwsh 7.6.5, isolation process`. */
export function startLine(tasks: readonly Task[], maxParallel: number, powershells: readonly PowerShell[]): string {
  const versions = powershells.map(({edition, version}) => `${edition} ${version}`)
  const isolations = [...new Set(tasks.map(({isolation}) => isolation))]
  const isolation = isolations.length === 0 ? [] : [`isolation ${isolations.join(' and ')}`]
  return joined([`pwsh-pool: ${count(tasks.length, 'task')}`, `${maxParallel} at a time`, ...versions, ...isolation], ', ')
}

/**
 * What is said of an attempt that is followed by another one, or is not because of what was found in it: `↻ test · attempt 1 of 3: exit code 1; again in
 * 10 s: matched "429"`. `undefined` for any other attempt.
 */
export function retryLine({task, attempt, retryInMs}: AttemptEnded): string | undefined {
  const because = attempt.matched && matchedText(attempt.matched)
  if (retryInMs === undefined) return because && `${sign('skipped')} ${task.name} · ${attemptText(task, attempt)}; not again: ${because}`
  const wait = joined([retryInMs === 0 ? 'again at once' : `again in ${exactDuration(retryInMs)}`, because], ': ')
  return `↻ ${task.name} · ${joined([attemptText(task, attempt), verdictText(attempt.end)], ': ')}; ${wait}`
}

async function* joinedLines(...texts: (Iterable<ShownLines> | AsyncIterable<ShownLines>)[]): AsyncIterable<ShownLines> {
  for (const some of texts) yield* some
}

async function* asLines(lines: readonly string[]): AsyncIterable<ShownLines> {
  yield lines.map(line => `${line}\n`).join('')
}

async function* nothing(): AsyncIterable<string> {}
