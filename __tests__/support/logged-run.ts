import {findPwsh} from '../../scripts/find-pwsh.mjs'
import {loadSettings} from '../../src/inputs/load-settings.ts'
import {workflowMarkup} from '../../src/log/log-markup.ts'
import {createTaskLog} from '../../src/log/task-log.ts'
import type {LogMode} from '../../src/model/settings.ts'
import type {Isolation} from '../../src/model/task.ts'
import {runTasks} from '../../src/run.ts'
import {planTasks} from '../../src/shards/plan-tasks.ts'
import {createTask} from './create-task.ts'

/** A run of these scripts, with its log as far as it is written. */
export interface LoggedRun {
  /** All that the log has so far. */
  readonly log: () => string
  /** The lines of it that tasks printed, where they are shown as they come. */
  readonly shown: () => string[]
  /** Resolves to the whole log. */
  readonly done: Promise<string>
}

/** Starts a run of these scripts in `workspace`, two at a time, named `task_0`, `task_1` and so on. */
export async function startLoggedRun(
  workspace: string,
  scripts: readonly string[],
  isolation: Isolation,
  log: LogMode,
  inputs: Readonly<Record<string, string>> = {}
): Promise<LoggedRun> {
  const {path: shell} = await findPwsh()
  const given: Readonly<Record<string, string>> = {tasks: '-', shell, heartbeat: '0', log, 'max-parallel': '2', ...inputs}
  const settings = loadSettings({read: name => given[name] ?? '', workspace, processors: 2})
  if (!settings.ok) throw new Error(JSON.stringify(settings.error))
  let text = ''
  const write = async (more: string | Uint8Array) => {
    text += Buffer.from(more).toString()
  }
  const taskLog = createTaskLog(settings.value, {write, markup: workflowMarkup, isDebug: false})
  const tasks = scripts.map((script, index) =>
    createTask({index, isolation, shell, script: {kind: 'run', text: script}, workingDirectory: workspace})
  )
  const host = {environment: process.env, temporaryFolder: workspace, onCancel: () => () => {}}
  const run = runTasks(planTasks(tasks, settings.value), settings.value, {...host, ...taskLog})
  return {
    log: () => text,
    shown: () => text.split('\n').flatMap(line => /^\[task_\d+\] (.*)$/.exec(line)?.[1] ?? []),
    done: run.then(completed => {
      if (!completed.ok) throw new Error(JSON.stringify(completed.error))
      return text
    })
  }
}

/** What is shown of a task as it comes. */
export function linesOf(log: string, name: string): string[] {
  const prefix = `[${name}] `
  return log.split('\n').flatMap(line => (line.startsWith(prefix) ? [line.slice(prefix.length)] : []))
}

/** What stands in the block of a task. */
export function blockOf(log: string, name: string): string[] {
  const start = log.indexOf('\n', log.search(new RegExp(`^::group::.*${name} `, 'm'))) + 1
  return log.slice(start, log.indexOf('::endgroup::', start)).split('\n')
}
