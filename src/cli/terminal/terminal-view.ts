import {totalsLine} from '../../log/end-section.ts'
import {asOutput, inBlock, type LogStyle, plainLine, titleLine} from '../../log/log-text.ts'
import {LogWriter, type WriteLines} from '../../log/log-writer.ts'
import {retryLine, startLine} from '../../log/step-log.ts'
import type {AttemptEnded, EventReader, PoolEvent} from '../../model/event.ts'
import type {Task} from '../../model/task.ts'
import type {ShowOutput} from '../../output/shown-lines.ts'
import type {ShownLines} from '../../output/shown-output.ts'
import type {Mask} from '../../report/masked-run.ts'
import {NotEnded} from '../../report/not-ended.ts'
import {attemptTitle, flakyFailureText, leftName, leftTexts, slowLine, stillEndingText, stopText} from '../../report/wording.ts'
import type {Colors} from './colors.ts'
import {plainMarkup} from './plain-markup.ts'
import {renderProgress} from './render-progress.ts'
import {resultTable} from './result-table.ts'
import {RunProgress} from './run-progress.ts'
import {Screen, type TerminalStream} from './screen.ts'

/** Targets of a view. */
export interface TerminalViewOptions {
  readonly stream: TerminalStream
  /** Writes to the same terminal. */
  readonly write: WriteLines
  readonly colors: Colors
  /** Renders the output of a finished attempt. */
  readonly show: ShowOutput
  readonly mask: Mask
}

/** Shows a run in a terminal: the running tasks at the bottom, which are redrawn; above them failures in full as they happen; a table at the end. */
export class TerminalView {
  readonly #options: TerminalViewOptions
  readonly #progress = new RunProgress()
  readonly #screen: Screen
  readonly #writer: LogWriter
  readonly #style: LogStyle
  readonly #notEnded = new NotEnded()

  constructor(options: TerminalViewOptions) {
    const {stream, colors, write, mask} = options
    this.#options = options
    this.#style = {mask, markup: plainMarkup(colors)}
    this.#writer = new LogWriter(write)
    this.#screen = new Screen(stream, size => renderProgress(this.#progress, {...size, colors, mask}, Date.now()))
  }

  /** Two readers of events: one updates the progress at once, the other prints, which takes time. */
  get readers(): readonly EventReader[] {
    return [event => this.#progress.apply(event, Date.now()), event => this.#tell(event)]
  }

  /** Prints the output of the list script in full at its end; nothing is drawn while it runs. */
  readonly readList: EventReader = event =>
    event.type === 'attempt-ended' ? this.#printBlock(attemptTitle(event.task, event.attempt), this.#options.show(event.output)) : undefined

  /** Receives lines of a running task as they come. */
  readonly onLines = async (task: Task, lines: ShownLines): Promise<void> => this.#progress.recordLines(task, lines.toString())

  /** Prints a line above the view. Resolves when the terminal is ready for more. */
  readonly print = (line: string): Promise<void> => this.#print(`${plainLine(line, this.#style)}\n`)

  async #tell(event: PoolEvent): Promise<void> {
    const warning = this.#notEnded.textOf(event)
    if (warning !== undefined) await this.print(`Warning: ${warning}`)
    switch (event.type) {
      case 'run-started':
        await this.print(startLine(event.tasks, event.maxParallel, event.powershells))
        return this.#screen.start()
      case 'worker-booted':
        return this.#printBlock('modules and setup', this.#options.show(asOutput(`${event.text}\n`)))
      case 'attempt-ended':
        return this.#showAttempt(event)
      case 'task-slow':
        return this.print(slowLine(event))
      case 'still-ending':
        return this.print(stillEndingText(event.tasks))
      case 'left-output':
        return event.output.size === 0 ? undefined : this.#printBlock(leftName(event.task), this.#options.show(event.output))
      case 'run-ended': {
        this.#screen.stop()
        const {width} = this.#screen.size
        const table = resultTable(event.record, {...this.#options, width})
        const flaky = flakyFailureText(event.record)
        const stopped = event.record.limit === undefined ? [] : [`✗ ${stopText(event.record)}`]
        return this.#writer.write(
          `${['', ...table, '', ...stopped, ...(flaky === undefined ? [] : [`✗ ${flaky}`]), totalsLine(event.record)].join('\n')}\n`
        )
      }
      default:
        return
    }
  }

  async #showAttempt(event: AttemptEnded): Promise<void> {
    const {task, attempt, output} = event
    const {status} = attempt.end
    if (status === 'failure' || status === 'timed-out') await this.#printBlock(attemptTitle(task, attempt), this.#options.show(output))
    for (const text of leftTexts(attempt.left)) await this.print(`${task.name} · ${text}`)
    const retry = retryLine(event)
    if (retry !== undefined) await this.print(retry)
  }

  #print(text: string): Promise<void> {
    return this.#aboveView(() => this.#writer.write(text))
  }

  #printBlock(title: string, texts: AsyncIterable<ShownLines>): Promise<void> {
    const {mask, markup} = this.#style
    const opening = markup.opening(titleLine(title, mask))
    return this.#aboveView(() => this.#writer.writeBlock(opening, inBlock(texts, markup), markup.closing))
  }

  async #aboveView(write: () => Promise<void>): Promise<void> {
    this.#screen.hold()
    try {
      await write()
    } finally {
      this.#screen.release()
    }
  }
}
