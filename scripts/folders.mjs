// The folders of src/ from the ground up: what each holds, and which of the others it may know. check-imports.mjs holds the code to it, and
// architecture.mjs draws it.

/**
 * @typedef {object} Folder
 * @property {string} name below src/; a file of src/ itself by its name
 * @property {readonly string[]} [files] where it is no folder but these files of src/ itself
 * @property {string} holds one sentence for docs/architecture.md
 * @property {readonly string[]} knows the folders that it imports: those, and no other. Each stands above it in this list
 */

/** @type {readonly Folder[]} */
export const folders = [
  {
    name: 'model',
    holds: 'The vocabulary: tasks and their needs, settings, events, results, environments',
    knows: []
  },
  {
    name: 'system',
    holds: 'This process: signals, standard output, uncaught exceptions; files: bounded reads, removal',
    knows: ['model']
  },
  {
    name: 'text',
    holds: 'Text without meaning of its own: Markdown, durations, quoting, masking, nearest names',
    knows: ['model']
  },
  {
    name: 'objects',
    holds: 'Objects that tasks emit: read from workers, kept until the end of the run, and as rows of a table',
    knows: ['model', 'system']
  },
  {
    name: 'inputs',
    holds: 'Reads inputs and options into settings. Its table makes `action.yml`, the table in the README and the help of the command',
    knows: ['model', 'text']
  },
  {
    name: 'task-list/source',
    holds: 'Reads the text of a list (YAML, plain lines, files) into nodes with positions, and collects all mistakes',
    knows: ['model', 'text']
  },
  {
    name: 'task-list/schema',
    holds: 'The fields of a list, and the JSON Schema and reference made from them',
    knows: ['model', 'text']
  },
  {
    name: 'task-list/items',
    holds: 'The items that an entry makes tasks of: where they come from (lists, files, a matrix), and how they are put into it',
    knows: ['model', 'system', 'text', 'task-list/source', 'task-list/schema']
  },
  {
    name: 'task-list/entries',
    holds: 'Makes tasks of nodes: fields, globs, names',
    knows: ['model', 'text', 'task-list/source', 'task-list/schema', 'task-list/items']
  },
  {
    name: 'task-list',
    holds: 'Makes tasks of a whole list: unique ids and names, needs, limits',
    knows: ['model', 'text', 'task-list/source', 'task-list/schema', 'task-list/items', 'task-list/entries']
  },
  {
    name: 'workflow-commands',
    holds: 'Workflow commands such as `::error::`: grammar, meaning in an attempt, and those that the action prints',
    knows: ['model']
  },
  {
    name: 'file-commands',
    holds: '`GITHUB_OUTPUT` and the like: files of an attempt, a strict parser, the merge into the files of the step',
    knows: ['model', 'system', 'text']
  },
  {
    name: 'spool',
    holds: 'Output of an attempt, kept until all readers have read it: in memory up to a budget, then in a file',
    knows: ['model', 'text']
  },
  {
    name: 'output',
    holds: 'Output as people see it: split into lines, masked, workflow commands interpreted',
    knows: ['model', 'system', 'text', 'workflow-commands', 'file-commands', 'spool']
  },
  {
    name: 'process',
    holds: 'Operating system processes: started, listed, ended with signals',
    knows: ['model', 'system', 'text', 'spool']
  },
  {
    name: 'powershell',
    holds: 'PowerShell as a program and a language: how it is found, its environment, literals, task scripts. `scripts/` run in workers',
    knows: ['model', 'text', 'process']
  },
  {
    name: 'worker',
    holds: 'A PowerShell process that runs one task, or task after task, and its control protocol',
    knows: ['model', 'system', 'text', 'file-commands', 'spool', 'process', 'powershell']
  },
  {
    name: 'worker/thread',
    holds: 'A PowerShell process that runs many tasks at a time: frames, slots, and the end of one of them',
    knows: ['model', 'system', 'text', 'powershell', 'process', 'spool', 'worker']
  },
  {
    name: 'pool',
    holds: 'Which task runs when: schedule, locks, retries, timeouts, `$needs`. Knows no processes',
    knows: ['model', 'text', 'spool']
  },
  {
    name: 'workforce',
    holds: 'Attempts, and the worker that each gets: standbys, warm workers, a queue',
    knows: ['model', 'system', 'text', 'objects', 'file-commands', 'spool', 'process', 'powershell', 'worker', 'worker/thread', 'pool']
  },
  {
    name: 'report',
    holds: 'What all reports share (wording, totals, masked records), and the JSON and JUnit reports',
    knows: ['model', 'system', 'text', 'objects', 'output']
  },
  {
    name: 'history',
    holds:
      'What earlier runs and other machines left: recorded durations, reports that are read back, hashes that tell lists and plans apart',
    knows: ['model', 'system', 'text', 'report']
  },
  {
    name: 'recording',
    holds:
      'What is kept of a run beside its report (logs, what the list says, times of workers), and what is made of it: the recording, a run as a zip, and the trace',
    knows: ['model', 'system', 'text', 'output', 'report']
  },
  {
    name: 'pages',
    holds: 'Pages made of a run: the job summary, and the report as a page for a browser. Writes the recording and the trace too',
    knows: ['model', 'text', 'history', 'objects', 'output', 'recording', 'report']
  },
  {
    name: 'shards',
    holds:
      'The plan of a run: the list cut into balanced shards, what is kept of an earlier run; and the reports and recordings of all shards merged',
    knows: ['model', 'system', 'text', 'pool', 'report', 'history', 'recording']
  },
  {
    name: 'log',
    holds: 'The log, as workflow commands or plain text: blocks, live lines, annotations and their limits, last lines',
    knows: ['model', 'text', 'workflow-commands', 'spool', 'output', 'report']
  },
  {
    name: 'run.ts',
    holds: 'A run as a story: read the list, find PowerShell, run the pool, clean up',
    knows: [
      'model',
      'system',
      'text',
      'file-commands',
      'task-list/source',
      'task-list',
      'process',
      'powershell',
      'pool',
      'worker/thread',
      'workforce',
      'report',
      'log',
      'shards'
    ]
  },
  {
    name: 'action',
    holds: 'The contract with GitHub: inputs, outputs, the files of the step, cancellation',
    knows: [
      'model',
      'system',
      'text',
      'objects',
      'inputs',
      'task-list/source',
      'workflow-commands',
      'file-commands',
      'report',
      'history',
      'pages',
      'log',
      'shards',
      'run.ts'
    ]
  },
  {
    name: 'cli/terminal',
    holds: 'What the command shows in a terminal: running tasks, colors, tables',
    knows: ['model', 'text', 'output', 'report', 'log']
  },
  {
    name: 'cli',
    holds: 'The contract with a shell: arguments, standard input, exit codes, requested files',
    knows: [
      'model',
      'system',
      'text',
      'objects',
      'inputs',
      'task-list/source',
      'file-commands',
      'report',
      'history',
      'pages',
      'log',
      'shards',
      'run.ts',
      'cli/terminal'
    ]
  },
  {
    name: 'entries',
    files: ['main.ts', 'merge.ts', 'cli.ts'],
    holds: 'The entries of the action and the command: wiring only',
    knows: ['system', 'text', 'action', 'cli']
  }
]

/** Who may import a package or a module of Node that reaches beyond this process. */
export const restricted = new Map([
  ['node:child_process', ['process', 'powershell']],
  ['@actions/exec', ['process']],
  ['@actions/core', ['action', 'entries']]
])

/** The files of src/ that the program in page/ may run; of all others it may import types only. They run in a browser: they import nothing but one another. */
export const inBrowser = ['text/percent-change.ts', 'text/plain-text.ts']

/** No folder has more files than these, nor a larger share of all lines. */
export const limits = {files: 15, share: 1 / 5}
