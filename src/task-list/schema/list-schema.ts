import {z} from 'zod'
import * as field from './field-schemas.ts'

/** Every field of an entry with its rule, purpose and examples. The reader, the JSON Schema and the reference are generated from it. */
export const entryShape = {
  name: field.text.meta({
    description:
      'Shown in the log, the summary and the reports. Default: the first line of `run`, or the file; with `foreach`, the item too. Two tasks cannot be given the same name.',
    examples: ['unit tests', 'deploy to $_']
  }),
  id: field.id.meta({
    description:
      'For `needs` and outputs. Default: the name, with `_` for whatever is no letter or digit. Unique without regard to case. With `foreach` or a glob it names the group, and its members are `id_1`, `id_2`, …',
    examples: ['build']
  }),
  run: field.script.meta({
    description: 'Script text. One of `run` and `file`. With `parameters` or `arguments` it may begin with `param(…)`.',
    examples: ['./build.ps1 -Configuration Release']
  }),
  file: field.files.meta({
    description:
      'Path of a `.ps1` file, relative to the workspace, or a glob that makes one task of each match, sorted. A list of them makes one task of each file; what follows a `!` in it is left out. One of `run` and `file`.',
    examples: ['scripts/deploy.ps1', 'tests/**/*.Tests.ps1', ['tests/**/*.ps1', '!tests/slow/**']]
  }),
  parameters: field.values.meta({
    description:
      'Values that are passed by parameter name with their types: text, numbers, booleans (a switch takes one), null, lists, maps.',
    examples: [{Region: 'eu-west', Retries: 3, Force: true}]
  }),
  arguments: field.valueList.meta({description: 'Values that are passed by position, after the parameters.', examples: [['eu-west', 3]]}),
  foreach: field.foreach.meta({
    description:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the notation of the list
      'One task for each item of a list, or of a file: the rows of a `.csv`, whose header names the keys, the lines of a `.txt`, the list in a `.json` or `.yml`. The item is `$_` in `run`. In any other text of the entry, `$_` and `$_.key` stand for the item and its values (`${_}` where letters follow, `$$_` for the characters themselves).',
    examples: [['eu-west', 'us-east'], [{region: 'eu-west', stage: 'prod'}], 'hosts.csv']
  }),
  matrix: field.matrix.meta({
    description:
      'One task for each combination of the values of these lists, as GitHub makes jobs of a matrix: without those that `exclude` matches, with the values and combinations that `include` adds. The combination is `$_`, and its values `$_.os`, as with `foreach`.',
    examples: [{os: ['linux', 'windows'], version: [1, 2], exclude: [{os: 'windows', version: 1}], include: [{os: 'linux', slow: true}]}]
  }),
  needs: field.ids.meta({
    description: 'Ids of the tasks that have to end before this one starts. The id of a `foreach` group stands for all its members.',
    examples: ['build', ['build', 'lint']]
  }),
  when: field.when.meta({
    description:
      'Required outcome of the needs. `success` (default): every one succeeded. `failure`: one of them, or of theirs, failed. `always`: they ended.',
    examples: ['failure']
  }),
  env: field.env.meta({
    description: 'Environment variables, on top of what the needs have set and of the environment of the step; null removes one.',
    examples: [{STAGE: 'test', PORT: 8080}]
  }),
  'working-directory': field.text.meta({
    description:
      'Folder to run in, relative to the workspace; it has to exist when the list is read, with `needs` when the task starts. Default: the input `working-directory`, then the workspace.',
    examples: ['src/api']
  }),
  timeout: field.duration.meta({
    description:
      'Longest time of an attempt, after which its whole process tree is ended: `500ms`, `90s`, `5m`, `1h30m`, or a number of seconds; 0 for none.',
    examples: ['90s', '1h30m', 300]
  }),
  retry: field.retry.meta({
    description:
      'How many attempts may follow the first one if it fails, or a map that also says after which failures, and after what wait.',
    examples: [2, {times: 3, delay: '5s', backoff: 2, 'max-delay': '1m', on: ['timeout', 3010]}]
  }),
  slow: field.slow.meta({
    description:
      'When the log says, once, that the task takes long: after a time, or after a multiple of the median that `timings-file` has recorded (of five durations or more). 0 for never. Default: the input.',
    examples: ['2m', '3x']
  }),
  'continue-on-error': field.flag.meta({
    description:
      'A failure is reported as allowed, and fails neither the step, nor the tasks that need this one, nor `fail-fast`. Default: false.',
    examples: [true]
  }),
  'success-codes': field.successCodes.meta({
    description: 'Exit codes that are a success, whatever others are. Leave out 0 and it is a failure. Default: the input, which is 0.',
    examples: [[0, 1, 3010]]
  }),
  lock: field.texts.meta({
    description:
      'Names of locks. Tasks that share one never run at the same time, or as many at a time as `locks` at the top of the list says. Their slot, from 0, is in `PWSH_POOL_LOCK_DATABASE` and the like.',
    examples: ['database', ['database', 'port-8080']]
  }),
  shard: field.shard.meta({
    description:
      'With `each` the task (a build, a sign-in) runs in every shard that has a task that needs it, and does not tie those tasks together. Other tasks run in one shard. Without the input `shard` it means nothing.',
    examples: ['each']
  }),
  isolation: field.isolation.meta({
    description:
      'What the task shares with those before it on the same worker: nothing (`process`), the process (`runspace`), or the process and its one runspace, whose variables are reset (`none`). With `thread` other tasks run in its process at the same time, each in a runspace of its own. Default: the input.',
    examples: ['runspace']
  }),
  objects: field.flag.meta({
    description:
      'Whether pwsh-pool also keeps the objects that the task emits, for `$needs.<id>.objects` of the tasks that need it and for `objects-file`. The log stays the same. Default: the input.',
    examples: [true]
  }),
  shell: field.shell.meta({
    description: 'The PowerShell to use: `pwsh`, `powershell`, a path, or a command line with leading arguments. Default: the input.',
    examples: ['powershell']
  }),
  resume: field.resume.meta({
    description:
      'Whether `resume-from` may keep the task where it succeeded in an earlier run and is unchanged: `auto` (default) or `never`, for what has to run each time.',
    examples: ['never']
  })
} as const

/** The fields that `defaults` takes. `env` is merged key by key; for the others an entry's own value wins. */
export const defaultsShape = {
  env: entryShape.env,
  'working-directory': entryShape['working-directory'],
  timeout: entryShape.timeout,
  retry: entryShape.retry,
  slow: entryShape.slow,
  'continue-on-error': entryShape['continue-on-error'],
  'success-codes': entryShape['success-codes'],
  isolation: entryShape.isolation,
  objects: entryShape.objects,
  shell: entryShape.shell,
  lock: entryShape.lock,
  resume: entryShape.resume
} as const

/** The `defaults` of a list. */
export const defaultsSchema = z.strictObject(defaultsShape).partial()

/** An entry in its long form. */
export const entrySchema = z.strictObject(entryShape).partial()

/** The `locks` of a list. */
export const locksSchema = field.locks.meta({
  description:
    'How many tasks have a lock at a time: a number by name, or a map of `room` and `per`. A lock that is not here has room for one. Holds for all files of a list.',
  examples: [{sql: 1, graph: 5, port: {room: 1, per: 'machine'}}]
})

/** The fields of a list in its long form. */
export const rootFields = ['defaults', 'locks', 'tasks'] as const

const inputsOfTheRun: ReadonlySet<string> = new Set([
  'tasks-file',
  'tasks-script',
  'max-parallel',
  'min-parallel',
  'modules',
  'setup',
  'setup-once',
  'setup-timeout',
  'fail-fast',
  'max-failures',
  'flaky',
  'total-timeout',
  'max-tasks-per-worker',
  'leftovers',
  'log',
  'heartbeat',
  'logs',
  'summary',
  'annotations',
  'workflow-commands',
  'json-report',
  'junit-report',
  'html-report',
  'recording',
  'trace-report',
  'objects-file',
  'timings-file',
  'resume-from',
  'dry-run'
])

/** The hint for an unknown field whose name is an input of the action; `undefined` for any other name. */
export const inputHint = (name: string): string | undefined =>
  inputsOfTheRun.has(name) ? ', which is an input of the action or an option of the command: it holds for the whole run' : undefined

/** The name of a field of an entry. */
export type EntryField = keyof typeof entryShape

/** Names of the fields in workflows, other runners and PowerShell, in lower case without `-` and `_`. */
const fieldSynonyms: ReadonlyMap<string, EntryField> = new Map(
  Object.entries({
    arguments: ['args', 'argumentlist'],
    env: ['environment', 'variables'],
    file: ['path'],
    matrix: ['strategy'],
    name: ['title'],
    needs: ['dependson', 'dependencies'],
    parameters: ['inputs', 'params', 'with'],
    retry: ['attempts', 'retries'],
    run: ['cmd', 'command', 'script'],
    'success-codes': ['allowedexitcodes', 'exitcodes', 'ignoreexitcodes', 'successexitcodes', 'validexitcodes'],
    timeout: ['timeoutminutes', 'timeoutseconds'],
    when: ['if'],
    'working-directory': ['cwd', 'dir']
  } satisfies Partial<Record<EntryField, string[]>>).flatMap(([field, names]) => names.map(name => [name, field as EntryField] as const))
)

/** The field that other tools call `name`. */
export function fieldKnownAs(name: string): EntryField | undefined {
  return fieldSynonyms.get(name.toLowerCase().replace(/[-_]/g, ''))
}
