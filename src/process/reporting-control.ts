import type {ProcessEvent} from '../model/event.ts'
import type {ProcessControl} from './process-control.ts'

/** Wraps `control` to report each signal that it sends, with the process's name in the last list, and once each process that could not be ended. */
export function reportingControl(control: ProcessControl, report: (event: ProcessEvent) => void): ProcessControl {
  const notEnded = new Set<number>()
  let names: ReadonlyMap<number, string> = new Map()
  const reportSignal = (pid: number, signal: NodeJS.Signals | 'taskkill', outcome: 'sent' | 'refused') => {
    const isGroup = pid < 0
    const target = Math.abs(pid)
    report({type: 'signal-sent', signal, pid: target, isGroup, name: names.get(target), at: Date.now(), outcome})
  }
  return {
    ...control,
    kill: (pid, signal) => {
      try {
        control.kill(pid, signal)
      } catch (error) {
        // A process that is gone has not been signalled.
        if (signal !== 0 && (error as NodeJS.ErrnoException).code === 'EPERM') reportSignal(pid, signal, 'refused')
        throw error
      }
      if (signal !== 0) reportSignal(pid, signal, 'sent')
    },
    killTree: async pid => {
      const isEnded = await control.killTree(pid)
      reportSignal(pid, 'taskkill', isEnded ? 'sent' : 'refused')
      return isEnded
    },
    listProcesses: async mark => {
      const processes = await control.listProcesses(mark)
      names = new Map(processes.map(({pid, name}) => [pid, name]))
      return processes
    },
    onNotEnded: pid => {
      control.onNotEnded?.(pid)
      if (notEnded.has(pid)) return
      notEnded.add(pid)
      report({type: 'process-not-ended', pid})
    }
  }
}
