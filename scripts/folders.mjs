// The folders of src/ from the ground up: what each holds, and which of the others it may know. check-imports.mjs holds the code to it, and
// generate-architecture.mjs draws it.

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
    holds: 'What travels between all others: tasks and their needs, settings, events, results, environments',
    knows: []
  },
  {
    name: 'system',
    holds:
      'This process and its machine: signals, standard output, faults that nothing catches, reading files within limits and removing them',
    knows: ['model']
  },
  {
    name: 'text',
    holds: 'Text as such: Markdown, durations, quoting, masking, nearest names',
    knows: ['model']
  },
  {
    name: 'inputs',
    holds:
      'Inputs and options to settings. `action.yml`, the table in the README and the help of the command are made from one table in it',
    knows: ['model', 'text']
  },
  {
    name: 'task-list/source',
    holds: 'The text of a list to nodes with places: YAML, plain lines, files, and the report of all mistakes',
    knows: ['model', 'text']
  },
  {
    name: 'task-list/schema',
    holds: 'The fields of a list, and the JSON schema and the reference that are made from them',
    knows: ['model', 'text']
  },
  {
    name: 'task-list/entries',
    holds: 'Nodes to tasks: fields, `foreach`, globs, names',
    knows: ['model', 'text', 'task-list/source', 'task-list/schema']
  },
  {
    name: 'task-list',
    holds: 'A whole list to tasks: ids, needs, limits',
    knows: ['model', 'text', 'task-list/source', 'task-list/schema', 'task-list/entries']
  },
  {
    name: 'workflow-commands',
    holds: 'Workflow commands, such as `::error::`: their grammar, what each means for an attempt, and our own',
    knows: ['model']
  },
  {
    name: 'file-commands',
    holds: '`GITHUB_OUTPUT` and its like: the files of an attempt, a strict parser, one merge into those of the step',
    knows: ['model', 'system', 'text']
  },
  {
    name: 'recording',
    holds: 'What an attempt printed, kept until all readers are done with it: in memory up to a budget, then in a file',
    knows: ['model', 'text']
  },
  {
    name: 'output',
    holds: 'What an attempt prints, as people see it: lines, masks, workflow commands',
    knows: ['model', 'system', 'text', 'workflow-commands', 'file-commands', 'recording']
  },
  {
    name: 'process',
    holds: 'Processes of the system: started, asked, listed, ended',
    knows: ['model', 'text', 'recording']
  },
  {
    name: 'powershell',
    holds: 'PowerShell as a program and as a language: found, started, given literals and scripts. `scripts/` are those of a worker',
    knows: ['model', 'text', 'process']
  },
  {
    name: 'worker',
    holds: 'A PowerShell process that runs one task, or one after another, and the protocol with it',
    knows: ['model', 'system', 'text', 'file-commands', 'recording', 'process', 'powershell']
  },
  {
    name: 'pool',
    holds: 'When which task runs: schedule, locks, retries, inheritance. It knows no process',
    knows: ['model', 'text', 'recording']
  },
  {
    name: 'workforce',
    holds: 'Attempts, and which worker each gets: standbys, warm workers, the queue',
    knows: ['model', 'system', 'text', 'file-commands', 'recording', 'process', 'powershell', 'worker', 'pool']
  },
  {
    name: 'report',
    holds: 'What is told of a run, wherever it is told: wording, totals, masked records; the JSON and JUnit reports',
    knows: ['model', 'text', 'output']
  },
  {
    name: 'summary',
    holds: 'The page of the job summary',
    knows: ['model', 'text', 'report']
  },
  {
    name: 'log',
    holds: 'The log of the step, as workflow commands or plain text: blocks, live lines, annotations, last lines',
    knows: ['model', 'text', 'workflow-commands', 'recording', 'output', 'report']
  },
  {
    name: 'run.ts',
    holds: 'The story of a run: read the list, or let its script make it, find PowerShell, run the pool, clean up',
    knows: ['model', 'system', 'text', 'task-list/source', 'task-list', 'process', 'powershell', 'pool', 'workforce', 'report', 'log']
  },
  {
    name: 'terminal',
    holds: 'What a person sees in a terminal: running tasks, colors, tables',
    knows: ['model', 'text', 'output', 'report', 'log']
  },
  {
    name: 'action',
    holds: 'The contract with GitHub: inputs, outputs, the files of the step, cancellation',
    knows: [
      'model',
      'system',
      'text',
      'inputs',
      'task-list/source',
      'workflow-commands',
      'file-commands',
      'report',
      'summary',
      'log',
      'run.ts'
    ]
  },
  {
    name: 'cli',
    holds: 'The contract with a shell: arguments, standard input, exit codes, the files that were asked for',
    knows: ['model', 'system', 'text', 'inputs', 'task-list/source', 'file-commands', 'report', 'summary', 'log', 'run.ts', 'terminal']
  },
  {
    name: 'entries',
    files: ['main.ts', 'cli.ts'],
    holds: 'The entries of the action and of the command: they wire the process to what does the work',
    knows: ['system', 'text', 'action', 'cli']
  }
]

/** Who may import a package or a module of Node that reaches beyond this process. */
export const restricted = new Map([
  ['node:child_process', ['process', 'powershell']],
  ['@actions/exec', ['process']],
  ['@actions/core', ['action', 'entries']]
])

/** No folder has more files than these, nor a larger share of all lines. */
export const limits = {files: 15, share: 1 / 5}
