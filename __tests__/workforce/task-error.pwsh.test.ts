import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import type {TaskError} from '../../src/model/process-end.ts'
import {noRetry} from '../../src/model/settings.ts'
import type {Isolation} from '../../src/model/task.ts'
import type {AttemptOutcome} from '../../src/pool/attempt-runner.ts'
import {renderTaskScript} from '../../src/powershell/task-script.ts'
import {createTask} from '../support/create-task.ts'
import {powershellAtHand} from '../support/powershell.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {openThreadWorker, type TestThreadWorker} from '../support/thread-turns.ts'
import {sharedWorkforce} from '../support/workforce.ts'

const folder = temporaryFolder()
const atHand = sharedWorkforce(folder)
const isolations: readonly Isolation[] = ['process', 'runspace', 'none']
const retry = {...noRetry, times: 1, on: [{exception: 'any'}]}
const sourced = path.join(folder, 'sourced.ps1')
writeFileSync(sourced, 'throw [System.IO.IOException]::new("in a file")')

const runtime = ['System.Management.Automation.RuntimeException', 'System.SystemException', 'System.Exception']

/** Scripts that end by an error: some of its types, and its id. */
const failing: readonly [what: string, script: string, types: readonly string[], id: string][] = [
  ['a thrown text', "throw 'no luck'", runtime, 'no luck'],
  ['a thrown exception of .NET', "throw [TimeoutException]::new('late')", ['System.TimeoutException', ...runtime], 'late'],
  [
    'an exception of a class of its own, with its base',
    'class Base : System.Exception {}; class Own : Base {}; throw [Own]::new()',
    ['Own', 'Base', 'System.Exception'],
    "Exception of type 'Own' was thrown."
  ],
  [
    'an exception inside that of a method',
    "[int]::Parse('x')",
    ['System.FormatException', 'System.Management.Automation.MethodInvocationException', ...runtime],
    'FormatException'
  ],
  [
    'an error of a cmdlet',
    "Get-Item -LiteralPath '/no such/item'",
    ['System.Management.Automation.ItemNotFoundException', 'System.Management.Automation.ActionPreferenceStopException'],
    'PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand'
  ],
  ['an error that is written', "Write-Error 'x' -ErrorId Own", ['Microsoft.PowerShell.Commands.WriteErrorException'], 'Own'],
  ['a command that is missing', 'No-Such', ['System.Management.Automation.CommandNotFoundException'], 'CommandNotFoundException'],
  ['a script that cannot be parsed', 'if (', ['System.Management.Automation.ParseException'], 'MissingEndParenthesisAfterStatement'],
  [
    'what a script requires',
    '#requires -modules NoSuchModule',
    ['System.Management.Automation.ScriptRequiresException'],
    'ScriptRequiresMissingModules'
  ],
  ['an error in a file that is dot-sourced', `. '${sourced}'`, ['System.IO.IOException'], 'in a file'],
  ['an error that is thrown again', 'try { 1 / 0 } catch { throw }', ['System.DivideByZeroException'], 'RuntimeException'],
  [
    'an error under strict mode, tracing and functions of the task',
    "function Out-Default {}; function Get-ErrorReport { 'mine' }; Set-StrictMode -Version Latest; $undefined",
    runtime,
    'VariableIsUndefined'
  ]
]

/** Scripts that end with 1 in other ways. */
const others: readonly [what: string, script: string][] = [
  ['exit', "try { throw 'caught' } catch {}; exit 1"],
  ['a native command', "try { Invoke-Expression 'if (' } catch {}; & (Get-Process -Id $PID).Path -NoProfile -Command 'exit 1'"],
  ['the end of its process', "try { throw 'caught' } catch {}; [Environment]::Exit(1)"],
  ['the code of its host', "try { throw 'caught' } catch {}; $Host.SetShouldExit(1)"]
]

type ErrorOf = (script: string) => Promise<TaskError | undefined>

function tellsItsError(errorOf: ErrorOf, endings: typeof others): void {
  test.each(failing)('%s, as catch would find it', async (_, script, types, id) => {
    const error = await errorOf(script)
    expect(error?.types).toEqual(expect.arrayContaining([...types]))
    // What follows the comma names the command, of which the worker's file may be a part.
    expect(error?.id.split(',')[0]).toBe(id.split(',')[0])
  })

  test.each(endings)('no error where it fails by %s', async (_, script) => {
    expect(await errorOf(script)).toBeUndefined()
  })

  test('no more of an id than fits into a message', async () => {
    expect((await errorOf("throw ('\u00e4' * 100000)"))?.id).toBe('\u00e4'.repeat(1500))
  })
}

describe.each(isolations)('a task at isolation %s tells', isolation => {
  tellsItsError(async script => errorIn((await (await atHand()).run(script, {isolation, retry})).end), others)
})

describe('a task beside others in one process tells', () => {
  let opened: TestThreadWorker

  beforeAll(async () => {
    opened = await openThreadWorker(await powershellAtHand(), path.join(folder, 'thread'), {environment: process.env, startedIn: folder})
  })

  afterAll(() => opened.close())

  const errorOf: ErrorOf = async script => {
    const turn = opened.worker.takeTurn()
    const task = createTask({script: {kind: 'run', text: script}})
    writeFileSync(turn.folder.taskFile, renderTaskScript(task, turn.folder.scriptFile, undefined, process.platform).task)
    turn.run({
      name: 'a',
      workingDirectory: folder,
      environment: new Map(),
      onStarted: () => {},
      onOver: () => {},
      onOutput: () => undefined
    })
    const end = await turn.completed
    await turn.leftBehind()
    await turn.release()
    return errorIn(end)
  }

  // The end of its process would be that of the others.
  tellsItsError(
    errorOf,
    others.filter(([, script]) => !script.includes('[Environment]::Exit'))
  )
})

function errorIn(end: AttemptOutcome): TaskError | undefined {
  expect(end).toMatchObject({reason: 'exited', exitCode: 1})
  return end.reason === 'exited' ? end.error : undefined
}

test('a task in a process of its own is not asked for its error unless it may be tried again by it', async () => {
  const {run} = await atHand()
  const own = {retry: {...noRetry, times: 1, on: ['error' as const]}}
  const text = '@(Get-EventSubscriber -Force).Count; throw 1'
  const {end, text: printed} = await run(text, own)
  expect(end).toEqual({reason: 'exited', exitCode: 1})
  expect(printed).toMatch(/^0\n/)
})
