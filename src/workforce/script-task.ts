import {defaultSuccessCodes} from '../model/exit-code.ts'
import {noRetry} from '../model/settings.ts'
import type {Task, TaskScript} from '../model/task.ts'

/** Name of the script of `setup-once` in messages and log blocks. */
export const setupOnceName = 'setup-once'

/** Makes a task of a script that is not in the list: it has a process and a run of its own, and one attempt. `name`: that of its input. */
export function scriptTask(
  name: string,
  script: TaskScript,
  {shell, timeoutMs, workingDirectory}: Pick<Task, 'shell' | 'timeoutMs' | 'workingDirectory'>
): Task {
  return {
    index: 0,
    position: 0,
    key: name,
    fingerprint: null,
    id: name,
    group: undefined,
    name,
    isNamedByScript: false,
    script,
    parameters: undefined,
    arguments: undefined,
    item: undefined,
    needs: [],
    when: 'success',
    env: new Map(),
    workingDirectory,
    timeoutMs,
    retry: noRetry,
    continueOnError: false,
    successCodes: defaultSuccessCodes,
    locks: [],
    isInEachShard: false,
    isolation: 'process',
    objects: false,
    shell,
    resume: 'never',
    place: {source: name, file: undefined, line: 1, column: 1}
  }
}
