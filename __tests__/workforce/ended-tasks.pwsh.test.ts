import {existsSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import type {PowerShell} from '../../src/model/event.ts'
import type {Isolation} from '../../src/model/task.ts'
import {processControl} from '../../src/process/process-control.ts'
import {createTask} from '../support/create-task.ts'
import {powershellAtHand} from '../support/powershell.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {until} from '../support/until.ts'
import {withWorkforce} from '../support/workforce.ts'

const folder = temporaryFolder()
const describeOnUnix = process.platform === 'win32' ? describe.skip : describe
const isolations: readonly Isolation[] = ['process', 'runspace', 'none']

const nestedScript = `try { bash -c 'touch "$READY"; sleep 600'; 'nested went on' } finally { [Console]::WriteLine('nested cleaned') }`

/** Statements that would take ten minutes; each makes the file that READY names when it has begun. The second: what is printed when it is ended. */
const statements: Readonly<Record<string, readonly [statement: string, printed?: string]>> = {
  'a native command': [`bash -c 'touch "$READY"; sleep 600; echo it went on'`],
  'a native command without children': [`bash -c 'touch "$READY"; exec sleep 600'`],
  'native commands one after another': [`while ($true) { bash -c 'touch "$READY"; sleep 0.02' }`],
  'a captured native command': [`$captured = bash -c 'touch "$READY"; sleep 600; echo it went on'`],
  'a native command with a merged stream': [`bash -c 'touch "$READY"; sleep 600; echo it went on' 2>&1`],
  'a native command at the start of a pipeline': [`bash -c 'touch "$READY"; sleep 600; echo it went on' | ForEach-Object { $_ }`],
  'a native command at the end of a pipeline': [`'input' | bash -c 'touch "$READY"; sleep 600; echo it went on'`],
  'two native commands in a pipeline': [`bash -c 'touch "$READY"; sleep 600' | cat`],
  'a native command in a function in a script block': [`function f { & { bash -c 'touch "$READY"; sleep 600' }; 'f went on' }; f`],
  'an import of a module': ['Import-Module $env:MODULE'],
  // Whose module is loaded already: a stop while that is loaded is taken for an error by PowerShell itself (docs/architecture.md).
  'a cmdlet': [`Start-Sleep 0; [IO.File]::WriteAllText($env:READY, ''); Start-Sleep 600`],
  'a loop': [`[IO.File]::WriteAllText($env:READY, ''); while ($true) { }`],
  'Start-Process -Wait': [`Start-Process bash -ArgumentList '-c', '"touch $READY; sleep 600"' -NoNewWindow -Wait`],
  'another PowerShell': [`& "$PSHOME/pwsh" -NoProfile -NonInteractive -Command $env:NESTED`, 'nested cleaned\n']
}

const behindScript = 'a native command of a PowerShell that a script has started'

/** What is seen of a task that was ended: what it printed, and the names of what still lives. */
type Seen = readonly [text: string, living: readonly string[]]

describeOnUnix.each(isolations)(
  'a task at isolation %s that is ended runs its finally block, with what that starts, and no other statement',
  isolation => {
    const seen = new Map<string, Seen>()

    // All on one workforce, several at a time, as in a run that is cancelled.
    beforeAll(async () => {
      const module = path.join(folder, 'Waits.psm1')
      writeFileSync(module, `[IO.File]::WriteAllText($env:READY, ''); while ($true) { }`)
      const powershells = new Map([
        ['pwsh', await powershellAtHand()],
        ['script', await startedByScript(folder)]
      ])
      await withWorkforce(folder, {powershells}, async ({start}) => {
        const endOne = async (name: string, statement: string, shell: string): Promise<void> => {
          const ready = path.join(folder, `${isolation} ${name}`.replaceAll(' ', '-'))
          const env = new Map([
            ['READY', ready],
            ['MODULE', module],
            ['NESTED', nestedScript]
          ])
          const {running, finished} = start(createTask({isolation, shell, env, script: {kind: 'run', text: scriptAround(statement)}}))
          await until(`${name} runs`, () => existsSync(ready))
          running.end()
          const {text} = await finished
          const living = (await processControl.listProcesses(`READY=${ready}`)).filter(({isMarked}) => isMarked)
          seen.set(name, [text, living.map(({name}) => name)])
        }
        await Promise.all([
          ...Object.entries(statements).map(([name, [statement]]) => endOne(name, statement, 'pwsh')),
          endOne(behindScript, `bash -c 'touch "$READY"; sleep 600; echo it went on'`, 'script')
        ])
      })
    }, 120_000)

    test.each(Object.entries(statements))('in %s', (name, [, printed]) => {
      expect(seen.get(name)).toEqual([`${printed ?? ''}cleaning\nnative\ncleaned\n`, []])
    })

    test(`in ${behindScript}`, () => {
      expect(seen.get(behindScript)).toEqual(['cleaning\nnative\ncleaned\n', []])
    })
  }
)

/** The PowerShell at hand, started by a script that waits for it, and kills it when it is interrupted itself. */
async function startedByScript(folder: string): Promise<PowerShell> {
  const powershell = await powershellAtHand()
  const command = path.join(folder, 'starts-pwsh.cjs')
  const script = `
    const [command, ...leading] = ${JSON.stringify([powershell.command, ...powershell.leadingArguments])}
    const child = require('node:child_process').spawn(command, [...leading, ...process.argv.slice(2)], {stdio: 'inherit'})
    child.on('exit', code => process.exit(code ?? 1))
    process.on('SIGINT', () => child.kill('SIGKILL'))`
  writeFileSync(command, script)
  return {...powershell, command: process.execPath, leadingArguments: [command]}
}

const scriptAround = (statement: string): string => `
  try { ${statement}; [Console]::WriteLine('the task went on') }
  catch { [Console]::WriteLine("it saw $_") }
  finally { [Console]::WriteLine('cleaning'); bash -c 'sleep 0.2; echo native'; [Console]::WriteLine('cleaned') }
  [Console]::WriteLine('the task went on')`
