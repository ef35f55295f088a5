import {mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {noRetry} from '../../src/model/settings.ts'
import type {Task} from '../../src/model/task.ts'
import {type ListContext, readTaskList, type TaskListText} from '../../src/task-list/read-task-list.ts'
import {renderMistake} from '../../src/task-list/source/mistakes.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const files = [
  'build.ps1',
  'test.ps1',
  'README.md',
  'app/start.ps1',
  'scripts/deploy.ps1',
  'src/api/index.ps1',
  'tests/api.Tests.ps1',
  'tests/run.ps1',
  'tests/web.Tests.ps1'
]

/** A folder with some scripts in it, removed after the tests of the calling file. */
export function createWorkspace(): string {
  const workspace = temporaryFolder()
  for (const file of files) {
    mkdirSync(path.join(workspace, path.dirname(file)), {recursive: true})
    writeFileSync(path.join(workspace, file), '')
  }
  return workspace
}

/** What a list falls back on where the inputs of the action are not set. */
export function listContext(workspace: string, overrides: Partial<ListContext> = {}): ListContext {
  return {
    workspace,
    workingDirectory: workspace,
    timeoutMs: 0,
    retry: noRetry,
    successCodes: [0],
    shell: 'pwsh',
    isolation: 'process',
    platform: 'linux',
    ...overrides
  }
}

/** Reads inline lists in a workspace of its own. */
export class ListReader {
  readonly workspace = createWorkspace()

  /** The tasks of a list that is right. */
  tasks(text: string, overrides: Partial<ListContext> = {}): readonly Task[] {
    return tasksOf([inline(text)], listContext(this.workspace, overrides))
  }

  /** The only task of a list that is right. */
  task(text: string, overrides: Partial<ListContext> = {}): Task {
    const [task, ...others] = this.tasks(text, overrides)
    if (task === undefined || others.length > 0) throw new Error(`expected one task, got ${others.length + (task === undefined ? 0 : 1)}`)
    return task
  }

  /** What is said of a list that is wrong, without excerpts; nothing of one that is right. */
  mistakes(text: string, overrides: Partial<ListContext> = {}): string[] {
    return mistakesOf([inline(text)], listContext(this.workspace, overrides))
  }
}

/** A list as the input `tasks` gives it. */
export function inline(text: string): TaskListText {
  return {source: 'tasks', file: undefined, notation: 'detect', text}
}

/** The tasks of texts that are right. */
export function tasksOf(texts: readonly TaskListText[], context: ListContext): readonly Task[] {
  const read = readTaskList(texts, context)
  if (!read.ok) throw new Error(read.error.map(renderMistake).join('\n'))
  return read.value
}

/** What is said of texts that are wrong, without excerpts; nothing of those that are right. */
export function mistakesOf(texts: readonly TaskListText[], context: ListContext): string[] {
  const read = readTaskList(texts, context)
  return read.ok ? [] : read.error.map(mistake => renderMistake({...mistake, excerpt: undefined}))
}
