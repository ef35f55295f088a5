import {mkdtempSync} from 'node:fs'
import path from 'node:path'
import type {Environment} from '../../src/model/environment.ts'
import type {PowerShell} from '../../src/model/event.ts'
import {withStartFlags} from '../../src/powershell/start-flags.ts'
import {processControl} from '../../src/process/process-control.ts'
import {type LeftOutput, unheldOutput} from '../../src/spool/left-output.ts'
import {ControlServer} from '../../src/worker/control-server.ts'
import {ThreadWorker, type ThreadWorkerContext} from '../../src/worker/thread/thread-worker.ts'
import type {RetirementReason} from '../../src/worker/worker-fitness.ts'

/** A real worker that runs several tasks at a time. */
export interface TestThreadWorker {
  readonly worker: ThreadWorker
  readonly retired: RetirementReason[]
  readonly stray: LeftOutput
  close(): Promise<void>
}

/** Starts a worker in `folder` (absolute, its own) and resolves when it has booted. */
export async function openThreadWorker(
  powershell: PowerShell,
  folder: string,
  {environment, startedIn, ...context}: {readonly environment: Environment; readonly startedIn: string} & Partial<ThreadWorkerContext>
): Promise<TestThreadWorker> {
  const server = await ControlServer.listen(mkdtempSync(path.join(path.dirname(folder), 'control-')), process.platform)
  const retired: RetirementReason[] = []
  const stray = unheldOutput(undefined)
  const worker = new ThreadWorker(
    {powershell, folder, environment: withStartFlags(environment), workingDirectory: startedIn},
    {
      server,
      control: processControl,
      leftovers: 'keep',
      modules: [],
      setupFile: undefined,
      maxTasksPerWorker: 100_000,
      firstSlots: 1,
      onRetired: (_, because) => retired.push(because),
      onIdle: () => {},
      stray,
      ...context
    }
  )
  await worker.booted
  const close = async () => {
    worker.kill()
    await worker.completed
    server.close()
  }
  return {worker, retired, stray, close}
}
