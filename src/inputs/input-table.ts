/** Where the help of the command shows an option. */
export type OptionGroup = 'chosen' | 'pool' | 'task' | 'shown' | 'written'

/** How the command offers an input. */
export interface OptionDescription {
  readonly group: OptionGroup
  /** What stands for the value in the help; `undefined` for a switch, which has none. */
  readonly value: string | undefined
  /** A few words, for the help. */
  readonly brief: string
  /** Whether the option may be given several times, each time for a line of the input. */
  readonly isRepeatable?: boolean
  /** Whether the help leaves the default out, because `brief` says what it means. */
  readonly hidesDefault?: boolean
}

/** What is said of an input, and its default. */
export interface InputDescription {
  /** Full sentences in Markdown, for `action.yml` and the README. */
  readonly description: string
  /** The text that one would give; none for an input that is blank unless it is given. */
  readonly default?: string
  /** None where the command has no such option: it takes the list as files, and gives no annotations. */
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
      'Files that hold the task list, as paths or globs relative to the workspace, one a line. `.yml`, `.yaml` and `.json` are YAML, `.txt` is plain lines.'
  },
  'tasks-script': {
    description:
      'A script that makes the task list: each object that it puts out is an entry, a text or a hashtable (or custom object) of fields. It runs before the tasks, as a task does, with `modules` and `setup`; if it fails, nothing is run.',
    option: {group: 'chosen', value: 'script', brief: 'in place of FILE: puts out the entries of the list'}
  },
  'max-parallel': {
    description: 'How many tasks run at a time, 1 to 256, or `auto` for the number of available processors.',
    default: 'auto',
    option: {group: 'pool', value: 'number', brief: 'tasks at a time, or auto: one for each processor'}
  },
  'min-parallel': {
    description: 'How many workers are booted at the start, whether or not there is a task for them yet. Never more than there are tasks.',
    default: '1',
    option: {group: 'pool', value: 'number', brief: 'workers booted at the start'}
  },
  isolation: {
    description:
      'What a task shares with the tasks before it on the same worker. `process` is nothing, `runspace` the process, `none` the process and its one runspace, whose variables are reset.',
    default: 'process',
    option: {group: 'task', value: 'level', brief: 'from other tasks: process, runspace, none'}
  },
  'max-tasks-per-worker': {
    description: 'After how many tasks a worker is replaced that runs task after task, at the isolations `runspace` and `none`.',
    default: '500',
    option: {group: 'pool', value: 'number', brief: 'before a warm worker is replaced'}
  },
  modules: {
    description: 'Modules that every task finds imported, one a line, as a name, `Name@version`, or a path relative to the workspace.',
    option: {group: 'task', value: 'module', brief: 'imported for every task; may be given again', isRepeatable: true}
  },
  setup: {
    description:
      'A script that runs in every worker before its task, after the modules are imported. Its variables and functions are there for the task.',
    option: {group: 'task', value: 'script', brief: 'runs in every worker before its task'}
  },
  'setup-timeout': {
    description:
      'How long the start of a worker may take, with `modules` and `setup`, and each further run of `setup`. What takes longer is ended and not tried again: no more tasks start, and the step fails. 0 for no limit.',
    default: '5m',
    option: {group: 'task', value: 'duration', brief: 'for modules and setup'}
  },
  shell: {
    description:
      'The PowerShell to use. `pwsh`, `powershell`, a path, which may be relative to the workspace, or a command line with leading arguments.',
    default: 'pwsh',
    option: {group: 'task', value: 'command', brief: 'the PowerShell to use'}
  },
  'working-directory': {
    description: 'The folder in which tasks run that name none of their own, relative to the workspace. The workspace itself by default.',
    option: {group: 'task', value: 'folder', brief: 'where tasks run that name no other folder'}
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
    description: 'How many more times a failed task is tried.',
    default: '0',
    option: {group: 'task', value: 'number', brief: 'more attempts for a task that fails', hidesDefault: true}
  },
  'success-codes': {
    description:
      'The exit codes that are a success for tasks that have no `success-codes` of their own, with commas or line breaks between them, such as `0, 1, 3010`.',
    default: '0',
    option: {group: 'task', value: 'codes', brief: 'exit codes that are a success, such as 0,3010'}
  },
  'fail-fast': {
    description:
      'What a failed task means for the others. `false` runs them all, `no-new` starts no more, `true` also ends those that run.',
    default: 'false',
    option: {group: 'pool', value: 'mode', brief: 'no-new: start no more after a failure; true: end all'}
  },
  leftovers: {
    description:
      'What becomes of processes that a task leaves behind when it ends by itself. `keep` lets them live on and write until the run ends, as those of a step do, `end` ends them.',
    default: 'keep',
    option: {group: 'task', value: 'mode', brief: 'processes that a task leaves behind: keep, end'}
  },
  log: {
    description:
      'How the log shows what tasks print. `grouped`, a block for each attempt when it ends, or `live`, every line at once with the name of its task in front, which keeps problem matchers that begin with `^` from finding it.',
    default: 'grouped',
    option: {group: 'shown', value: 'mode', brief: 'grouped, live; without it a terminal gets a view', hidesDefault: true}
  },
  heartbeat: {
    description: 'How long the log may be silent before a line tells what is done and what runs. 0 for no such lines.',
    default: '30s',
    option: {group: 'shown', value: 'duration', brief: 'silence after which a line tells what runs'}
  },
  logs: {
    description: 'A folder for the complete log of each attempt, one file each, relative to the workspace, to be uploaded as an artifact.',
    option: {group: 'written', value: 'folder', brief: 'the complete log of each attempt'}
  },
  annotations: {
    description:
      'Whether failed tasks, and the `error`, `warning` and `notice` commands of tasks, become annotations. With `false` there are none, and the text stays.',
    default: 'true'
  },
  'workflow-commands': {
    description:
      'What becomes of workflow commands that tasks print. `forward` honours those that are safe where many tasks share one step; `ignore` treats every line as text. Values that a task announces with `add-mask` are masked either way.',
    default: 'forward',
    option: {group: 'shown', value: 'mode', brief: 'heed ::commands:: of tasks: forward, ignore'}
  },
  summary: {
    description:
      'What the job summary lists. `all` tasks, only `failures` (all that did not succeed), or `none` for no page. What tasks write to their own summaries is always kept.',
    default: 'all'
  },
  'json-report': {
    description:
      'A file to which the whole report is written as JSON, relative to the workspace. It is kept current while tasks run (`result` and `endedAt` are null until the end), so that a run that is killed leaves what it knew. The one that the output `report-path` names is always written at the end.',
    option: {group: 'written', value: 'file', brief: 'the report as JSON, with the outputs of tasks'}
  },
  'junit-report': {
    description:
      'A file to which the results are written as JUnit XML, relative to the workspace, for actions and servers that show test results.',
    option: {group: 'written', value: 'file', brief: 'the results as JUnit XML'}
  },
  'dry-run': {
    description: 'Print what would be run, and in which order, and start no task.',
    default: 'false',
    option: {group: 'chosen', value: undefined, brief: 'print what would be run and when, start nothing'}
  }
} as const satisfies Readonly<Record<string, InputDescription>>

/** The name of an input. */
export type InputName = keyof typeof inputTable

/** All of them, in the order in which they are shown. */
export const inputNames = Object.keys(inputTable) as readonly InputName[]

/** What is said of an input. */
export function describeInput(name: InputName): InputDescription {
  return inputTable[name]
}
