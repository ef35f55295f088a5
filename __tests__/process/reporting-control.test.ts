import {describe, expect, test} from '@jest/globals'
import type {ProcessEvent} from '../../src/model/event.ts'
import type {ProcessControl} from '../../src/process/process-control.ts'
import {reportingControl} from '../../src/process/reporting-control.ts'

const listed = {pid: 71, parent: 1, group: 71, identity: '', name: 'pwsh', isMarked: true}

/** A wrapped control, and the events it has reported. */
function told(overrides: Partial<ProcessControl> = {}) {
  const events: ProcessEvent[] = []
  const control: ProcessControl = {
    platform: 'linux',
    kill: () => {},
    killTree: async () => true,
    listProcesses: async () => [listed],
    hasSleepingThread: () => undefined,
    ...overrides
  }
  return {events, control: reportingControl(control, event => events.push(event))}
}

const throwing = (code: string) => () => {
  throw Object.assign(new Error('kill'), {code})
}

describe('reportingControl', () => {
  test('reports each signal with its target and time, but no existence checks', async () => {
    const {events, control} = told()
    await control.listProcesses('M=1')
    const before = Date.now()
    control.kill(71, 0)
    control.kill(71, 'SIGINT')
    control.kill(-71, 'SIGTERM')
    control.kill(72, 'SIGKILL')
    expect(events).toMatchObject([
      {signal: 'SIGINT', pid: 71, isGroup: false, name: 'pwsh', outcome: 'sent'},
      {signal: 'SIGTERM', pid: 71, isGroup: true, name: 'pwsh', outcome: 'sent'},
      {signal: 'SIGKILL', pid: 72, isGroup: false, name: undefined, outcome: 'sent'}
    ])
    const times = events.map(event => (event.type === 'signal-sent' ? event.at : Number.NaN))
    expect(times.every(at => at >= before && at <= Date.now())).toBe(true)
  })

  test('tells a signal that was refused, and none of those who are gone', () => {
    const refused = told({kill: throwing('EPERM')})
    expect(() => refused.control.kill(71, 'SIGTERM')).toThrow('kill')
    expect(() => refused.control.kill(71, 0)).toThrow('kill')
    expect(refused.events).toMatchObject([{signal: 'SIGTERM', pid: 71, outcome: 'refused'}])
    const gone = told({kill: throwing('ESRCH')})
    expect(() => gone.control.kill(71, 'SIGTERM')).toThrow('kill')
    expect(gone.events).toEqual([])
  })

  test.each([
    [true, 'sent'],
    [false, 'refused']
  ])('tells whether a tree could be ended: %s', async (isEnded, outcome) => {
    const {events, control} = told({killTree: async () => isEnded})
    await expect(control.killTree(71)).resolves.toBe(isEnded)
    expect(events).toMatchObject([{signal: 'taskkill', pid: 71, isGroup: false, outcome}])
  })

  test('tells once of each process that lives on', () => {
    const {events, control} = told()
    for (const pid of [71, 72, 71]) control.onNotEnded?.(pid)
    expect(events).toEqual([
      {type: 'process-not-ended', pid: 71},
      {type: 'process-not-ended', pid: 72}
    ])
  })
})
