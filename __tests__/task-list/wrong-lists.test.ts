import {describe, expect, test} from '@jest/globals'
import {inputNames} from '../../src/inputs/input-table.ts'
import {entryShape, inputHint} from '../../src/task-list/schema/list-schema.ts'
import {ListReader} from './lists.ts'

const lists = new ListReader()

/** A wrong list, and all that is said of it. */
type Row = readonly [list: string, ...mistakes: string[]]

const inputRule = ', which is an input of the action or an option of the command: it holds for the whole run'

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: `${_}` is the notation of the list
const table: readonly (readonly [subject: string, rows: readonly Row[]])[] = [
  [
    'the notation of a list',
    [
      ['', 'tasks:1:1: expected tasks, one invocation a line or a YAML list, got a blank text (a list of no tasks is [])'],
      ['  \n\n', 'tasks:1:1: expected tasks, one invocation a line or a YAML list, got a blank text (a list of no tasks is [])'],
      ['# nothing yet\n', 'tasks:1:1: expected tasks, one invocation a line or a YAML list, got only comments (a list of no tasks is [])'],
      [
        './build.ps1 |\nOut-Null',
        'tasks:1:1: a plain line is one whole invocation, and this one ends with |; write a script of several lines below "- |"'
      ],
      [
        './build.ps1 `\n  -Fast',
        'tasks:1:1: a plain line is one whole invocation, and this one ends with `; write a script of several lines below "- |"'
      ],
      [
        'foreach ($x in 1..3) {\n  $x\n}',
        'tasks:1:1: a plain line is one whole invocation, and this one ends with {; write a script of several lines below "- |"'
      ],
      [
        'Invoke-Thing (',
        'tasks:1:1: a plain line is one whole invocation, and this one ends with (; write a script of several lines below "- |"'
      ],
      [
        './a.ps1 -Names a,\n  b',
        'tasks:1:1: a plain line is one whole invocation, and this one ends with ,; write a script of several lines below "- |"'
      ],
      [
        "$text = @'\nhello\n'@",
        'tasks:1:1: a plain line is one whole invocation, and this one ends with @\'; write a script of several lines below "- |"'
      ],
      [
        '$text = @"\nhello\n"@',
        'tasks:1:1: a plain line is one whole invocation, and this one ends with @"; write a script of several lines below "- |"'
      ],
      [
        './build.ps1\n- ./test.ps1',
        'tasks:2:1: this line looks like YAML, but the list\'s first line does not, so that every line is one invocation: begin each with "- ", or none'
      ],
      [
        'just text: here\nfoo: |\n  x',
        'tasks:2:1: a plain line is one whole invocation, and this one ends with |; write a script of several lines below "- |"'
      ],
      [
        'name: build\nrun: ./build.ps1',
        'tasks:1:1: expected a list of tasks, or a map of "defaults", "locks" and "tasks", got the fields of one task; begin it with "- "'
      ],
      [
        '"text"\n---\n- a',
        'tasks:3:1: this line looks like YAML, but the list\'s first line does not, so that every line is one invocation: begin each with "- ", or none'
      ]
    ]
  ],
  [
    'the form of a list',
    [
      ['---\nfoo', 'tasks:2:1: expected a list of tasks, or a map of "defaults", "locks" and "tasks", got "foo"'],
      ['--- 5', 'tasks:1:5: expected a list of tasks, or a map of "defaults", "locks" and "tasks", got 5'],
      ['tasks: ./build.ps1', 'tasks:1:8: tasks: expected a list of tasks, got "./build.ps1"'],
      ['tasks:', 'tasks:1:7: tasks: expected a list of tasks, got nothing'],
      ['task:\n  - ./build.ps1', 'tasks:1:1: unknown field "task", did you mean "tasks"?'],
      ['defaults: {timeout: 5m}', 'tasks:1:1: expected "tasks" with the list of tasks, got a map without it'],
      ['tasks: []\ntimeout: 5m', 'tasks:2:1: unknown field "timeout", which belongs in "defaults"'],
      ['tasks: []\nname: x', 'tasks:2:1: unknown field "name"'],
      ['tasks: []\nmax-parallel: 4', `tasks:2:1: unknown field "max-parallel"${inputRule}`],
      ['tasks: []\ndefaults: {setup: x}', `tasks:2:12: defaults: unknown field "setup"${inputRule}`],
      ['- {run: x, flaky: fail}', `tasks:1:12: unknown field "flaky"${inputRule}`],
      ['- {run: x, tasks: []}', 'tasks:1:12: unknown field "tasks", which belongs at the top of a list in YAML'],
      ['defaults: 5m\ntasks: []', 'tasks:1:11: defaults: expected a map, got "5m"'],
      ['defaults: []\ntasks: []', 'tasks:1:11: defaults: expected a map, got an empty list'],
      ['tasks: []\ntasks: []', 'tasks:2:1: duplicate key "tasks", first at 1:1'],
      ['{"tasks": {}}', 'tasks:1:11: tasks: expected a list of tasks, got an empty map'],
      ['[["./build.ps1"]]', 'tasks:1:2: expected a task (script text, or a map with "run" or "file"), got a list']
    ]
  ],
  [
    'an entry',
    [
      ['- 5', 'tasks:1:3: expected a task (script text, or a map with "run" or "file"), got 5'],
      ['- true', 'tasks:1:3: expected a task (script text, or a map with "run" or "file"), got true'],
      ['- null', 'tasks:1:3: expected a task (script text, or a map with "run" or "file"), got nothing'],
      ['-', 'tasks:1:2: expected a task (script text, or a map with "run" or "file"), got nothing'],
      ['- ""', 'tasks:1:3: expected a task (script text, or a map with "run" or "file"), got ""'],
      ['- "  "', 'tasks:1:3: expected a task (script text, or a map with "run" or "file"), got "  "'],
      ['- []', 'tasks:1:3: expected a task (script text, or a map with "run" or "file"), got an empty list'],
      ['- {}', 'tasks:1:3: expected a task with "run" (script text) or "file" (a .ps1 file), got neither'],
      ['- - ./build.ps1', 'tasks:1:3: expected a task (script text, or a map with "run" or "file"), got a list'],
      ['- name: build', 'tasks:1:3: expected a task with "run" (script text) or "file" (a .ps1 file), got neither'],
      ['- parameters: {a: 1}', 'tasks:1:3: expected a task with "run" (script text) or "file" (a .ps1 file), got neither'],
      ['- run: ./build.ps1\n  file: build.ps1', 'tasks:2:3: expected one of "run" and "file", got both'],
      ['- file: build.ps1\n  run: ./build.ps1', 'tasks:2:3: expected one of "run" and "file", got both'],
      [
        '- Write-Host "step: build"',
        'tasks:1:3: expected a field such as "run", got the key "Write-Host \\"step"; if it is PowerShell, put the text in quotes, or write it on the lines below "- |" or "run: |"'
      ],
      [
        '- ./build.ps1 -Text: x',
        'tasks:1:3: expected a field such as "run", got the key "./build.ps1 -Text"; if it is PowerShell, put the text in quotes, or write it on the lines below "- |" or "run: |"'
      ],
      [
        '- {Get-Date}',
        'tasks:1:3: expected a field such as "run", got the key "Get-Date"; if it is PowerShell, put the text in quotes, or write it on the lines below "- |" or "run: |"'
      ],
      ['- script: ./build.ps1', 'tasks:1:3: unknown field "script", did you mean "run"?'],
      [
        '- build:\n    run: ./build.ps1',
        'tasks:1:3: expected the fields of a task, got "build" with a task below it; write "- id: build", and the fields below that'
      ],
      [
        '- build: {timeout: 5}',
        'tasks:1:3: unknown field "build"',
        'tasks:1:3: expected a task with "run" (script text) or "file" (a .ps1 file), got neither'
      ],
      ['- name: x\n  rn: ./build.ps1', 'tasks:2:3: unknown field "rn", did you mean "run"?']
    ]
  ],
  [
    'locks',
    [
      ['locks: 5\ntasks: []', 'tasks:1:8: locks: expected a map of rooms by the name of the lock, got 5'],
      ['locks: [sql]\ntasks: []', 'tasks:1:8: locks: expected a map of rooms by the name of the lock, got a list'],
      ['lock: {sql: 1}\ntasks: []', 'tasks:1:1: unknown field "lock", did you mean "locks", or "lock" in "defaults"?'],
      ['loks: {sql: 1}\ntasks: []', 'tasks:1:1: unknown field "loks", did you mean "locks"?'],
      ['locks: {sql: 1}', 'tasks:1:1: expected "tasks" with the list of tasks, got a map without it'],
      ...['0', '-1', '1.5', '1000001', '"5"', 'null', 'true', '[1]'].map((value): Row => {
        const got = ({null: 'nothing', '[1]': 'a list'} as Record<string, string>)[value] ?? value
        const isNumber = /^-?\d+$/.test(value)
        return [
          `locks: {sql: ${value}}\ntasks: []`,
          `tasks:1:14: locks.sql: expected a whole number from 1 to 1,000,000${isNumber ? '' : ', or a map of room and per'}, got ${got}`
        ]
      }),
      [
        'locks: {sql: {room: 0, per: job, rom: 1}}\ntasks: []',
        'tasks:1:21: locks.sql.room: expected a whole number from 1 to 1,000,000, got 0',
        'tasks:1:29: locks.sql.per: expected all or machine, got "job"',
        'tasks:1:34: locks.sql: unknown field "rom", did you mean "room"?'
      ],
      [
        'locks: {sql: {per: machin}}\ntasks: []',
        'tasks:1:20: locks.sql.per: expected all or machine, got "machin", did you mean "machine"?'
      ],
      ['locks: {"": 1}\ntasks: []', 'tasks:1:9: locks: expected the name of a lock, got ""'],
      ['locks: {a: 1, a: 2}\ntasks: []', 'tasks:1:15: duplicate key "a", first at 1:9'],
      ['- {run: x, lock: "a\\nb"}', 'tasks:1:18: lock: expected a name of one line and at most 256 characters, got "a\\nb"'],
      [
        `- {run: x, lock: ${'a'.repeat(257)}}`,
        `tasks:1:18: lock: expected a name of one line and at most 256 characters, got "${'a'.repeat(60)}…"`
      ],
      [
        '- {run: x, locks: {sql: 1}}',
        'tasks:1:12: unknown field "locks", which belongs at the top of a list in YAML, beside "tasks"; a task has "lock"'
      ],
      [
        '- {run: x, defaults: {timeout: 5}}',
        'tasks:1:12: unknown field "defaults", which belongs at the top of a list in YAML, beside "tasks"'
      ]
    ]
  ],
  [
    'unknown fields',
    [
      ['- run: x\n  paramters: {}', 'tasks:2:3: unknown field "paramters", did you mean "parameters"?'],
      ['- run: x\n  params: {}', 'tasks:2:3: unknown field "params", did you mean "parameters"?'],
      ['- run: x\n  args: []', 'tasks:2:3: unknown field "args", did you mean "arguments"?'],
      ['- run: x\n  Name: y', 'tasks:2:3: unknown field "Name", did you mean "name"?'],
      ['- run: x\n  workingDirectory: src', 'tasks:2:3: unknown field "workingDirectory", did you mean "working-directory"?'],
      ['- run: x\n  working_directory: src', 'tasks:2:3: unknown field "working_directory", did you mean "working-directory"?'],
      ['- run: x\n  cwd: src', 'tasks:2:3: unknown field "cwd", did you mean "working-directory"?'],
      ['- run: x\n  timeout-minutes: 5', 'tasks:2:3: unknown field "timeout-minutes", did you mean "timeout"?'],
      ['- run: x\n  timeoutMinutes: 5', 'tasks:2:3: unknown field "timeoutMinutes", did you mean "timeout"?'],
      ['- run: x\n  if: always()', 'tasks:2:3: unknown field "if", did you mean "when"?'],
      ['- run: x\n  depends-on: a', 'tasks:2:3: unknown field "depends-on", did you mean "needs"?'],
      ['- run: x\n  strategy: {matrix: {}}', 'tasks:2:3: unknown field "strategy", did you mean "matrix"?'],
      ['- run: x\n  include: []', 'tasks:2:3: unknown field "include", which belongs in "matrix"'],
      ['- run: x\n  retries: 3', 'tasks:2:3: unknown field "retries", did you mean "retry"?'],
      ['- run: x\n  continueOnError: true', 'tasks:2:3: unknown field "continueOnError", did you mean "continue-on-error"?'],
      ['- run: x\n  uses: actions/checkout', 'tasks:2:3: unknown field "uses"'],
      ['- run: x\n  constructor: 1\n  __proto__: 2', 'tasks:2:3: unknown field "constructor"', 'tasks:3:3: unknown field "__proto__"'],
      [
        '- run: x\n  nam: a\n  tiemout: 5m\n  evn: {}',
        'tasks:2:3: unknown field "nam", did you mean "name"?',
        'tasks:3:3: unknown field "tiemout", did you mean "timeout"?',
        'tasks:4:3: unknown field "evn", did you mean "env"?'
      ],
      ['- run: x\n  retry: {times: 1, dealy: 5s}', 'tasks:2:21: retry: unknown field "dealy", did you mean "delay"?'],
      [
        'defaults: {run: x}\ntasks: []',
        'tasks:1:12: defaults: unknown field "run", which is for a task only; defaults takes env, working-directory, timeout, retry, slow, continue-on-error, success-codes, isolation, objects, shell, lock, resume'
      ],
      ['defaults: {timeot: 5m}\ntasks: []', 'tasks:1:12: defaults: unknown field "timeot", did you mean "timeout"?'],
      [
        'defaults: {parameters: {a: 1}}\ntasks: []',
        'tasks:1:12: defaults: unknown field "parameters", which is for a task only; defaults takes env, working-directory, timeout, retry, slow, continue-on-error, success-codes, isolation, objects, shell, lock, resume'
      ],
      [
        'defaults: {retry: {times: 1, maxdelay: 5}}\ntasks: []',
        'tasks:1:30: defaults.retry: unknown field "maxdelay", did you mean "max-delay"?'
      ]
    ]
  ],
  [
    'names and ids',
    [
      ['- run: x\n  name: ""', 'tasks:2:9: name: expected text, got ""'],
      ['- run: x\n  name: "  "', 'tasks:2:9: name: expected text, got "  "'],
      ['- run: x\n  name:', 'tasks:2:8: name: expected text, got nothing'],
      ['- run: x\n  name: [a]', 'tasks:2:9: name: expected text, got a list'],
      ['- {run: x, name: a}\n- {run: y, name: a}', 'tasks:2:18: name: "a" is already the name of the task at tasks:1:18'],
      [
        '- {run: x, name: a}\n- {run: y, name: " a"}\n- {run: z, name: "a\\n"}',
        'tasks:2:18: name: "a" is already the name of the task at tasks:1:18',
        'tasks:3:18: name: "a" is already the name of the task at tasks:1:18'
      ],
      ['- {run: x, id: 1st}', 'tasks:1:16: id: expected letters (of any script), digits, _ and -, beginning with a letter or _, got "1st"'],
      [
        '- {run: x, id: "a b"}',
        'tasks:1:16: id: expected letters (of any script), digits, _ and -, beginning with a letter or _, got "a b"'
      ],
      ['- {run: x, id: 5}', 'tasks:1:16: id: expected letters (of any script), digits, _ and -, beginning with a letter or _, got 5'],
      ['- {run: x, id: ""}', 'tasks:1:16: id: expected letters (of any script), digits, _ and -, beginning with a letter or _, got ""'],
      ['- {run: x, id: 1ä}', 'tasks:1:16: id: expected letters (of any script), digits, _ and -, beginning with a letter or _, got "1ä"'],
      ['- {run: x, id: a}\n- {run: y, id: a}', 'tasks:2:16: id: "a" is already the id of the task at tasks:1:16'],
      [
        '- {run: x, id: Build}\n- {run: y, id: build}',
        'tasks:2:16: id: "build" is already the id of the task at tasks:1:16 ("Build": ids do not differ by case alone)'
      ],
      ['- {run: x, id: a, foreach: [1, 2]}\n- {run: y, id: a_2}', 'tasks:2:16: id: "a_2" is already the id of the task at tasks:1:16'],
      ['- {run: x, id: a_1}\n- {run: y, id: a, foreach: [1]}', 'tasks:2:16: id: "a_1" is already the id of the task at tasks:1:16'],
      ['- {run: x, id: a, foreach: []}\n- {run: y, id: a}', 'tasks:2:16: id: "a" is already the id of the group at tasks:1:16'],
      [
        '- {run: x, id: "a_$_", foreach: [1, 2]}',
        'tasks:1:16: id: it names all tasks of this entry together, which get _1, _2, … behind it; leave out $_'
      ],
      [
        '- {run: x, name: "n $_", foreach: [a, a]}',
        'tasks:1:18: name: "n a" is the name of several tasks of this entry; add what tells them apart'
      ]
    ]
  ],
  [
    'needs and when',
    [
      ['- {run: x, needs: biuld}\n- {run: y, id: build}', 'tasks:1:19: needs: no task has the id "biuld", did you mean "build"?'],
      ['- {run: x, needs: nothing}', 'tasks:1:19: needs: no task has the id "nothing"'],
      ['- {run: x, needs: [a, b]}\n- {run: y, id: a}', 'tasks:1:23: needs: no task has the id "b"'],
      [
        '- {run: x, needs: unit tests}\n- {run: y, name: unit tests}',
        'tasks:1:19: needs: no task has the id "unit tests", did you mean "unit_tests"?'
      ],
      ['- {run: x, needs: 5}', 'tasks:1:19: needs: expected an id or a list of ids, got 5'],
      ['- {run: x, needs: [1]}', 'tasks:1:20: needs: expected an id, got 1'],
      ['- {run: x, needs: {id: a}}', 'tasks:1:19: needs: expected an id or a list of ids, got a map'],
      ['- {run: x, needs: ""}', 'tasks:1:19: needs: no task has the id ""'],
      ['- {run: x, id: a, needs: a}', 'tasks:1:26: needs: "a" needs "a": none of them could ever start'],
      [
        '- {run: x, id: a, needs: b}\n- {run: y, id: b, needs: a}',
        'tasks:1:26: needs: "a" needs "b" needs "a": none of them could ever start'
      ],
      [
        '- {run: x, id: a, needs: [z, c]}\n- {run: y, id: b, needs: a}\n- {run: z, id: c, needs: b}\n- {run: z, id: z}',
        'tasks:1:30: needs: "a" needs "c" needs "b" needs "a": none of them could ever start'
      ],
      ['- {run: x, id: g, foreach: [1, 2], needs: g}', 'tasks:1:43: needs: "g_1" needs "g_1": none of them could ever start'],
      [
        '- {run: x, id: g, foreach: [1, 2], needs: h}\n- {run: y, id: h, needs: g_2}',
        'tasks:1:43: needs: "g_2" needs "h" needs "g_2": none of them could ever start'
      ],
      ['- {run: x, when: failure}', 'tasks:1:12: when: failure is about the tasks that this one needs, but there is no "needs"'],
      ['- {run: x, when: always, needs: []}', 'tasks:1:12: when: always is about the tasks that this one needs, but there is no "needs"'],
      ['- {run: x, when: sucess}', 'tasks:1:18: when: expected success, failure or always, got "sucess", did you mean "success"?'],
      ['- {run: x, when: always()}', 'tasks:1:18: when: expected success, failure or always, got "always()", did you mean "always"?'],
      ['- {run: x, when: true}', 'tasks:1:18: when: expected success, failure or always, got true']
    ]
  ],
  [
    'durations and retry',
    [
      [
        '- {run: x, timeout: 5 mins}',
        'tasks:1:21: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "5 mins"'
      ],
      [
        '- {run: x, timeout: 5min}',
        'tasks:1:21: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "5min"'
      ],
      [
        '- {run: x, timeout: -1}',
        'tasks:1:21: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got -1'
      ],
      [
        '- {run: x, timeout: 1m5h}',
        'tasks:1:21: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "1m5h"'
      ],
      [
        '- {run: x, timeout: 1.5h}',
        'tasks:1:21: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "1.5h"'
      ],
      [
        '- {run: x, timeout: 25d}',
        'tasks:1:21: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "25d"'
      ],
      ['- {run: x, timeout: 600h}', 'tasks:1:21: timeout: expected a duration of at most 576h (24 days), got "600h"'],
      ['- {run: x, timeout: 9999999999}', 'tasks:1:21: timeout: expected a duration of at most 576h (24 days), got 9999999999'],
      [
        '- {run: x, timeout: ""}',
        'tasks:1:21: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got ""'
      ],
      [
        '- {run: x, timeout: true}',
        'tasks:1:21: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got true'
      ],
      [
        '- {run: x, timeout: [5]}',
        'tasks:1:21: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got a list'
      ],
      [
        '- run: x\n  timeout:',
        'tasks:2:11: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got nothing'
      ],
      [
        '- {run: x, timeout: .inf}',
        'tasks:1:21: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got .inf'
      ],
      [
        '- {run: x, timeout: 99999999999999999999999999}',
        'tasks:1:21: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got 99999999999999999999999999'
      ],
      [
        'build:\n  run: ./build.ps1\ntest suite:\n  file: test.ps1',
        'tasks:1:1: expected a list of tasks, or a map of "defaults", "locks" and "tasks", got a map of tasks by id; write "- id: build", and the fields below that'
      ],
      [
        'defaults: {timeout: 1m}\nunit tests: {run: x}',
        'tasks:2:1: expected a list of tasks, or a map of "defaults", "locks" and "tasks", got a map of tasks by id; write "- name: unit tests", and the fields below that'
      ],
      ['tasks: {build: {run: x}}', 'tasks:1:8: tasks: expected a list of tasks, got a map; write "- id: build", and the fields below that'],
      ['- {run: x, success-codes: 3010}', 'tasks:1:27: success-codes: expected a list of exit codes, such as [0, 3010], got 3010'],
      ['- {run: x, success-codes: []}', 'tasks:1:27: success-codes: expected a list of exit codes, such as [0, 3010], got an empty list'],
      [
        '- {run: x, success-codes: [0, ok]}',
        'tasks:1:31: success-codes: expected an exit code (a whole number from -2147483648 to 4294967295), got "ok"'
      ],
      [
        '- {run: x, success-codes: [4294967296]}',
        'tasks:1:28: success-codes: expected an exit code (a whole number from -2147483648 to 4294967295), got 4294967296'
      ],
      ['- {run: x, success-code: [0]}', 'tasks:1:12: unknown field "success-code", did you mean "success-codes"?'],
      ['- {run: x, ignore-exit-codes: [0]}', 'tasks:1:12: unknown field "ignore-exit-codes", did you mean "success-codes"?'],
      ['- {run: x, retry: -1}', 'tasks:1:19: retry: expected a whole number from 0 to 100, got -1'],
      ['- {run: x, retry: 101}', 'tasks:1:19: retry: expected a whole number from 0 to 100, got 101'],
      [
        '- {run: x, retry: 1.5}',
        'tasks:1:19: retry: expected a whole number from 0 to 100, or a map of times, delay, backoff, max-delay, jitter, on and not, got 1.5'
      ],
      [
        '- {run: x, retry: "3"}',
        'tasks:1:19: retry: expected a whole number from 0 to 100, or a map of times, delay, backoff, max-delay, jitter, on and not, got "3"'
      ],
      [
        '- {run: x, retry: true}',
        'tasks:1:19: retry: expected a whole number from 0 to 100, or a map of times, delay, backoff, max-delay, jitter, on and not, got true'
      ],
      [
        '- {run: x, retry: [3]}',
        'tasks:1:19: retry: expected a whole number from 0 to 100, or a map of times, delay, backoff, max-delay, jitter, on and not, got a list'
      ],
      ['- {run: x, retry: {}}', 'tasks:1:19: retry.times is missing: expected a whole number from 0 to 100'],
      ['- {run: x, retry: {delay: 5s}}', 'tasks:1:19: retry.times is missing: expected a whole number from 0 to 100'],
      ['- {run: x, retry: {times: three}}', 'tasks:1:27: retry.times: expected a whole number from 0 to 100, got "three"'],
      [
        '- {run: x, retry: {times: 1, delay: soon}}',
        'tasks:1:37: retry.delay: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "soon"'
      ],
      ['- {run: x, retry: {times: 1, backoff: 0.5}}', 'tasks:1:39: retry.backoff: expected a number from 1 to 100, got 0.5'],
      ['- {run: x, retry: {times: 1, backoff: fast}}', 'tasks:1:39: retry.backoff: expected a number from 1 to 100, got "fast"'],
      [
        '- {run: x, retry: {times: 1, max-delay: -5}}',
        'tasks:1:41: retry.max-delay: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got -5'
      ],
      [
        '- {run: x, slow: soon}',
        'tasks:1:18: slow: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), or a multiple of what is usual such as 3x (more than 1x, at most 1000x), got "soon"'
      ],
      [
        '- {run: x, slow: 1x}',
        'tasks:1:18: slow: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), or a multiple of what is usual such as 3x (more than 1x, at most 1000x), got "1x"'
      ],
      ['- {run: x, slow: 3x}', 'tasks:1:18: slow: a multiple needs recorded durations: give "timings-file" too, or a duration such as 2m'],
      [
        'defaults: {slow: 3x}\ntasks: [x]',
        'tasks:1:18: defaults.slow: a multiple needs recorded durations: give "timings-file" too, or a duration such as 2m'
      ],
      [
        '- {run: x, retry: {times: 1, on: never}}',
        'tasks:1:34: retry.on: expected error, timeout, worker-lost, an exit code other than 0, or a map of match or exception, or a list of them, got "never"'
      ],
      [
        '- {run: x, retry: {times: 1, on: [eror]}}',
        'tasks:1:35: retry.on: expected error, timeout, worker-lost, an exit code other than 0, or a map of match or exception, got "eror", did you mean "error"?'
      ],
      [
        '- {run: x, retry: {times: 1, on: [0]}}',
        'tasks:1:35: retry.on: expected error, timeout, worker-lost, an exit code other than 0, or a map of match or exception, got 0'
      ],
      [
        '- {run: x, retry: {times: 1, on: 1.5}}',
        'tasks:1:34: retry.on: expected error, timeout, worker-lost, an exit code other than 0, or a map of match or exception, or a list of them, got 1.5'
      ],
      [
        '- {run: x, retry: {times: 1, on: []}}',
        'tasks:1:34: retry.on: expected one or more of: error, timeout, worker-lost, an exit code other than 0, or a map of match or exception, got an empty list'
      ],
      [
        '- {run: x, retry: {times: 1, on: [error, 3010]}}',
        'tasks:1:34: retry.on: expected error alone or beside timeout alone, because it stands for every failure but a timeout, got a list'
      ],
      [
        '- {run: x, retry: {times: 1, not: [{match: a}, error]}}',
        'tasks:1:35: retry.not: expected error alone or beside timeout alone, because it stands for every failure but a timeout, got a list'
      ],
      [
        '- {run: x, retry: {times: 1, on: [timeout, {match: "(?=x)"}]}}',
        'tasks:1:52: retry.on.match: expected a regular expression without look-around and back-references (invalid or unsupported Perl syntax: (?=), got "(?=x)"'
      ],
      [
        '- {run: x, retry: {times: 1, not: {match: ""}}}',
        'tasks:1:43: retry.not.match: expected a regular expression without look-around and back-references (it matches the empty text, so everything), got ""'
      ],
      ['- {run: x, retry: {times: 1, on: {mach: a}}}', 'tasks:1:35: retry.on: unknown field "mach", did you mean "match"?'],
      [
        '- {run: x, retry: {times: 1, on: [{match: a, exception: b}]}}',
        'tasks:1:35: retry.on: expected one of match and exception, got a map'
      ],
      [
        '- {run: x, retry: {times: 1, on: [{exception: [System.IO.IOException]}]}}',
        'tasks:1:47: retry.on.exception: expected the name of a type of exception, or a FullyQualifiedErrorId (text, without brackets), got a list'
      ],
      [
        '- {run: x, retry: {times: 1, on: [4294967296]}}',
        'tasks:1:35: retry.on: expected error, timeout, worker-lost, an exit code other than 0, or a map of match or exception, got 4294967296'
      ],
      [
        '- {run: x, retry: {times: x, delay: y, on: z, quux: 1}}',
        'tasks:1:27: retry.times: expected a whole number from 0 to 100, got "x"',
        'tasks:1:37: retry.delay: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "y"',
        'tasks:1:44: retry.on: expected error, timeout, worker-lost, an exit code other than 0, or a map of match or exception, or a list of them, got "z"',
        'tasks:1:47: retry: unknown field "quux"'
      ]
    ]
  ],
  [
    'values of other fields',
    [
      ['- run:', 'tasks:1:7: run: expected script text, got nothing'],
      ['- run: ""', 'tasks:1:8: run: expected script text, got ""'],
      ['- run: [a]', 'tasks:1:8: run: expected script text, got a list'],
      ['- run: {a: 1}', 'tasks:1:8: run: expected script text, got a map'],
      ['- {run: x, parameters: [a]}', 'tasks:1:24: parameters: expected a map of values by parameter name, got a list'],
      ['- {run: x, parameters: -Fast}', 'tasks:1:24: parameters: expected a map of values by parameter name, got "-Fast"'],
      ['- {run: x, parameters: {-Fast: true}}', 'tasks:1:25: parameters: expected the name of a parameter without the dash, got "-Fast"'],
      ['- {run: x, parameters: {"": 1}}', 'tasks:1:25: parameters: expected the name of a parameter, got ""'],
      [
        '- {run: x, parameters: {Name: 1, name: 2}}',
        'tasks:1:34: parameters: "name" and "Name" differ in case only, which is one key to PowerShell'
      ],
      [
        '- {run: x, parameters: {Map: {Name: 1, name: 2}}}',
        'tasks:1:40: parameters: "name" and "Name" differ in case only, which is one key to PowerShell'
      ],
      ['- {run: x, arguments: a b}', 'tasks:1:23: arguments: expected a list, got "a b"'],
      ['- {run: x, arguments: {a: 1}}', 'tasks:1:23: arguments: expected a list, got a map'],
      ['- {run: x, arguments: [{A: 1, a: 2}]}', 'tasks:1:31: arguments: "a" and "A" differ in case only, which is one key to PowerShell'],
      ['- {run: x, env: [A=1]}', 'tasks:1:17: env: expected a map of variables, got a list'],
      ['- {run: x, env: A=1}', 'tasks:1:17: env: expected a map of variables, got "A=1"'],
      ['- {run: x, env: {A: [1]}}', 'tasks:1:21: env.A: expected text, a number, true, false, or null to remove the variable, got a list'],
      [
        '- {run: x, env: {A: {b: 1}}}',
        'tasks:1:21: env.A: expected text, a number, true, false, or null to remove the variable, got a map'
      ],
      ['- {run: x, env: {"A=B": 1}}', 'tasks:1:18: env: expected the name of a variable, got "A=B"'],
      ['- {run: x, env: {"": 1}}', 'tasks:1:18: env: expected the name of a variable, got ""'],
      ['- {run: x, env: {A: "a\\0b"}}', 'tasks:1:21: env.A: expected text without NUL characters, got "a\\u0000b"'],
      ['- {run: x, continue-on-error: yes}', 'tasks:1:31: continue-on-error: expected true or false, got "yes", did you mean true?'],
      ['- {run: x, continue-on-error: Off}', 'tasks:1:31: continue-on-error: expected true or false, got "Off", did you mean false?'],
      ['- {run: x, continue-on-error: "true"}', 'tasks:1:31: continue-on-error: expected true or false, got "true", did you mean true?'],
      ['- {run: x, continue-on-error: 1}', 'tasks:1:31: continue-on-error: expected true or false, got 1'],
      ['- {run: x, lock: ""}', 'tasks:1:18: lock: expected text, got ""'],
      ['- {run: x, lock: {a: 1}}', 'tasks:1:18: lock: expected text or a list of texts, got a map'],
      ['- {run: x, lock: [a, [b]]}', 'tasks:1:22: lock: expected text, got a list'],
      ['- {run: x, lock: null}', 'tasks:1:18: lock: expected text or a list of texts, got nothing'],
      [
        '- {run: x, isolation: proces}',
        'tasks:1:23: isolation: expected process, runspace, none or thread, got "proces", did you mean "process"?'
      ],
      ['- {run: x, isolation: container}', 'tasks:1:23: isolation: expected process, runspace, none or thread, got "container"'],
      ['- {run: x, isolation: null}', 'tasks:1:23: isolation: expected process, runspace, none or thread, got nothing'],
      [
        '- {run: x, shell: bash}',
        'tasks:1:19: shell: expected a PowerShell (pwsh, powershell, a path, or a command line with leading arguments), got "bash"'
      ],
      [
        '- {run: x, shell: "pwsh -File {0}"}',
        'tasks:1:19: shell: expected pwsh, powershell, a path, or a command line with leading arguments, without {0} (the script is not passed as a file), got "pwsh -File {0}"'
      ],
      ['- {run: x, shell: ""}', 'tasks:1:19: shell: expected pwsh, powershell, a path, or a command line with leading arguments, got ""'],
      [
        '- {run: x, shell: [pwsh]}',
        'tasks:1:19: shell: expected pwsh, powershell, a path, or a command line with leading arguments, got a list'
      ],
      [
        'defaults: {timeout: 5 mins, env: [], isolation: vm, lock: {}, shell: cmd, continue-on-error: maybe}\ntasks: []',
        'tasks:1:21: defaults.timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "5 mins"',
        'tasks:1:34: defaults.env: expected a map of variables, got an empty list',
        'tasks:1:49: defaults.isolation: expected process, runspace, none or thread, got "vm"',
        'tasks:1:59: defaults.lock: expected text or a list of texts, got an empty map',
        'tasks:1:70: defaults.shell: expected a PowerShell (pwsh, powershell, a path, or a command line with leading arguments), got "cmd"',
        'tasks:1:94: defaults.continue-on-error: expected true or false, got "maybe"'
      ]
    ]
  ],
  [
    'matrix',
    [
      ['- {run: x, matrix: 5}', 'tasks:1:20: matrix: expected a map of lists, got 5'],
      ['- {run: x, matrix: [a]}', 'tasks:1:20: matrix: expected a map of lists, got a list'],
      ['- {run: x, matrix: $_}', 'tasks:1:20: matrix: expected a map of lists, got "$_"'],
      ['- {run: x, matrix: {}}', 'tasks:1:20: matrix: expected a list of values by name, or at least one map in "include"'],
      ['- {run: x, matrix: {include: []}}', 'tasks:1:20: matrix: expected a list of values by name, or at least one map in "include"'],
      ['- {run: x, matrix: {os: linux}}', 'tasks:1:25: matrix.os: expected a list of at least one value, got "linux"'],
      ['- {run: x, matrix: {os: a, v: [1], exclude: [{os: a}]}}', 'tasks:1:25: matrix.os: expected a list of at least one value, got "a"'],
      ['- {run: x, matrix: {os: []}}', 'tasks:1:25: matrix.os: expected a list of at least one value, got an empty list'],
      ['- {run: x, matrix: {__proto__: 5}}', 'tasks:1:32: matrix.__proto__: expected a list of at least one value, got 5'],
      ['- {run: x, matrix: {os: [a], include: {os: b}}}', 'tasks:1:39: matrix.include: expected a list of maps, got a map'],
      ['- {run: x, matrix: {os: [a], exclude: [a]}}', 'tasks:1:40: matrix.exclude: expected a map of values, got "a"'],
      ['- {run: x, matrix: {os: [a], include: [{}]}}', 'tasks:1:40: matrix.include: expected a map of values, got an empty map'],
      [
        '- {run: x, matrix: {version: [a], exclude: [{verson: a}]}}',
        'tasks:1:46: matrix.exclude: the matrix has no list "verson", did you mean "version"?'
      ],
      [
        '- {run: x, matrix: {os: [a], exclude: [{new: 1}], include: [{new: 1}]}}',
        'tasks:1:41: matrix.exclude: the matrix has no list "new"'
      ],
      ['- {run: x, matrix: {os: [a], OS: [b]}}', 'tasks:1:30: matrix: "OS" and "os" differ in case only, which is one key to PowerShell'],
      [
        '- {run: x, matrix: {os: [a], include: [{new: 1, New: 2}]}}',
        'tasks:1:49: matrix.include: "New" and "new" differ in case only, which is one key to PowerShell'
      ],
      ['- {run: x, matrix: {os: [{a: 1, A: 2}]}}', 'tasks:1:33: matrix: "A" and "a" differ in case only, which is one key to PowerShell'],
      ['- {run: x, matrix: {os: [a]}, foreach: [b]}', 'tasks:1:31: expected one of "foreach" and "matrix", got both'],
      ['- {run: x, foreach: [b], matrix: {os: [a]}}', 'tasks:1:26: expected one of "foreach" and "matrix", got both'],
      [
        '- {run: x, matrix: {version: [a, b]}, name: on $_.verson}',
        'tasks:1:45: name: combination 1 of matrix has no key "verson", did you mean "version"?'
      ],
      [
        '- {run: x, matrix: {os: [a, b]}, name: on $_}',
        'tasks:1:40: name: "$_" is a map in combination 1 of matrix, which has no text; one of its keys has: $_.os'
      ],
      [
        '- {run: x, matrix: {os: [a, b]}, name: n $_.os, timeout: $_.os}',
        'tasks:1:26: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "a"',
        'tasks:1:29: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "b"'
      ],
      [
        '- {run: x, id: $_.os, matrix: {os: [a]}}',
        'tasks:1:16: id: it names all tasks of this entry together, which get _1, _2, … behind it; leave out $_'
      ],
      ['- {run: x, name: same, matrix: {os: [a]}, include: []}', 'tasks:1:43: unknown field "include", which belongs in "matrix"'],
      [
        'defaults: {matrix: {os: [a]}}\ntasks: []',
        'tasks:1:12: defaults: unknown field "matrix", which is for a task only; defaults takes env, working-directory, timeout, retry, slow, continue-on-error, success-codes, isolation, objects, shell, lock, resume'
      ]
    ]
  ],
  [
    'foreach',
    [
      [
        '- {run: x, foreach: a}',
        'tasks:1:21: foreach: expected a list of items, or the path of a .csv, .txt, .json or .yml file of them, got "a"'
      ],
      [
        '- {run: x, foreach: {a: 1}}',
        'tasks:1:21: foreach: expected a list of items, or the path of a .csv, .txt, .json or .yml file of them, got a map'
      ],
      [
        '- {run: x, foreach: null}',
        'tasks:1:21: foreach: expected a list of items, or the path of a .csv, .txt, .json or .yml file of them, got nothing'
      ],
      [
        '- {run: x, foreach: 5, paramters: {}, timeout: $_}',
        'tasks:1:21: foreach: expected a list of items, or the path of a .csv, .txt, .json or .yml file of them, got 5',
        'tasks:1:24: unknown field "paramters", did you mean "parameters"?'
      ],
      [
        '- {run: x, foreach: [a], timeout: $_}',
        'tasks:1:22: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "a"'
      ],
      [
        '- {run: x, foreach: [{t: 5 mins}, {t: 5m}, {t: soon}], timeout: $_.t}',
        'tasks:1:26: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "5 mins"',
        'tasks:1:48: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "soon"'
      ],
      [
        '- {run: x, foreach: [1, 2, 3], timeout: 5 mins}',
        'tasks:1:41: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "5 mins"'
      ],
      [
        '- {run: x, foreach: [{region: eu}], name: to $_.regon}',
        'tasks:1:43: name: item 1 of foreach has no key "regon", did you mean "region"?'
      ],
      ['- {run: x, foreach: [{a: 1}, {b: 1}, {c: 1}], name: to $_.a}', 'tasks:1:53: name: item 2 of foreach has no key "a"'],
      [
        '- {run: x, foreach: [{region: eu}], name: to $_}',
        'tasks:1:43: name: "$_" is a map in item 1 of foreach, which has no text; one of its keys has: $_.region'
      ],
      ['- {run: x, foreach: [[1, 2]], name: to $_}', 'tasks:1:37: name: "$_" is a list in item 1 of foreach, which has no text'],
      [
        '- {run: x, foreach: [eu], name: "log$_old"}',
        'tasks:1:33: name: "$_old" is not the item; write "${_}old", or "$$_old" for these characters'
      ],
      [
        '- {run: x, foreach: [eu], name: "${_.region}"}',
        'tasks:1:33: name: item 1 of foreach is "eu", which has no key "region"; $_ is the item itself'
      ],
      ['- {run: x, foreach: [{a: {b: 1}}], name: "${_.a.c}"}', 'tasks:1:42: name: item 1 of foreach has no key "c"'],
      ['- {run: x, foreach: [{a: {b: 1}}], name: n $_.a}', 'tasks:1:42: name: "$_.a" is a map in item 1 of foreach, which has no text'],
      ['- {run: x, foreach: [5], continue-on-error: $_}', 'tasks:1:22: continue-on-error: expected true or false, got 5'],
      [
        '- {run: x, foreach: [yes], continue-on-error: $_}',
        'tasks:1:22: continue-on-error: expected true or false, got "yes", did you mean true?'
      ],
      ['- {run: x, foreach: [a], needs: [b_$_]}', 'tasks:1:34: needs: no task has the id "b_a", did you mean "x_a"?'],
      ['- {run: x, foreach: [{A: 1, a: 2}]}', 'tasks:1:29: foreach: "a" and "A" differ in case only, which is one key to PowerShell'],
      ['- {file: "$_.ps1", foreach: [build, biuld]}', 'tasks:1:10: file: no such file "biuld.ps1", did you mean "build.ps1"?'],
      ['- {run: x, foreach: [null], name: $_}', 'tasks:1:22: name: expected text, got nothing'],
      ['- {run: x, foreach: [a], parameters: $_}', 'tasks:1:22: parameters: expected a map of values by parameter name, got "a"']
    ]
  ],
  [
    'files and folders',
    [
      ['- file: biuld.ps1', 'tasks:1:9: file: no such file "biuld.ps1", did you mean "build.ps1"?'],
      ['- file: ./script/deploy.ps1', 'tasks:1:9: file: no such file "./script/deploy.ps1", did you mean "scripts/deploy.ps1"?'],
      ['- file: nowhere/near.ps1', 'tasks:1:9: file: no such file "nowhere/near.ps1"'],
      ['- file: script/other.ps1', 'tasks:1:9: file: no such file "script/other.ps1"; the nearest folder is "scripts"'],
      [
        '- file: start.ps1\n  working-directory: app',
        'tasks:1:9: file: no such file "start.ps1"; there is one in the working-directory: write "app/start.ps1"'
      ],
      ['- file: README.md', 'tasks:1:9: file: expected a .ps1 file, got "README.md"'],
      ['- file: build', 'tasks:1:9: file: no such file "build"'],
      ['- file: scripts', 'tasks:1:9: file: expected a .ps1 file, got the folder "scripts"; "scripts/*.ps1" takes all in it'],
      ['- file: scripts/', 'tasks:1:9: file: expected a .ps1 file, got the folder "scripts/"; "scripts/*.ps1" takes all in it'],
      ['- file: tests/*.ps2', 'tasks:1:9: file: no .ps1 file matches "tests/*.ps2"'],
      ['- file: "*.md"', 'tasks:1:9: file: no .ps1 file matches "*.md" (1 with other extensions)'],
      ['- file: none/**/*.ps1', 'tasks:1:9: file: no .ps1 file matches "none/**/*.ps1"'],
      ['- file: ../build.ps1', 'tasks:1:9: file: no such file "../build.ps1"'],
      ['- file: ""', 'tasks:1:9: file: expected text, got ""'],
      ['- file: "build.ps1\\0"', 'tasks:1:9: file: no such file "build.ps1\\u0000", did you mean "build.ps1"?'],
      ['- {run: x, working-directory: srcc}', 'tasks:1:31: working-directory: no such folder "srcc", did you mean "src"?'],
      ['- {run: x, working-directory: build.ps1}', 'tasks:1:31: working-directory: expected a folder, got the file "build.ps1"'],
      ['- {run: x, working-directory: ""}', 'tasks:1:31: working-directory: expected text, got ""'],
      ['- {run: x, working-directory: nowhere}', 'tasks:1:31: working-directory: no such folder "nowhere"'],
      ['defaults: {working-directory: ap}\ntasks: []', 'tasks:1:31: defaults.working-directory: no such folder "ap", did you mean "app"?']
    ]
  ],
  [
    'YAML',
    [
      [
        '- & ./build.ps1',
        'tasks:1:3: "&" starts an anchor and "*" an alias; if this is PowerShell, put the text in quotes, or write it on the lines below "- |" or "run: |"'
      ],
      ['- *.ps1', 'tasks:1:3: unknown alias "*.ps1"; "*" starts an alias in YAML: put a text in quotes'],
      ['- @args', 'tasks:1:3: a value cannot start with @; put the text in quotes, or write it on the lines below "- |" or "run: |"'],
      ['- %{ $_ }', 'tasks:1:3: a value cannot start with %; put the text in quotes, or write it on the lines below "- |" or "run: |"'],
      ['- `$x', 'tasks:1:3: a value cannot start with `; put the text in quotes, or write it on the lines below "- |" or "run: |"'],
      [
        '- !now',
        'tasks:1:3: "!" starts a tag, and there is none named "!now"; if this is PowerShell, put the text in quotes, or write it on the lines below "- |" or "run: |"'
      ],
      [
        '- !!binary aGk=',
        'tasks:1:3: "!" starts a tag, and there is none named "binary"; if this is PowerShell, put the text in quotes, or write it on the lines below "- |" or "run: |"'
      ],
      [
        '- name: build\nrun: ./build.ps1',
        'tasks:2:1: this line is indented less than the entry above it; if it belongs to that entry, align it with its keys'
      ],
      [
        '- [int]$x',
        'tasks:1:8: the value ends before this; if it belongs to the text, put the text in quotes, or write it on the lines below "- |" or "run: |"'
      ],
      [
        '- "a" + "b"',
        'tasks:1:7: the value ends before this; if it belongs to the text, put the text in quotes, or write it on the lines below "- |" or "run: |"'
      ],
      [
        "- run: 'it's'",
        'tasks:1:12: the value ends before this; if it belongs to the text, put the text in quotes, or write it on the lines below "- |" or "run: |"'
      ],
      [
        '- run: Write-Host a: b',
        'tasks:1:8: ": " makes a key and its value, and there is one already; if it belongs to the text, put the text in quotes, or write it on the lines below "- |" or "run: |"'
      ],
      ['- run: "abc', 'tasks:1:8: the text that " opens here is never closed'],
      ["- run: 'abc\n  def", "tasks:1:8: the text that ' opens here is never closed"],
      ['- run: "C:\\windows"', 'tasks:1:11: unknown escape \\w; in "…" a backslash is written \\\\, in \'…\' just \\'],
      [
        '- run: |\n  ./build.ps1',
        'tasks:2:3: expected "key: value"; a line that belongs to the text above has to be indented more than its key'
      ],
      ['- run: |2x\n    a', 'tasks:1:10: after "|" or ">" the text begins on the next line, got |2x'],
      ['- run: x\n\ttimeout: 5m', 'tasks:2:2: a tab cannot indent YAML; use spaces'],
      ['- run: x\n timeout: 5m', 'tasks:2:1: expected "- ", or the indentation of the lines above'],
      ['- run: x\n  env: {}\n   timeout: 5m', 'tasks:3:1: expected the indentation of the lines above'],
      ['- run: !!int a', 'tasks:1:8: expected the value that its tag !!int says'],
      [
        '- run: x\n    timeout: 5m',
        'tasks:1:8: the next line is indented so deep that it belongs to this value; align it with the keys above'
      ],
      [
        '- run: x\n  timeout',
        'tasks:2:3: expected "key: value"; a line that belongs to the text above has to be indented more than its key'
      ],
      ['tasks:\n- run: x\n  - run: y', 'tasks:3:1: this "- " is indented deeper than the ones above it; align them'],
      ['- run: - a', 'tasks:1:8: "- " cannot follow "key:" on its line; put the list on the lines below, or write [a, b]'],
      ['- a\n-b', 'tasks:2:1: expected a space after "-"'],
      ['- {run: x', 'tasks:1:10: expected "}" before this, and the lines up to it indented'],
      ['- {run: x, env: {A: 1}', 'tasks:1:23: expected "}" before this, and the lines up to it indented'],
      [
        '[{"run": "x"} {"run": "y"}]',
        'tasks:1:15: the value ends before this; if it belongs to the text, put the text in quotes, or write it on the lines below "- |" or "run: |"'
      ],
      ['{"tasks": ["x" "y"]}', 'tasks:1:16: expected "," before this'],
      ['- [x, [a: [1]', 'tasks:1:14: expected "]" before this, and the lines up to it indented'],
      ['- &a &b x', 'tasks:1:6: expected at most one anchor and one tag before a value'],
      ['- [a, {b]', 'tasks:1:9: expected "}" before this, and the lines up to it indented'],
      ['- run: x\n  run: y', 'tasks:2:3: duplicate key "run", first at 1:3'],
      ['- run: x\n  parameters: {a: 1, b: 2, a: 3}', 'tasks:2:28: duplicate key "a", first at 2:16'],
      ['- run: x\n  parameters: {1: a}', 'tasks:2:16: expected a key that is text, got 1; put it in quotes'],
      [
        '- run: x\n  parameters: {true: a, ~: b}',
        'tasks:2:16: expected a key that is text, got true; put it in quotes',
        'tasks:2:25: expected a key that is text, got ~; put it in quotes'
      ],
      ['- run: x\n  parameters: {[a]: b}', 'tasks:2:16: expected a key that is text, got a list'],
      ['- run: x\n  parameters: *nothing', 'tasks:2:15: unknown alias "*nothing"; "*" starts an alias in YAML: put a text in quotes'],
      [
        '- &x {run: a, parameters: &p {a: 1}}\n- {run: b, parameters: *q}',
        'tasks:2:24: unknown alias "*q"; "*" starts an alias in YAML: put a text in quotes'
      ],
      ['- run: x\n  parameters: &p {a: *p}', 'tasks:2:22: the alias "*p" stands inside the value that it names'],
      ['- run: x\n  <<: 5', 'tasks:2:7: <<: expected a map or a list of maps to merge, got 5'],
      ['- run: x\n  <<: [{name: a}, b]', 'tasks:2:19: <<: expected a map or a list of maps to merge, got "b"'],
      ['- x\n---\n- y', 'tasks:2:1: expected one document, got a second one after "---" or "..."'],
      ['%YAML 1.1\n---\n- x', 'tasks:1:1: expected YAML 1.2, got %YAML 1.1; leave the directive out'],
      ['- run: x\n  parameters: {a: 1e400}', 'tasks:2:19: "1e400" is larger than any number (a double); put it in quotes if it is a text'],
      ['- run: x#y\n  env: {A: "b"#c}', 'tasks:2:15: expected a space before "#"'],
      [
        '- ? x\n  : y',
        'tasks:1:3: expected a task with "run" (script text) or "file" (a .ps1 file), got neither',
        'tasks:1:5: unknown field "x"'
      ]
    ]
  ],
  [
    'many mistakes at once',
    [
      [
        '- run: ./build.ps1\n  paramters: {a: 1}\n  timeout: 5 mins\n- file: biuld.ps1\n- run: x\n  needs: tset\n  when: faliure\n- {name: a, run: x, id: test}\n- {name: a, run: x}',
        'tasks:2:3: unknown field "paramters", did you mean "parameters"?',
        'tasks:3:12: timeout: expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "5 mins"',
        'tasks:4:9: file: no such file "biuld.ps1", did you mean "build.ps1"?',
        'tasks:6:10: needs: no task has the id "tset", did you mean "test"?',
        'tasks:7:9: when: expected success, failure or always, got "faliure", did you mean "failure"?',
        'tasks:9:10: name: "a" is already the name of the task at tasks:8:10'
      ]
    ]
  ]
]
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the end of the lists

describe.each(table)('wrong lists: %s', (_, rows) => {
  test.each(rows)('%j', (list, ...mistakes) => {
    expect(lists.mistakes(list)).toEqual(mistakes)
  })
})

test('the table has at least 120 wrong lists, each of them once', () => {
  const wrong = table.flatMap(([, rows]) => rows.map(([list]) => list))
  expect(wrong.length).toBeGreaterThanOrEqual(120)
  expect(new Set(wrong).size).toBe(wrong.length)
})

test('every input that is no field is known as one', () => {
  const fields = [...Object.keys(entryShape), 'tasks', 'shard']
  const inputs = inputNames.filter(name => !fields.includes(name))
  expect(inputs.length).toBeGreaterThan(20)
  expect(inputs.filter(name => inputHint(name) === undefined)).toEqual([])
  expect([...Object.keys(entryShape), 'tasks', 'locks', 'defaults'].filter(name => inputHint(name) !== undefined)).toEqual([])
})
