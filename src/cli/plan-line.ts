import {Option} from 'commander'
import type {InputName} from '../inputs/input-table.ts'
import {failure, type Result, success} from '../model/result.ts'
import {maxShards} from '../model/settings.ts'
import {parseDuration} from '../text/duration.ts'
import {type Printed, Program, type ProgramFacts, wrongFiles} from './program.ts'

/** The parsed arguments of `pwsh-pool plan`. */
export interface PlanLine {
  /** As for a run. */
  readonly files: readonly string[]
  readonly read: (name: InputName) => string
  /** Number of shards, from 1; `undefined` to find it. */
  readonly shardCount: number | undefined
  /** The duration that no shard should exceed, in milliseconds; `undefined` if the number of shards is given. */
  readonly maxDurationMs: number | undefined
  /** `true` to print the plan as JSON. */
  readonly isJson: boolean
  /** `true` to write the outputs to the file that GITHUB_OUTPUT names. */
  readonly writesOutputs: boolean
}

/** Something to plan, something to print, or a usage error. Texts end with `\n`. */
export type ParsedPlan = {readonly kind: 'plan'; readonly line: PlanLine} | Printed

/** The inputs that affect which tasks there are and how long they take. */
const planInputs = [
  'tasks-script',
  'timings-file',
  'max-parallel',
  'modules',
  'setup',
  'setup-timeout',
  'shell',
  'working-directory',
  'timeout'
] as const satisfies readonly InputName[]

/** Parses the arguments after `pwsh-pool plan`. */
export function parsePlanArguments(args: readonly string[], facts: ProgramFacts): ParsedPlan {
  const program = createProgram(facts)
  const printed = program.parse(args)
  if (printed !== undefined) return printed
  const files = program.command.args
  const given: Given = program.command.opts()
  const read = (name: InputName) => program.valueOf(name)
  const line = readLine(given)
  const wrong = wrongFiles(files, [], read('tasks-script').trim() !== '')
  if (wrong !== undefined) return program.refusal(wrong)
  if (!line.ok) return program.refusal(line.error)
  return {kind: 'plan', line: {files, read, ...line.value, isJson: given.json === true, writesOutputs: given.githubOutput === true}}
}

/** Raw values of the options that are not inputs. */
interface Given {
  readonly shardCount?: string
  readonly maxDuration?: string
  readonly json?: boolean
  readonly githubOutput?: boolean
}

function readLine({shardCount, maxDuration}: Given): Result<Pick<PlanLine, 'shardCount' | 'maxDurationMs'>, string> {
  const shards = shardCount === undefined ? undefined : Number(/^\d{1,6}$/.exec(shardCount)?.[0])
  if (shards !== undefined && !(shards >= 1 && shards <= maxShards)) {
    return failure(`--shard-count: expected a whole number from 1 to ${maxShards}, got "${shardCount}"`)
  }
  if (maxDuration === undefined) {
    if (shards === undefined) return failure('expected --max-duration, for as many shards as it takes, or --shard-count')
    return success({shardCount: shards, maxDurationMs: undefined})
  }
  const duration = parseDuration(maxDuration)
  if (!duration.ok) return failure(`--max-duration: expected ${duration.error}, got "${maxDuration}"`)
  if (duration.value === 0) return failure('--max-duration: expected a duration above 0')
  return success({shardCount: shards, maxDurationMs: duration.value})
}

function createProgram({helpWidth}: ProgramFacts): Program {
  const group = 'The plan:'
  const program = new Program('pwsh-pool plan', helpWidth)
  program.command
    .usage('[options] FILE…')
    .description('Prints the shards of a list, and how many bring it below a duration. Starts no task.')
    .argument('[FILE...]', 'the list: .yml, .json or .txt files, globs, or - for standard input')
    .addOption(new Option('--max-duration <duration>', 'as few shards as take no longer, such as 5m').helpGroup(group))
    .addOption(new Option('--shard-count <number>', 'how many shards; with --max-duration, only if no duration is known').helpGroup(group))
    .addOption(new Option('--json', 'print it as JSON').helpGroup(group))
    .addOption(new Option('--github-output', 'set the outputs shards and count of the step, for a matrix').helpGroup(group))
  for (const name of planInputs) program.addInput(name)
  return program
}
