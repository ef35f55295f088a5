import {type RunnerCommand, registeredCommands, runnerCommand, runnerLines} from './runner-commands.ts'
import {RunnerMasks} from './runner-masks.ts'

/** A line as the runner stores it: masked, by what was masked when it came. */
export interface StoredLine {
  readonly text: string
  /** The title of the group that it is in, or `undefined` outside of all. */
  readonly group: string | undefined
  /** Both as they were printed, before anything was masked: a short mask can stand in every line, and then whose line it is cannot be read. */
  readonly printed: {readonly text: string; readonly group: string | undefined}
}

/** An issue as the runner stores it. */
export interface StoredIssue {
  /** Masked, at most 4,096 UTF-16 units. */
  readonly message: string
  /** As they were given: the runner does not mask them. */
  readonly properties: Readonly<Record<string, string>>
}

/** The three kinds of issue. */
export type IssueType = 'error' | 'warning' | 'notice'

/** What the runner has of a step's output. */
export interface RunnerView {
  /** The commands that it has carried out, in order. */
  readonly executed: readonly RunnerCommand[]
  /** All that is in the log, in order: text, and what commands leave there. */
  readonly log: readonly StoredLine[]
  /** Text alone: lines that were no commands. */
  readonly text: readonly StoredLine[]
  /** What it keeps of each type. */
  readonly issues: Readonly<Record<IssueType, readonly StoredIssue[]>>
  /** Whether a command has failed the step. */
  readonly hasFailed: boolean
  readonly outputs: ReadonlyMap<string, string>
  /** Whether a group was begun inside another one, or ended outside of all, or never ended. */
  readonly hasTornGroups: boolean
  readonly isStopped: boolean
  /** What it masks from then on. */
  readonly masks: RunnerMasks
}

/** What a step has printed. */
export interface StepOutput {
  readonly stdout: string
  readonly stderr: string
}

/**
 * Reads what a step has printed as the runner does: of what both streams have brought by then, standard error first (actions/runner 2.336.0,
 * src/Runner.Sdk/ProcessInvoker.cs:398-441). That may be all of it, and is here. `secrets`: what it masks from the start.
 * `isDebug`: whether the job is debugged.
 */
export function runnerView(output: StepOutput | string, secrets: readonly string[] = [], isDebug = false): RunnerView {
  const {stdout, stderr} = typeof output === 'string' ? {stdout: output, stderr: ''} : output
  const runner = new StepReader(secrets, isDebug)
  for (const line of [...runnerLines(stderr), ...runnerLines(stdout)]) runner.read(line)
  return runner.view()
}

/** src/Runner.Worker/ExecutionContext.cs:144 and 146. */
const issueLimits = {count: 10, messageLength: 4096} as const

/** src/Runner.Worker/ActionCommandManager.cs (`M:`), Handlers/OutputManager.cs (`O:`) and ExecutionContext.cs (`E:`), of one step. */
class StepReader {
  readonly #executed: RunnerCommand[] = []
  readonly #log: StoredLine[] = []
  readonly #text: StoredLine[] = []
  readonly #issues: Record<IssueType, StoredIssue[]> = {error: [], warning: [], notice: []}
  readonly #masks = new RunnerMasks()
  readonly #outputs = new Map<string, string>()
  /** As it was printed. */
  #group: string | undefined
  #maskedGroup: string | undefined
  #isTorn = false
  #hasFailed = false
  #isEchoing: boolean
  #stopToken: string | undefined

  constructor(secrets: readonly string[], isDebug: boolean) {
    // E: `InitializeJob`, and each step has its own (`CreateChild`).
    this.#isEchoing = isDebug
    for (const secret of secrets) this.#masks.addWithLines(secret)
  }

  /** O:77-169. */
  read(line: string): void {
    const token = this.#stopToken
    const command = runnerCommand(line, token === undefined ? registeredCommands : new Set([...registeredCommands, token]))
    if (command !== undefined && token === undefined) {
      this.#executed.push(command)
      this.#execute(command, line)
      return
    }
    // While stopped, a command is text, and that holds for `add-mask` too: the value shows (M:86-103).
    if (command !== undefined && command.name === token) this.#stopToken = undefined
    this.#text.push(this.#write(line))
  }

  view(): RunnerView {
    return {
      executed: this.#executed,
      log: this.#log,
      text: this.#text,
      issues: this.#issues,
      hasFailed: this.#hasFailed,
      outputs: this.#outputs,
      hasTornGroups: this.#isTorn || this.#group !== undefined,
      isStopped: this.#stopToken !== undefined,
      masks: this.#masks
    }
  }

  #execute(command: RunnerCommand, line: string): void {
    const {name, data, properties} = command
    if (this.#isEchoing && !notEchoed.has(name)) this.#write(line)
    switch (name) {
      case 'add-mask':
        if (data.trim() === '') this.#issue('warning', "Can't add secret mask for empty string in ##[add-mask] command.")
        else this.#masks.addWithLines(data)
        return
      case 'error':
      case 'warning':
      case 'notice':
        this.#issue(name, data, properties)
        return
      case 'group':
        // The page does not nest: a group inside another one ends it.
        this.#isTorn ||= this.#group !== undefined
        this.#group = data
        this.#maskedGroup = this.#masks.mask(data)
        this.#write(`##[group]${data}`)
        return
      case 'endgroup':
        this.#isTorn ||= this.#group === undefined
        this.#group = undefined
        this.#maskedGroup = undefined
        this.#write('##[endgroup]')
        return
      case 'set-output':
        if (properties.name === undefined) this.#fail(line)
        else this.#outputs.set(properties.name, data)
        return
      case 'stop-commands':
        this.#stop(data, line)
        return
      case 'echo':
        if (/^\s*(?:on|off)\s*$/i.test(data)) this.#isEchoing = /on/i.test(data)
        else this.#fail(line)
        return
      // Without ACTIONS_ALLOW_UNSECURE_COMMANDS (M:257-260, 462-490).
      case 'set-env':
      case 'add-path':
        this.#fail(line)
    }
  }

  /** M:109-124 and 156-188. */
  #stop(token: string, line: string): void {
    const folded = token.toLowerCase()
    if (token === '' || folded === 'pause-logging' || registeredCommands.has(folded)) {
      this.#fail(line)
      return
    }
    this.#stopToken = folded
    if (token.length > 6) this.#masks.add(token)
    this.#write(line)
  }

  /** M:133-143: what a command throws fails the step. */
  #fail(line: string): void {
    this.#hasFailed = true
    this.#issue('error', `Unable to process command '${line}' successfully.`)
  }

  /** E:796-872. */
  #issue(type: IssueType, data: string, properties: Readonly<Record<string, string>> = {}): void {
    const message = this.#masks.mask(data).slice(0, issueLimits.messageLength)
    if (this.#issues[type].length < issueLimits.count) this.#issues[type].push({message, properties})
    this.#write(`##[${type}]${message}`)
  }

  /** E:1099-1120. */
  #write(text: string): StoredLine {
    const line = {text: this.#masks.mask(text), group: this.#maskedGroup, printed: {text, group: this.#group}}
    this.#log.push(line)
    return line
  }
}

/** Commands whose `OmitEcho` is true (M). */
const notEchoed: ReadonlySet<string> = new Set(['add-mask', 'debug', 'error', 'warning', 'notice'])
