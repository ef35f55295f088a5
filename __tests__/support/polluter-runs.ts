import {chmodSync, mkdirSync, mkdtempSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {restoredStartFlags, withStartFlags} from '../../src/powershell/start-flags.ts'
import {processControl} from '../../src/process/process-control.ts'
import {Worker} from '../../src/worker/worker.ts'
import type {ProcessRun} from './golden.ts'
import {probe} from './polluters.ts'
import {recorded, type WarmTurnsOptions} from './warm-turns.ts'

/** The text of a task's file, as `renderTaskScript` makes it. */
export const polluterTask = (script: string): string =>
  `$ErrorActionPreference = 'stop'\n${script}\nif ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }`

/** What a task printed, in a form that shows differences. */
export const printedText = ({stdout, stderr, exitCode}: ProcessRun) => ({stdout: stdout.toString(), stderr: stderr.toString(), exitCode})

/** A folder in `folder` for tasks, with a tool of its own in it. */
export function placeWithTool(folder: string, name: string): string {
  const place = mkdtempSync(path.join(folder, `${name}-`))
  mkdirSync(path.join(place, 'tools'))
  writeFileSync(path.join(place, 'tools', 'mytool'), `#!/bin/sh\necho the tool of ${name}\n`)
  chmodSync(path.join(place, 'tools', 'mytool'), 0o755)
  return place
}

/** Runs the probe in a process of its own, in the folder `place`. */
export async function inProcess(
  {powershell, server, folder, environment, startedIn}: Omit<WarmTurnsOptions, 'isolation' | 'setupFile'>,
  place: string
): Promise<ProcessRun> {
  const worker = new Worker(
    {powershell, folder, environment: withStartFlags(environment), workingDirectory: startedIn},
    {server, control: processControl, modules: [], setupFile: undefined, leftovers: 'keep'}
  )
  writeFileSync(worker.folder.taskFile, polluterTask(probe))
  const {assignment, printed} = recorded(place, {}, restoredStartFlags(environment))
  worker.run(assignment)
  const run = printed(await worker.completed)
  await worker.release()
  return run
}
