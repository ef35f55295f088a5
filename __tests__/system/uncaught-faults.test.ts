import {describe, expect, test} from '@jest/globals'
import {UncaughtFaults} from '../../src/system/uncaught-faults.ts'

/** Faults that come when the test says so. */
function faultsAtHand() {
  let hear: (error: unknown) => void = () => {}
  const faults = new UncaughtFaults(onFault => {
    hear = onFault
  })
  faults.begin()
  return {faults, hear: (error: unknown) => hear(error)}
}

describe('UncaughtFaults', () => {
  test('break off the run that goes on, once, for the first of them', () => {
    const {faults, hear} = faultsAtHand()
    const broken: unknown[] = []
    faults.onFault(error => broken.push(error))
    hear('first')
    hear('second')
    expect(broken).toEqual(['first'])
    expect([faults.first, faults.unreported]).toEqual([{error: 'first'}, undefined])
  })

  test('break off a run that begins later at once', () => {
    const {faults, hear} = faultsAtHand()
    hear('early')
    expect(faults.unreported).toEqual({error: 'early'})
    const broken: unknown[] = []
    faults.onFault(error => broken.push(error))
    expect(broken).toEqual(['early'])
    expect(faults.unreported).toBeUndefined()
  })

  test('are unreported where no run goes on any more', () => {
    const {faults, hear} = faultsAtHand()
    const broken: unknown[] = []
    const forget = faults.onFault(error => broken.push(error))
    forget()
    hear('late')
    expect(broken).toEqual([])
    expect(faults.unreported).toEqual({error: 'late'})
  })
})
