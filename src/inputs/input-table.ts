/** Section of the command's help. */
export type OptionGroup = 'chosen' | 'pool' | 'task' | 'shown' | 'written'

/** An input as an option of the command. */
export interface OptionDescription {
  readonly group: OptionGroup
  /** Placeholder of the value in the help; `undefined` for a switch. */
  readonly value: string | undefined
  /** A few words, for the help. */
  readonly brief: string
  /** `true` if the option may be repeated, once for each line of the input. */
  readonly isRepeatable?: boolean
  /** `true` hides the default in the help because `brief` explains it. */
  readonly hidesDefault?: boolean
}

/** Description and default of an input. */
export interface InputDescription {
  /** Full sentences in Markdown, for `action.yml` and the README. */
  readonly description: string
  /** The default as a user would write it; absent if the default is blank. */
  readonly default?: string
  /** Absent for inputs that the command does not have: it takes the list as files and makes no annotations. */
  readonly option?: OptionDescription
}

/** Every input of the action and option of the command, and the one place that holds their defaults. `action.yml` is generated from it. */
export const inputTable = {
  tasks: {
    description:
      'The task list: YAML (a list of scripts, or of maps with `name`, `run` or `file`, `parameters`, `env`, `working-directory`, `timeout` and more), or plain lines, each of which is one invocation. One of `tasks`, `tasks-file` and `tasks-script` is required.'
  },
  'tasks-file': {
    description:
      'Files that hold the task list, as paths or globs relative to the workspace, one per line. `.yml`, `.yaml` and `.json` are YAML, `.txt` is plain lines.'
  },
  'tasks-script': {
    description:
      'A script that makes the task list: each object that it outputs is an entry, either script text or a hashtable (or custom object) of fields. It runs before the tasks, as a task does, with `modules` and `setup`; if it fails, nothing is run.',
    option: {group: 'chosen', value: 'script', brief: 'in place of FILE: outputs the entries of the list'}
  },
  'max-parallel': {
    description: 'How many tasks run at a time, 1 to 256, or `auto` for the number of available processors.',
    default: 'auto',
    option: {group: 'pool', value: 'number', brief: 'tasks at a time, or auto: one for each processor'}
  },
  'min-parallel': {
    description: 'How many workers are booted at the start, before there is a task for them. Never more than there are tasks.',
    default: '1',
    option: {group: 'pool', value: 'number', brief: 'workers booted at the start'}
  },
  isolation: {
    description:
      'What a task shares with the tasks before it on the same worker: with `process` nothing, with `runspace` the process, with `none` the process and its one runspace, whose variables are reset. With `thread` tasks run in one process at the same time, each in a runspace of its own.',
    default: 'process',
    option: {group: 'task', value: 'level', brief: 'from other tasks: process, runspace, none, thread'}
  },
  'max-tasks-per-worker': {
    description:
      'How many tasks a worker runs before it is replaced, at the isolations `runspace` and `none`; at `thread`, how many each of its slots runs (a slot runs one task at a time).',
    default: '500',
    option: {group: 'pool', value: 'number', brief: 'before a warm worker is replaced'}
  },
  modules: {
    description: 'Modules to import before each task, one per line: a name, `Name@version`, or a path relative to the workspace.',
    option: {group: 'task', value: 'module', brief: 'imported for every task; may be given again', isRepeatable: true}
  },
  setup: {
    description:
      'A script that runs in every worker before its task, after the modules are imported. The task can use its variables and functions.',
    option: {group: 'task', value: 'script', brief: 'runs in every worker before its task'}
  },
  'setup-once': {
    description:
      'A script that runs once, before everything else, in a process of its own, such as a sign-in. What it writes to GITHUB_ENV and GITHUB_PATH holds for all tasks and later steps; values that it masks stay masked. It is not a task of the list. If it fails, nothing is run. A dry run leaves it out.',
    option: {group: 'task', value: 'script', brief: 'runs once, before everything else'}
  },
  'setup-timeout': {
    description:
      'How long the start of a worker may take, including `modules` and `setup`, and each further run of `setup`; and how long `setup-once` may take. If it takes longer it is ended and not retried: no more tasks start, and the step fails. 0 for no limit.',
    default: '5m',
    option: {group: 'task', value: 'duration', brief: 'for modules and setup'}
  },
  shell: {
    description:
      'The PowerShell to use: `pwsh`, `powershell`, a path (absolute or relative to the workspace), or a command line with leading arguments.',
    default: 'pwsh',
    option: {group: 'task', value: 'command', brief: 'the PowerShell to use'}
  },
  'working-directory': {
    description: 'The folder in which tasks run unless they name another one, relative to the workspace. Default: the workspace.',
    option: {group: 'task', value: 'folder', brief: 'where tasks run unless they name a folder'}
  },
  timeout: {
    description: 'How long an attempt of a task may take, such as `500ms`, `90s`, `5m`, `1h30m`, or a number of seconds. 0 for no limit.',
    default: '0',
    option: {group: 'task', value: 'duration', brief: 'for each attempt, such as 90s, 5m, 1h30m', hidesDefault: true}
  },
  'total-timeout': {
    description:
      'How long all tasks together may take. Tasks still running are stopped and count as timed out; the rest are skipped. 0 for no limit.',
    default: '0',
    option: {group: 'pool', value: 'duration', brief: 'for all tasks together', hidesDefault: true}
  },
  retry: {
    description: 'How many times a failed task is retried.',
    default: '0',
    option: {group: 'task', value: 'number', brief: 'more attempts for a task that fails', hidesDefault: true}
  },
  slow: {
    description:
      'After how long the log says, once, that a task is slow: a time such as `2m`, or a multiple such as `3x` of the median that `timings-file` has recorded (of five durations or more). The job summary names the five slowest tasks in any case. 0 for never.',
    default: '0',
    option: {group: 'shown', value: 'limit', brief: 'when to say that a task takes long, such as 2m or 3x', hidesDefault: true}
  },
  'success-codes': {
    description:
      'The exit codes that count as success, for tasks without `success-codes` of their own, separated by commas or line breaks, such as `0, 1, 3010`.',
    default: '0',
    option: {group: 'task', value: 'codes', brief: 'exit codes that are a success, such as 0,3010'}
  },
  objects: {
    description:
      'Whether pwsh-pool also keeps the objects that tasks emit, for `$needs.<id>.objects` and `objects-file`. An entry of the list can say otherwise. The log stays the same.',
    default: 'false',
    option: {group: 'task', value: 'boolean', brief: 'keep the objects that tasks emit', hidesDefault: true}
  },
  'fail-fast': {
    description:
      'What happens to the other tasks when one fails: `false` runs them all, `no-new` starts no more, `true` also ends those that run.',
    default: 'false',
    option: {group: 'pool', value: 'mode', brief: 'no-new: start no more after a failure; true: end all'}
  },
  'max-failures': {
    description:
      'How many tasks must fail before `fail-fast` acts: a number, or a share of all tasks such as `10%`, which counts once ten tasks have ended. A task counts if its last attempt failed and it has no `continue-on-error`. With `fail-fast: false` only 1 is allowed.',
    default: '1',
    option: {group: 'pool', value: 'limit', brief: 'failures for fail-fast: a number, or such as 10%'}
  },
  flaky: {
    description:
      'What happens if a task succeeds after a failed attempt: with `pass` it is counted and listed, with `warn` one warning names all such tasks, with `fail` the step fails at the end. Tasks that need it run as after any success.',
    default: 'warn',
    option: {group: 'task', value: 'mode', brief: 'a success after a failed attempt: pass, warn, fail'}
  },
  leftovers: {
    description:
      'What happens to processes that a task leaves behind when it ends by itself: `keep` lets them run on and write until the run ends, as a step does; `end` ends them.',
    default: 'keep',
    option: {group: 'task', value: 'mode', brief: 'processes that a task leaves behind: keep, end'}
  },
  log: {
    description:
      'How the log shows what tasks print: `grouped`, a block for each attempt when it ends, or `live`, every line at once with the name of its task in front (problem matchers that begin with `^` then do not match).',
    default: 'grouped',
    option: {group: 'shown', value: 'mode', brief: 'grouped, live; without it a terminal gets a view', hidesDefault: true}
  },
  heartbeat: {
    description: 'How long the log may be silent before a line says what is done and what runs. 0 for no such lines.',
    default: '30s',
    option: {group: 'shown', value: 'duration', brief: 'silence after which a line says what runs'}
  },
  logs: {
    description: 'A folder for the complete log of each attempt, one file each, relative to the workspace. Upload it as an artifact.',
    option: {group: 'written', value: 'folder', brief: 'the complete log of each attempt'}
  },
  'objects-file': {
    description:
      'A file for the objects that tasks with `objects` emit, relative to the workspace: `.json`, `.ndjson` or `.csv`. It has a row for each object, with its task and item in front.',
    option: {group: 'written', value: 'file', brief: 'the objects of tasks: .json, .ndjson, .csv'}
  },
  annotations: {
    description:
      'Whether failed tasks, and the `error`, `warning` and `notice` commands of tasks, become annotations. With `false` they are only text in the log.',
    default: 'true'
  },
  'workflow-commands': {
    description:
      'How workflow commands that tasks print are treated: `forward` honors those that are safe when many tasks share one step; `ignore` treats every line as text. Values that a task announces with `add-mask` are masked either way.',
    default: 'forward',
    option: {group: 'shown', value: 'mode', brief: 'honor ::commands:: of tasks: forward, ignore'}
  },
  summary: {
    description:
      'What the job summary lists: `all` tasks, only `failures` (all that did not succeed), or `none` for no summary of the run. What tasks write to their own summaries is always kept.',
    default: 'all'
  },
  'json-report': {
    description:
      'A file for the whole report as JSON, relative to the workspace. It is updated while tasks run (`result` and `endedAt` are null until the end), so that a run that is killed leaves what was known. The file that the output `report-path` names is always written at the end.',
    option: {group: 'written', value: 'file', brief: 'the report as JSON, with the outputs of tasks'}
  },
  'junit-report': {
    description: 'A file for the results as JUnit XML, relative to the workspace, for actions and servers that show test results.',
    option: {group: 'written', value: 'file', brief: 'the results as JUnit XML'}
  },
  shard: {
    description:
      'The part of the list that this run executes, as `i/n` with i from 0: in a matrix the expressions `strategy.job-index` and `strategy.job-total`, with `/` between them. Every task runs in one of the n shards, unless it has `shard: each`; tasks that are tied by `needs` or by a lock are in the same one. With `timings-file` the shards are balanced by expected duration. Default: the whole list.',
    option: {group: 'chosen', value: 'i/n', brief: 'one of n parts of the list, such as 0/4, for n machines'}
  },
  'timings-file': {
    description:
      'A JSON file of how long tasks took, relative to the workspace. It is read at the start, where it exists, and written at the end: the last ten durations of each task. With it, the task with the longest expected path (its own time and that of the tasks that need it) starts first; without it, tasks start as declared. Keep it in a cache.',
    option: {group: 'pool', value: 'file', brief: 'how long tasks took, so that long ones start first'}
  },
  'html-report': {
    description:
      'A file for the report as one page for a browser, relative to the workspace: what ran when, a list to search and filter, and the log of each attempt in color, up to 20 MiB of logs. It loads nothing from anywhere. Upload it as an artifact.',
    option: {group: 'written', value: 'file', brief: 'the report as a page, with timeline and logs'}
  },
  recording: {
    description:
      'A zip of the whole run, relative to the workspace: the report, the logs (up to 256 MiB), what the list says of each task, and its durations. `pwsh-pool/merge` makes one page of several.',
    option: {group: 'written', value: 'file', brief: 'the whole run as a zip, with its logs'}
  },
  'trace-report': {
    description:
      'A file for the run as a trace, relative to the workspace, which [Perfetto](https://ui.perfetto.dev) and chrome://tracing open: a thread for each worker, a slice for each attempt.',
    option: {group: 'written', value: 'file', brief: 'the run as a trace, for Perfetto'}
  },
  'resume-from': {
    description:
      'The JSON report of an earlier run, relative to the workspace. A task that succeeded there and is unchanged, as are the tasks that it needs, is kept: it does not run, and its outputs and its summary are restored. If there is no such file, or it is of another repository or commit, all tasks run, and a notice says so.',
    option: {group: 'chosen', value: 'report', brief: 'keep what succeeded in that run and is unchanged'}
  },
  'dry-run': {
    description: 'Print what would run, and in which order, without starting a task.',
    default: 'false',
    option: {group: 'chosen', value: undefined, brief: 'print what would run and when, start nothing'}
  }
} as const satisfies Readonly<Record<string, InputDescription>>

/** The name of an input. */
export type InputName = keyof typeof inputTable

/** Every input, in display order. */
export const inputNames = Object.keys(inputTable) as readonly InputName[]

/** The description and default of `name`. */
export function describeInput(name: InputName): InputDescription {
  return inputTable[name]
}
