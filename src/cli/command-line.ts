import {Option} from 'commander'
import {describeInput, type InputName, inputNames} from '../inputs/input-table.ts'
import {headings, type Printed, Program, type ProgramFacts, wrongFiles} from './program.ts'

/** The parsed arguments. */
export interface CommandLine {
  /** Paths and globs of list files, or a single `-` for standard input; empty if `tasks-script` makes the list. */
  readonly files: readonly string[]
  /** The value of an option by the name of its input, as given; empty if it was not given. */
  readonly read: (name: InputName) => string
  /** Tasks to run, by name, id or group id; empty for all. */
  readonly only: readonly string[]
  /** `true` if the needs of these tasks run too. */
  readonly withNeeds: boolean
  /** `true` to print the tasks and exit. */
  readonly isList: boolean
  /** Path of the summary page, as given. */
  readonly summary: string | undefined
  /** Path of the report whose failed tasks are run, as given. */
  readonly failed: string | undefined
}

/** Something to run, something to print, or a usage error. Texts end with `\n`. */
export type ParsedArguments = {readonly kind: 'run'; readonly line: CommandLine} | Printed

/** Parses the arguments after the name of the command. */
export function parseArguments(args: readonly string[], facts: ProgramFacts): ParsedArguments {
  const program = createProgram(facts)
  const printed = program.parse(args)
  if (printed !== undefined) return printed
  const files = program.command.args
  const given: Given = program.command.opts()
  const read = (name: InputName) => (describeInput(name).option === undefined ? '' : program.valueOf(name))
  const wrong = wrongFiles(files, given.only ?? [], read('tasks-script').trim() !== '')
  if (wrong !== undefined) return program.refusal(wrong)
  const {only = [], needs = true, list = false, summary, failed} = given
  if (failed !== undefined && read('resume-from') !== '') {
    return program.refusal('expected one of --failed and --resume-from, got both')
  }
  return {kind: 'run', line: {files, read, only, withNeeds: needs, isList: list, summary, failed}}
}

/** Raw values of the options that are not inputs. */
interface Given {
  readonly only?: readonly string[]
  readonly needs?: boolean
  readonly list?: boolean
  readonly summary?: string
  readonly failed?: string
}

function createProgram({version, helpWidth}: ProgramFacts): Program {
  const program = new Program('pwsh-pool', helpWidth)
  program.command
    .usage(['[options] FILE…', 'plan [options] FILE…', 'merge [options] REPORT…'].join('\n       pwsh-pool '))
    .description('Runs a list of PowerShell scripts through a bounded pool of pwsh processes.')
    .argument('[FILE...]', 'the list: .yml, .json or .txt files, globs, or - for standard input')
    .addOption(new Option('--only <name...>', 'these and what they need; names, ids, ids of groups').helpGroup(headings.chosen))
    .addOption(new Option('--no-needs', 'with --only: these alone').helpGroup(headings.chosen))
    .addOption(new Option('--failed <report>', 'only what did not succeed in that run').helpGroup(headings.chosen))
    .addOption(new Option('--list', 'print the tasks, start nothing').helpGroup(headings.chosen))
  for (const name of inputNames) program.addInput(name)
  program.command
    .addOption(new Option('--summary <file>', 'the job summary, as Markdown').helpGroup(headings.written))
    .version(version, '--version', 'print the version')
    .addHelpText('after', '\nExit code: 0 all succeeded, 1 some failed, 2 nothing was run, 130 interrupted.')
  return program
}
