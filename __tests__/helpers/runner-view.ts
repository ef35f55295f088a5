import {type RunnerCommand, registeredCommands, runnerCommand, runnerLines} from './runner-commands.ts'

/** A line as the runner stores it: masked, by what was masked when it came. */
export interface StoredLine {
  readonly text: string
  /** The title of the group that it is in, or `undefined` outside of all. */
  readonly group: string | undefined
}

/** What the runner has of a step's output. */
export interface RunnerView {
  /** The commands that it has carried out, in order. */
  readonly executed: readonly RunnerCommand[]
  /** Text alone: lines that were no commands. */
  readonly text: readonly StoredLine[]
  /** What it keeps of each type, at most ten. Source: src/Runner.Worker/ExecutionContext.cs (`_maxCountPerIssueType`). */
  readonly annotations: Readonly<Record<'error' | 'warning' | 'notice', readonly RunnerCommand[]>>
  /** Whether a command has failed the step. */
  readonly hasFailed: boolean
  readonly outputs: ReadonlyMap<string, string>
  /** Whether a group was begun inside another one, or ended outside of all, or never ended. */
  readonly hasTornGroups: boolean
  readonly isStopped: boolean
}

/** Reads what a step has printed as the runner does. Source: src/Runner.Worker/ActionCommandManager.cs, Handlers/OutputManager.cs. */
export function runnerView(output: string): RunnerView {
  const runner = new StepReader()
  for (const line of runnerLines(output)) runner.read(line)
  return runner.view()
}

class StepReader {
  readonly #executed: RunnerCommand[] = []
  readonly #text: StoredLine[] = []
  readonly #annotations = {error: [] as RunnerCommand[], warning: [] as RunnerCommand[], notice: [] as RunnerCommand[]}
  readonly #masks = new Set<string>()
  readonly #outputs = new Map<string, string>()
  #group: string | undefined
  #isTorn = false
  #hasFailed = false
  #stopToken: string | undefined

  read(line: string): void {
    const token = this.#stopToken
    const command = runnerCommand(line, token === undefined ? registeredCommands : new Set([...registeredCommands, token]))
    if (command !== undefined && token === undefined) {
      this.#executed.push(command)
      this.#execute(command)
      return
    }
    // While stopped, a command is text, and that holds for `add-mask` too: the value shows.
    if (command !== undefined && command.name === token) this.#stopToken = undefined
    this.#text.push({text: this.#masked(line), group: this.#group})
  }

  view(): RunnerView {
    return {
      executed: this.#executed,
      text: this.#text,
      annotations: this.#annotations,
      hasFailed: this.#hasFailed,
      outputs: this.#outputs,
      hasTornGroups: this.#isTorn || this.#group !== undefined,
      isStopped: this.#stopToken !== undefined
    }
  }

  #execute(command: RunnerCommand): void {
    const {name, data, properties} = command
    switch (name) {
      case 'add-mask':
        this.#addMask(data)
        return
      case 'error':
      case 'warning':
      case 'notice':
        if (this.#annotations[name].length < 10) this.#annotations[name].push(command)
        return
      case 'group':
        // The page does not nest: a group inside another one ends it.
        this.#isTorn ||= this.#group !== undefined
        this.#group = this.#masked(data)
        return
      case 'endgroup':
        this.#isTorn ||= this.#group === undefined
        this.#group = undefined
        return
      case 'set-output':
        this.#outputs.set(properties.name ?? '', data)
        return
      case 'stop-commands':
        this.#stopToken = data.toLowerCase()
        return
      // These throw without ACTIONS_ALLOW_UNSECURE_COMMANDS, and `CommandResult` becomes a failure.
      case 'set-env':
      case 'add-path':
        this.#hasFailed = true
    }
  }

  // The value and each of its lines (`AddMaskCommandExtension`); that the runner also masks encodings of them is left out.
  #addMask(value: string): void {
    if (value.trim() === '') return
    for (const each of [value, ...value.split(/[\r\n]+/).map(line => line.trim())]) if (each !== '') this.#masks.add(each)
  }

  #masked(text: string): string {
    return [...this.#masks].toSorted((a, b) => b.length - a.length).reduce((result, value) => result.replaceAll(value, '***'), text)
  }
}
