import {Command, CommanderError, Option, type OutputConfiguration} from 'commander'
import {describeInput, type InputName, inputNames, type OptionDescription, type OptionGroup} from '../inputs/input-table.ts'

/** The parsed arguments. */
export interface CommandLine {
  /** Paths and globs of list files, or a lone `-` for standard input; none where the option `tasks-script` gives the list. */
  readonly files: readonly string[]
  /** An option by the name of its input, as it was given; empty where it was not. */
  readonly read: (name: InputName) => string
  /** Tasks to run, by name, id or group id; empty for all. */
  readonly only: readonly string[]
  /** `true` also runs what they need. */
  readonly withNeeds: boolean
  /** Print the tasks and exit. */
  readonly isList: boolean
  /** Path of the summary page, as given. */
  readonly summary: string | undefined
  /** Path of the report whose failed tasks are run, as given. */
  readonly failed: string | undefined
}

/** Something to run, something to print, or a usage error. Texts end with `\n`. */
export type ParsedArguments =
  | {readonly kind: 'run'; readonly line: CommandLine}
  | {readonly kind: 'show'; readonly text: string}
  | {readonly kind: 'refuse'; readonly text: string}

/** Facts for the help and `--version`. */
export interface ProgramFacts {
  readonly version: string
  /** Columns that the help may take. */
  readonly helpWidth: number
}

/** Reads the arguments that follow the name of the command. */
export function parseArguments(args: readonly string[], facts: ProgramFacts): ParsedArguments {
  const {program, texts} = createProgram(facts)
  try {
    program.parse(args, {from: 'user'})
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? {kind: 'show', text: texts.out} : {kind: 'refuse', text: texts.error}
  }
  const files = program.args
  const given: Given = program.opts()
  const read = (name: InputName) => {
    if (describeInput(name).option === undefined) return ''
    return textOf(program.getOptionValue(new Option(`--${name}`).attributeName()))
  }
  const wrong = wrongFiles(files, given.only ?? [], read('tasks-script').trim() !== '')
  if (wrong !== undefined) return {kind: 'refuse', text: `error: ${wrong}\n${hint}`}
  const {only = [], needs = true, list = false, summary, failed} = given
  if (failed !== undefined && read('resume-from') !== '') {
    return {kind: 'refuse', text: `error: expected one of --failed and --resume-from, got both\n${hint}`}
  }
  return {kind: 'run', line: {files, read, only, withNeeds: needs, isList: list, summary, failed}}
}

/** Raw values from the parser of the options that are no inputs. */
interface Given {
  readonly only?: readonly string[]
  readonly needs?: boolean
  readonly list?: boolean
  readonly summary?: string
  readonly failed?: string
}

const hint = '(pwsh-pool --help tells all options)\n'

/** What is wrong with the files that are to give the list; `undefined` for nothing. `only`: the words after `--only`. */
export function wrongFiles(files: readonly string[], only: readonly string[], hasScript: boolean): string | undefined {
  if (hasScript) return files.length === 0 ? undefined : 'expected one of FILE and --tasks-script, got both'
  if (files.length === 0) {
    const about = only.length > 0 ? '; --only takes every word that follows it: put FILE before it' : ''
    return `no task list is given: FILE is a path, a glob, or - for standard input${about}`
  }
  return files.includes('-') && files.length > 1 ? 'standard input (-) is a list of its own, and no file can be read with it' : undefined
}

/** A value of the parser as the text of an input: it is `true` for a switch, and a list for an option that may be repeated. */
export function textOf(value: unknown): string {
  if (value === undefined) return ''
  return Array.isArray(value) ? value.join('\n') : String(value)
}

/** The headings of the help. */
export const headings: Readonly<Record<OptionGroup, string>> = {
  chosen: 'What is run:',
  pool: 'The pool:',
  task: 'For each task:',
  shown: 'What is shown:',
  written: 'What is written:'
}

function createProgram({version, helpWidth}: ProgramFacts): {readonly program: Command; readonly texts: {out: string; error: string}} {
  const texts = {out: '', error: ''}
  const program = new Command('pwsh-pool')
    .usage(['[options] FILE…', 'plan [options] FILE…', 'merge [options] REPORT…'].join('\n       pwsh-pool '))
    .description('Runs a list of PowerShell scripts through a bounded pool of pwsh processes.')
    .argument('[FILE...]', 'the list: .yml, .json or .txt files, globs, or - for standard input')
    .addOption(new Option('--only <name...>', 'these and what they need; names, ids, ids of groups').helpGroup(headings.chosen))
    .addOption(new Option('--no-needs', 'with --only: these alone').helpGroup(headings.chosen))
    .addOption(new Option('--failed <report>', 'only what did not succeed in that run').helpGroup(headings.chosen))
    .addOption(new Option('--list', 'print the tasks, start nothing').helpGroup(headings.chosen))
  for (const name of inputNames) {
    const {option, default: text} = describeInput(name)
    if (option !== undefined) program.addOption(optionOf(name, option, text))
  }
  return {
    texts,
    program: program
      .addOption(new Option('--summary <file>', 'the job summary, as Markdown').helpGroup(headings.written))
      .version(version, '--version', 'print the version')
      .helpOption('-h, --help', 'print this')
      .addHelpText('after', '\nExit code: 0 all succeeded, 1 some failed, 2 nothing was run, 130 interrupted.')
      .exitOverride()
      .configureOutput(collectedIn(texts, helpWidth))
      .showHelpAfterError(hint.trimEnd())
  }
}

/** What a parser prints, kept in `texts`. */
export function collectedIn(texts: {out: string; error: string}, helpWidth: number): OutputConfiguration {
  return {
    writeOut: text => {
      texts.out += text
    },
    writeErr: text => {
      texts.error += text
    },
    getOutHelpWidth: () => helpWidth
  }
}

/** The option for an input. `text`: its default. */
export function optionOf(
  name: InputName,
  {group, value, brief, isRepeatable, hidesDefault}: OptionDescription,
  text: string | undefined
): Option {
  const said = text === undefined || value === undefined || hidesDefault === true ? brief : `${brief} (${text})`
  const option = new Option(value === undefined ? `--${name}` : `--${name} <${value}>`, said).helpGroup(headings[group])
  return isRepeatable === true ? option.argParser((line: string, lines: readonly string[] = []) => [...lines, line]) : option
}
