import {describe, expect, test} from '@jest/globals'
import {processControl} from '../../src/process/process-control.ts'
import {actionSecrets, resultOf, runAction, startAction} from '../support/action-run.ts'
import {runnerLines} from '../support/runner-commands.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

/* What a step that runs many tasks leaves in a runner's log: docs/runner-contract.md has the facts behind each test. */
const workspace = temporaryFolder()
const onUnix = process.platform === 'win32' ? test.skip : test

const tasksOf = (...tasks: readonly {readonly name: string; readonly run: string}[]) => JSON.stringify(tasks)
const shell = (run: string) => tasksOf({name: 'only', run})
const writeRaw = (text: string) => `[Console]::Write(${text})`

describe('the log of a step that runs many tasks', () => {
  test('is written to standard output alone, in whole lines of UTF-8 without a carriage return', async () => {
    const tasks = tasksOf(
      {name: 'reads', run: '"stdin has $([Console]::In.ReadToEnd().Length) characters"'},
      {name: 'writes errors', run: '[Console]::Error.WriteLine("to stderr")'},
      {name: 'writes characters', run: '"grüße ✓ 😀"'},
      {name: 'returns', run: writeRaw('"10 %`r20 %`r`n30 %`rdone"')}
    )
    const run = await runAction({tasks}, workspace)
    expect(run.stderr).toBe('')
    expect(run.log).not.toMatch(/\r|\ufffd/)
    expect(run.log.endsWith('\n')).toBe(true)
    const {view, conclusion} = resultOf(run)
    expect([conclusion, view.hasTornGroups]).toEqual(['success', false])
    const inGroup = (name: string) => view.text.filter(({group}) => group?.includes(name)).map(({text}) => text)
    expect(inGroup('reads')).toEqual(['stdin has 0 characters'])
    expect(inGroup('writes errors')).toEqual(['to stderr'])
    expect(inGroup('writes characters')).toEqual(['grüße ✓ 😀'])
    expect(inGroup('returns')).toEqual(['10 %', '20 %', '30 %', 'done'])
  })

  onUnix('is at its end with the step, whatever a task leaves running', async () => {
    const mark = `log-${process.pid}`
    const run = await runAction({tasks: shell(`sh -c 'sleep 600 & echo started'`)}, workspace, {LOG_TEST: mark})
    const left = (await processControl.listProcesses(`LOG_TEST=${mark}`)).filter(({isMarked}) => isMarked)
    for (const {pid} of left) process.kill(pid, 'SIGKILL')
    expect([run.exitCode, run.hadOpenPipes]).toEqual([0, false])
    expect(left.map(({name}) => name)).toEqual(['sleep'])
    expect(run.log).toMatch(/started\n\[pwsh-pool: left running: sleep \(\d+\)\]\n/)
  })

  test('has no line of a task that a page would draw as anything but text', async () => {
    const lines = [
      '##[group]a',
      '##[endgroup]',
      '##[command]b',
      'x ##[section]c',
      '##[start-action d',
      '  ::unknown::e',
      '::',
      ' \t::group',
      '##['
    ]
    const run = await runAction({tasks: shell(lines.map(line => `'${line}'`).join('; '))}, workspace)
    const {text, hasTornGroups} = resultOf(run).view
    expect(text.filter(line => line.text.includes('##[') || line.text.trim().startsWith('::'))).toEqual([])
    expect(text.filter(({group}) => group !== undefined).map(line => line.text.replaceAll('\\', '').trim())).toEqual([
      '▸ a',
      ...lines.slice(2).map(line => line.trim())
    ])
    expect(hasTornGroups).toBe(false)
  })

  test('keeps what each task prints together and without a prefix, so that matchers of several lines find it', async () => {
    const run = (name: string) => ({
      name,
      run: `1..20 | ForEach-Object { "${name} file$_.ps1"; "  $($_):1 error ${name} broken"; Start-Sleep -Milliseconds 5 }`
    })
    const result = await runAction({tasks: tasksOf(run('one'), run('two')), 'max-parallel': '2'}, workspace)
    const {text} = resultOf(result).view
    for (const name of ['one', 'two']) {
      const expected = Array.from({length: 20}, (_, i) => [`${name} file${i + 1}.ps1`, `  ${i + 1}:1 error ${name} broken`])
      expect(text.filter(({group}) => group?.includes(name)).map(line => line.text)).toEqual(expected.flat())
    }
  })

  test('has masked values in no form that the runner knows, of many lines too, and nothing to say about an empty one', async () => {
    const value = 'p@ss & "word"'
    const tasks = JSON.stringify([
      {id: 'masks', name: 'masks', run: `'::add-mask::${value}'; '::add-mask::first line%0Asecond line'; '::add-mask::'`},
      {
        name: 'shows',
        needs: 'masks',
        run: `$v = '${value}'; $v; [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($v)); [Uri]::EscapeDataString($v); [Security.SecurityElement]::Escape($v); $v.Replace('"', '\\"'); 'a first line and a', 'second line'`
      }
    ])
    const {view} = resultOf(await runAction({tasks}, workspace))
    expect(view.text.filter(({group}) => group?.includes('shows')).map(({text}) => text)).toEqual([
      ...Array(5).fill('***'),
      'a *** and a',
      '***'
    ])
    expect(view.issues.warning).toEqual([])
  })

  test('has no secret of the workflow in the titles of annotations, which the runner does not mask', async () => {
    const secret = 'known-to-the-runner'
    const tasks = `exit 3 # --token ${secret}\n'::warning::careful' # ${secret}`
    const {view} = resultOf(await runAction({tasks}, workspace), [secret])
    const {error, warning} = view.issues
    expect(error).toEqual([{message: 'exit 3 # --token ***: exit code 3', properties: {}}])
    expect(warning).toEqual([{message: "'::warning::careful' # ***: careful", properties: {}}])
    expect(view.log.filter(({text, group}) => `${text}${group}`.includes(secret))).toEqual([])
  })

  test('gives no more annotations than the runner keeps, says how many more there are, and cuts none where the runner does not', async () => {
    const failing = Array.from({length: 12}, (_, i) => ({name: `task ${i}`, run: `'::error::of ${i}'; exit 1`}))
    const warning = {name: 'warns', run: `'::warning::' + 'w' * 4097; 2..12 | ForEach-Object { "::warning::%0A$_" }`}
    const {view} = resultOf(await runAction({tasks: tasksOf(...failing, warning), isolation: 'none'}, workspace))
    const {error, warning: warnings} = view.issues
    expect(error.map(({message}) => message)).toEqual([
      ...Array.from({length: 9}, (_, i) => `task ${i}: of ${i} (exit code 1)`),
      '3 more tasks failed, tasks reported 3 errors; the log and the summary name them'
    ])
    expect(warnings.map(({message}) => message)).toEqual([
      `warns: ${'w'.repeat(4089)}`,
      ...Array.from({length: 8}, (_, i) => `warns: \n${i + 2}`),
      '3 more warnings of tasks; the log has them all'
    ])
    expect(view.executed.filter(({name}) => name === 'error' || name === 'warning')).toHaveLength(20)
  })

  test('wraps lines that the runner would take seconds to mask, at white space only, and cuts a word that has no end', async () => {
    const words = Array.from({length: 5000}, (_, i) => `word-${i}`).join(' ')
    const run = await runAction({tasks: shell(`(0..4999 | ForEach-Object { "word-$_" }) -join ' '; 'x' * 200000`)}, workspace)
    const lines = resultOf(run)
      .view.text.filter(({group}) => group !== undefined)
      .map(({text}) => text)
    const wrapped = lines.slice(0, -1)
    expect(wrapped.join('')).toBe(words)
    expect(Math.max(...wrapped.map(line => line.length))).toBeLessThanOrEqual(4096)
    expect(lines.at(-1)).toMatch(/^x{65536} \[pwsh-pool: 134,464 more characters of this line are left out\]$/)
  })

  test('has every line of a flood, however slowly it is read', async () => {
    const count = 40_000
    const flood = `$text = ' ' + 'x' * 90; for ($i = 0; $i -lt ${count}; $i++) { [Console]::Out.WriteLine("$i$text") }`
    const action = await startAction({tasks: shell(flood)}, workspace)
    // Nobody reads but in small portions, now and then.
    const {stdout} = action.process
    stdout?.on('data', () => {
      stdout.pause()
      setImmediate(() => stdout.resume())
    })
    const {log, exitCode} = await action.done
    expect(exitCode).toBe(0)
    const numbers = runnerLines(log).flatMap(line => /^(\d+) x/.exec(line)?.[1] ?? [])
    expect(numbers.length).toBe(count)
    expect(numbers.findIndex((number, i) => number !== String(i))).toBe(-1)
  })

  test('shows what is meant for debugging only to those who debug', async () => {
    const tasks = shell("'::debug::of the task'; 'text'")
    const quiet = resultOf(await runAction({tasks}, workspace)).view
    expect(quiet.text.map(({text}) => text)).not.toContain('Debug: of the task')
    expect(quiet.executed.map(({name}) => name)).not.toContain('debug')
    const {view} = resultOf(await runAction({tasks}, workspace, {RUNNER_DEBUG: '1'}))
    expect(view.text.map(({text}) => text)).toContain('Debug: of the task')
    expect(view.executed.map(({name}) => name)).toContain('debug')
  })

  test('has each title once for those who debug, and says what became of each process', async () => {
    const tasks = "- name: stays\n  timeout: 1s\n  run: |\n    'begun'\n    Start-Sleep 600\n- 'last words'"
    const {view} = resultOf(await runAction({tasks, 'max-parallel': '1'}, workspace, {RUNNER_DEBUG: '1'}))
    const groups = view.log.filter(({text}) => /group[\]:]/.test(text)).map(({text}) => text.replace(/\(.*\)/, '()'))
    expect(groups).toEqual(['##[group]✗ stays · timed out after 1 s ()', '##[endgroup]', '##[group]✓ last words ()', '##[endgroup]'])
    const told = view.executed.filter(({name}) => name === 'debug').map(({data}) => data)
    const pid = /^stays: attempt 1 begins in slot 0, in process (\d+)$/.exec(
      told.find(line => line.startsWith('stays: attempt 1 b')) ?? ''
    )?.[1]
    expect(told).toContain(`process ${pid} is started: pwsh for one task`)
    expect(told).toContainEqual(expect.stringMatching(new RegExp(`^process ${pid} is ready for a task after \\d+ ms$`)))
    expect(told).toContainEqual(expect.stringMatching(new RegExp(`^SIGINT sent to process ${pid} \\(.+\\) at [\\d:.]+Z$`)))
    expect(new Set(told).size).toBe(told.length)
  })
})

describe('a task', () => {
  test('has of the environment what a script of a step has, and nothing that only actions get', async () => {
    const run = await runAction(
      {tasks: shell('Get-ChildItem env: | ForEach-Object { "$($_.Name)=$($_.Value)" }'), setup: '', modules: ''},
      workspace,
      {RUNNER_TRACKING_ID: 'github_1234', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'oidc'}
    )
    const variables = new Map(
      resultOf(run)
        .view.text.filter(({group}) => group !== undefined)
        .map(({text}) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)])
    )
    const names = [...variables.keys()]
    expect(names.filter(name => name in actionSecrets || /^(?:INPUT|STATE)_/i.test(name))).toEqual([])
    for (const secret of ['runtime-token', 'state-of-the-action']) expect(run.log).not.toContain(secret)
    expect(variables.get('RUNNER_TRACKING_ID')).toBe('github_1234')
    expect(variables.get('ACTIONS_ID_TOKEN_REQUEST_TOKEN')).toBe('oidc')
    expect(variables.get('GITHUB_ARTIFACTS_LIST')).toBe(run.stepFiles.GITHUB_ARTIFACTS_LIST)
    const own = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY', 'GITHUB_ARTIFACTS', 'GITHUB_STATE'] as const
    expect(own.filter(name => variables.get(name) === undefined || variables.get(name) === run.stepFiles[name])).toEqual([])
  })
})
