import {readFileSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {parse} from 'yaml'
import {describeInput, inputNames} from '../../src/inputs/input-table.ts'
import {loadSettings} from '../../src/inputs/load-settings.ts'

const workspace = os.tmpdir()

function load(inputs: Readonly<Record<string, string>>) {
  return loadSettings({read: name => inputs[name] ?? '', workspace, processors: 4})
}

function settingsOf(inputs: Readonly<Record<string, string>>) {
  const settings = load({tasks: '- a', ...inputs})
  if (!settings.ok) throw new Error(JSON.stringify(settings.error))
  return settings.value
}

describe('loadSettings', () => {
  test('fills in every default', () => {
    expect(settingsOf({})).toEqual({
      list: {kind: 'inline', source: 'tasks', text: '- a'},
      workspace,
      workingDirectory: workspace,
      maxParallel: 4,
      processors: 4,
      minParallel: 1,
      maxTasksPerWorker: 500,
      isolation: 'process',
      modules: [],
      setup: '',
      setupOnce: '',
      setupTimeoutMs: 300_000,
      slow: {ms: 0},
      leftovers: 'keep',
      shell: 'pwsh',
      failFast: 'false',
      flaky: 'warn',
      maxFailures: {kind: 'count', count: 1},
      timeoutMs: 0,
      totalTimeoutMs: 0,
      retry: {times: 0, delayMs: 0, backoff: 1, maxDelayMs: Number.POSITIVE_INFINITY, jitter: false, on: undefined, not: []},
      successCodes: [0],
      objects: false,
      log: 'grouped',
      heartbeatMs: 30_000,
      logs: undefined,
      annotations: true,
      workflowCommands: 'forward',
      summary: 'all',
      jsonReport: undefined,
      junitReport: undefined,
      htmlReport: undefined,
      recording: undefined,
      traceReport: undefined,
      shard: undefined,
      timingsFile: undefined,
      objectsFile: undefined,
      dryRun: false
    })
  })

  test('leaves the text of the list as it is, so that places in it are true', () => {
    expect(settingsOf({tasks: '\n  - a\n  - b\n'}).list).toEqual({kind: 'inline', source: 'tasks', text: '\n  - a\n  - b\n'})
  })

  test('takes a script that makes the list as it is, and no second way to give the list', () => {
    expect(settingsOf({tasks: '', 'tasks-script': '\n1..3\n'}).list).toEqual({kind: 'script', source: 'tasks-script', text: '\n1..3\n'})
    expect(load({'tasks-file': 'a.yml', 'tasks-script': '1'})).toEqual({
      ok: false,
      error: [
        {
          input: 'tasks-script',
          message: 'expected one of "tasks", "tasks-file" and "tasks-script", got "tasks-file" and "tasks-script"'
        }
      ]
    })
  })

  test('takes paths and globs of files, one a line', () => {
    expect(settingsOf({tasks: '', 'tasks-file': ' a.yml \n\n b/*.txt'}).list).toEqual({
      kind: 'files',
      source: 'tasks-file',
      patterns: ['a.yml', 'b/*.txt']
    })
  })

  test.each([
    ['max-parallel', '16', {maxParallel: 16}],
    ['max-parallel', '256', {maxParallel: 256}],
    ['timeout', '1h30m', {timeoutMs: 5_400_000}],
    ['timeout', '500ms', {timeoutMs: 500}],
    ['total-timeout', '90', {totalTimeoutMs: 90_000}],
    ['objects', 'True', {objects: true}],
    ['objects-file', 'out/All.CSV', {objectsFile: '/tmp/out/All.CSV'}],
    ['success-codes', '0, 1,3010', {successCodes: [0, 1, 3010]}],
    ['success-codes', '0\n-1073741510\n', {successCodes: [0, -1073741510]}],
    ['success-codes', ' [3010] ', {successCodes: [3010]}],
    ['fail-fast', 'no-new', {failFast: 'no-new'}],
    ['flaky', 'fail', {flaky: 'fail'}],
    ['slow', '2m', {slow: {ms: 120_000}}],
    ['fail-fast', 'TRUE', {failFast: 'true'}],
    ['min-parallel', '8', {minParallel: 8}],
    ['leftovers', 'end', {leftovers: 'end'}],
    ['log', 'live', {log: 'live'}],
    ['heartbeat', '0', {heartbeatMs: 0}],
    ['heartbeat', '2m', {heartbeatMs: 120_000}],
    ['logs', ' out/logs ', {logs: path.join(workspace, 'out', 'logs')}],
    ['annotations', 'False', {annotations: false}],
    ['workflow-commands', 'ignore', {workflowCommands: 'ignore'}],
    ['summary', 'failures', {summary: 'failures'}],
    ['json-report', ' out/report.json ', {jsonReport: path.join(workspace, 'out', 'report.json')}],
    ['junit-report', path.join(workspace, 'junit.xml'), {junitReport: path.join(workspace, 'junit.xml')}],
    ['html-report', path.join(workspace, 'report.html'), {htmlReport: path.join(workspace, 'report.html')}],
    ['recording', path.join(workspace, 'run.zip'), {recording: path.join(workspace, 'run.zip')}],
    ['trace-report', path.join(workspace, 'trace.json'), {traceReport: path.join(workspace, 'trace.json')}],
    ['dry-run', 'True', {dryRun: true}],
    [
      'modules',
      'Pester@5.9.0\n\n Az.Accounts \n./tools/Build.psm1',
      {
        modules: [
          {name: 'Pester', version: '5.9.0'},
          {name: 'Az.Accounts', version: undefined},
          {name: path.join(workspace, 'tools', 'Build.psm1'), version: undefined}
        ]
      }
    ],
    ['shell', ' /opt/my pwsh/pwsh ', {shell: '/opt/my pwsh/pwsh'}]
  ])('takes %s: %j', (input, value, expected) => {
    expect(settingsOf({[input]: value})).toMatchObject(expected)
  })

  test.each([
    ['max-parallel', '0', 'expected "auto" or a whole number from 1 to 256, got "0"'],
    ['max-parallel', '257', 'expected "auto" or a whole number from 1 to 256, got "257"'],
    ['max-parallel', '1.5', 'expected "auto" or a whole number from 1 to 256, got "1.5"'],
    ['timeout', '5 mins', 'expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "5 mins"'],
    ['timeout', '-1', 'expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "-1"'],
    ['total-timeout', '1000h', 'expected a duration of at most 576h (24 days), got "1000h"'],
    ['fail-fast', 'no-news', 'expected false, no-new or true, got "no-news", did you mean "no-new"?'],
    ['dry-run', 'yes', 'expected true or false, got "yes"'],
    ['min-parallel', 'two', 'expected a whole number from 0 to 256, got "two"'],
    ['log', 'group', 'expected grouped or live, got "group", did you mean "grouped"?'],
    ['heartbeat', 'often', 'expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none), got "often"'],
    ['annotations', 'no', 'expected true or false, got "no"'],
    ['workflow-commands', 'ignored', 'expected forward or ignore, got "ignored", did you mean "ignore"?'],
    ['objects-file', 'a.xml', 'expected a file that ends with .json, .ndjson or .csv, got "a.xml"'],
    ['summary', 'failure', 'expected all, failures or none, got "failure", did you mean "failures"?'],
    ...['0', '-1', '1.5', '100001', 'all', '10 percent', '0.5'].map(
      value => ['max-failures', value, `expected a whole number from 1 to 100,000, or a percentage such as 10%, got "${value}"`] as const
    ),
    ...['0%', '0.00%', '100.5%', '101%'].map(
      value =>
        [
          'max-failures',
          value,
          `expected a whole number from 1 to 100,000, or a percentage such as 10% (above 0%, at most 100%), got "${value}"`
        ] as const
    ),
    ['leftovers', 'kep', 'expected keep or end, got "kep", did you mean "keep"?'],
    ['retry', '-1', 'expected a whole number from 0 to 100, got "-1"'],
    ['success-codes', '0, ok', 'expected exit codes with commas between them, such as "0, 3010", got "0, ok"'],
    ['success-codes', '[]', 'expected exit codes with commas between them, such as "0, 3010", got "[]"'],
    ['success-codes', '0, 4294967296', 'expected exit codes with commas between them, such as "0, 3010", got "0, 4294967296"'],
    ['tasks-file', 'a.yml', 'expected one of "tasks", "tasks-file" and "tasks-script", got "tasks" and "tasks-file"'],
    ['working-directory', 'no/such', `expected an existing folder, got "no/such", which is ${path.join(workspace, 'no', 'such')}`]
  ])('refuses %s: %j in words that help', (input, value, message) => {
    expect(load({tasks: '- a', [input]: value})).toEqual({ok: false, error: [{input, message}]})
  })

  test.each([
    ['5', {kind: 'count', count: 5}],
    ['10%', {kind: 'percentage', percent: 10}],
    ['12.5 %', {kind: 'percentage', percent: 12.5}],
    ['0.01%', {kind: 'percentage', percent: 0.01}],
    ['100%', {kind: 'percentage', percent: 100}]
  ])('takes max-failures: %j beside fail-fast', (value, maxFailures) => {
    expect(settingsOf({'fail-fast': 'no-new', 'max-failures': value})).toMatchObject({maxFailures})
  })

  test('refuses max-failures where nothing acts on it, but for the default', () => {
    const message = 'expected "fail-fast" to be no-new or true, which is what acts after so many failures, got "3" with "fail-fast: false"'
    expect(load({tasks: '- a', 'max-failures': '3'})).toEqual({ok: false, error: [{input: 'max-failures', message}]})
    expect(load({tasks: '- a', 'max-failures': '1', 'fail-fast': 'false'}).ok).toBe(true)
    const both = load({tasks: '- a', 'max-failures': '3', 'fail-fast': 'flase'})
    expect(both.ok ? [] : both.error.map(({input}) => input)).toEqual(['fail-fast'])
  })

  test.each([
    ['0/1', {index: 0, count: 1}],
    ['3/4', {index: 3, count: 4}],
    ['3 / 4', {index: 3, count: 4}],
    ['999/1000', {index: 999, count: 1000}],
    ['', undefined]
  ])('takes shard: %j', (value, shard) => {
    expect(settingsOf({shard: value})).toMatchObject({shard})
  })

  test.each([
    ['4/4', '(shards count from 0: the last of 4 is 3/4)'],
    ['5/4', '(shards count from 0: the last of 4 is 3/4)'],
    ['0/0', 'and n from 1 to 1000'],
    ['0/1001', 'and n from 1 to 1000'],
    ['2', 'such as 0/4, got "2"'],
    ['-1/4', 'such as 0/4'],
    ['1/4/2', 'such as 0/4'],
    ['a/b', 'such as 0/4']
  ])('refuses shard: %j', (value, message) => {
    expect(load({tasks: '- a', shard: value})).toEqual({ok: false, error: [{input: 'shard', message: expect.stringContaining(message)}]})
  })

  test('tells all mistakes at once', () => {
    const settings = load({'max-parallel': 'x', timeout: 'x', 'dry-run': 'x'})
    expect(settings.ok ? [] : settings.error.map(({input}) => input)).toEqual(['tasks', 'max-parallel', 'timeout', 'dry-run'])
  })
})

describe('action.yml', () => {
  const action = parse(readFileSync(path.join(import.meta.dirname, '..', '..', 'action.yml'), 'utf8'))

  test('has the inputs that the code has, with their defaults', () => {
    const said = Object.entries<{default?: string}>(action.inputs).map(([name, input]) => [name, input.default])
    expect(said).toEqual(inputNames.map(name => [name, describeInput(name).default]))
  })
})
