import {existsSync} from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {processControl} from '../../src/pool/end-processes.ts'
import type {Isolation} from '../../src/task.ts'
import {createTask} from '../helpers/create-task.ts'
import {temporaryFolder} from '../helpers/temporary-folder.ts'
import {until} from '../helpers/until.ts'
import {withWorkforce} from '../helpers/workforce.ts'

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
  // Whose module is loaded already: a stop while that is loaded is taken for an error by PowerShell itself.
  'a cmdlet': [`Start-Sleep 0; [IO.File]::WriteAllText($env:READY, ''); Start-Sleep 600`],
  'a loop': [`[IO.File]::WriteAllText($env:READY, ''); while ($true) { }`],
  'Start-Process -Wait': [`Start-Process bash -ArgumentList '-c', '"touch $READY; sleep 600"' -NoNewWindow -Wait`],
  'another PowerShell': [`& "$PSHOME/pwsh" -NoProfile -NonInteractive -Command $env:NESTED`, 'nested cleaned\n']
}

/** What is seen of a task that was ended: what it printed, and the names of what still lives. */
type Seen = readonly [text: string, living: readonly string[]]

describeOnUnix.each(isolations)(
  'a task at isolation %s that is ended runs its finally block, with what that starts, and no other statement',
  isolation => {
    const seen = new Map<string, Seen>()

    // All on one workforce, several at a time, as in a run that is cancelled.
    beforeAll(async () => {
      await withWorkforce(folder, {}, async ({start}) => {
        const endOne = async ([name, [statement]]: readonly [string, readonly [string, string?]]): Promise<void> => {
          const ready = path.join(folder, `${isolation} ${name}`.replaceAll(' ', '-'))
          const env = new Map([
            ['READY', ready],
            ['NESTED', nestedScript]
          ])
          const {running, finished} = start(createTask({isolation, env, script: {kind: 'run', text: scriptAround(statement)}}))
          await until(`${name} runs`, () => existsSync(ready))
          running.end()
          const {text} = await finished
          const living = (await processControl.listProcesses(`READY=${ready}`)).filter(({isMarked}) => isMarked)
          seen.set(name, [text, living.map(({name}) => name)])
        }
        await Promise.all(Object.entries(statements).map(endOne))
      })
    }, 120_000)

    test.each(Object.entries(statements))('in %s', (name, [, printed]) => {
      expect(seen.get(name)).toEqual([`${printed ?? ''}cleaning\nnative\ncleaned\n`, []])
    })
  }
)

const scriptAround = (statement: string): string => `
  try { ${statement}; [Console]::WriteLine('the task went on') }
  catch { [Console]::WriteLine("it saw $_") }
  finally { [Console]::WriteLine('cleaning'); bash -c 'sleep 0.2; echo native'; [Console]::WriteLine('cleaned') }
  [Console]::WriteLine('the task went on')`
