import {Command, CommanderError, Option} from 'commander'
import {describeInput, type InputName, type OptionDescription, type OptionGroup} from '../inputs/input-table.ts'

/** Facts for the help and `--version`. */
export interface ProgramFacts {
  readonly version: string
  /** Most columns of the help. */
  readonly helpWidth: number
}

/** A text that is printed instead of a run: help or version, or an error in the arguments. Ends with `\n`. */
export interface Printed {
  readonly kind: 'show' | 'refuse'
  readonly text: string
}

/** The command or one of its subcommands. Provides what all of them share: help, and messages that name the command. */
export class Program {
  readonly command: Command
  readonly #hint: string
  #out = ''
  #error = ''

  /** `name`: how the user calls it. */
  constructor(name: string, helpWidth: number) {
    this.#hint = `(${name} --help tells all options)\n`
    this.command = new Command(name)
      .helpOption('-h, --help', 'print this')
      .exitOverride()
      .configureOutput({
        writeOut: text => {
          this.#out += text
        },
        writeErr: text => {
          this.#error += text
        },
        getOutHelpWidth: () => helpWidth
      })
      .showHelpAfterError(this.#hint.trimEnd())
  }

  /** Adds the option for an input, if the input has one. */
  addInput(name: InputName): void {
    const {option, default: text} = describeInput(name)
    if (option !== undefined) this.command.addOption(optionOf(name, option, text))
  }

  /** Parses `args`; `undefined` if there is nothing to print. */
  parse(args: readonly string[]): Printed | undefined {
    try {
      this.command.parse(args, {from: 'user'})
      return undefined
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error
      return error.exitCode === 0 ? {kind: 'show', text: this.#out} : {kind: 'refuse', text: this.#error}
    }
  }

  /** The text of `--name`; empty if it was not given. */
  valueOf(name: string): string {
    return textOf(this.command.getOptionValue(new Option(`--${name}`).attributeName()))
  }

  /** The usage error for arguments that the parser accepted. */
  refusal(message: string): Printed {
    return {kind: 'refuse', text: `error: ${message}\n${this.#hint}`}
  }
}

/** The error in the list files as given; `undefined` for none. `only`: the words after `--only`. */
export function wrongFiles(files: readonly string[], only: readonly string[], hasScript: boolean): string | undefined {
  if (hasScript) return files.length === 0 ? undefined : 'expected one of FILE and --tasks-script, got both'
  if (files.length === 0) {
    const about = only.length > 0 ? '; --only takes every word that follows it: put FILE before it' : ''
    return `no task list is given: FILE is a path, a glob, or - for standard input${about}`
  }
  return files.includes('-') && files.length > 1 ? 'standard input (-) is a list of its own, and no file can be read with it' : undefined
}

/** Converts a value of the parser to the text of an input. The value is `true` for a switch, and a list for an option that may be repeated. */
function textOf(value: unknown): string {
  if (value === undefined) return ''
  return Array.isArray(value) ? value.join('\n') : String(value)
}

/** Headings of the option groups in the help. */
export const headings: Readonly<Record<OptionGroup, string>> = {
  chosen: 'What is run:',
  pool: 'The pool:',
  task: 'For each task:',
  shown: 'What is shown:',
  written: 'What is written:'
}

/** The option for an input. `text`: its default. */
function optionOf(name: InputName, {group, value, brief, isRepeatable, hidesDefault}: OptionDescription, text: string | undefined): Option {
  const said = text === undefined || value === undefined || hidesDefault === true ? brief : `${brief} (${text})`
  const option = new Option(value === undefined ? `--${name}` : `--${name} <${value}>`, said).helpGroup(headings[group])
  return isRepeatable === true ? option.argParser((line: string, lines: readonly string[] = []) => [...lines, line]) : option
}
