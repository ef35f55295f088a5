import {describe, expect, test} from '@jest/globals'
import {Cancellation, logDeadlineMs} from '../../src/action/cancellation.ts'

/** A cancellation whose signals and clock are the test's. */
function cancellationAtHand() {
  let send = () => {}
  const due: {ms: number; action: () => void}[] = []
  const cancellation = new Cancellation(
    onSignal => {
      send = onSignal
      return () => {}
    },
    (ms, action) => due.push({ms, action})
  )
  return {cancellation, signal: () => send(), due}
}

describe('Cancellation', () => {
  test('hears nothing before it has begun', () => {
    const {cancellation, signal} = cancellationAtHand()
    let cancels = 0
    cancellation.onCancel(() => cancels++)
    signal()
    expect(cancels).toBe(0)
  })

  test('hurries some time after the first signal', () => {
    const {cancellation, signal, due} = cancellationAtHand()
    cancellation.begin()
    signal()
    expect(due.map(({ms}) => ms)).toEqual([logDeadlineMs])
    expect(cancellation.logDeadline.aborted).toBe(false)
    due[0]?.action()
    expect(cancellation.logDeadline.aborted).toBe(true)
  })

  test('aborts the log deadline at the second signal, and reports that signal once', () => {
    const {cancellation, signal, due} = cancellationAtHand()
    cancellation.begin()
    let seconds = 0
    cancellation.onSecondSignal(() => seconds++)
    signal()
    expect([cancellation.logDeadline.aborted, seconds]).toEqual([false, 0])
    for (let i = 0; i < 3; i++) signal()
    cancellation.onSecondSignal(() => seconds++)
    expect([cancellation.logDeadline.aborted, seconds, due.length]).toEqual([true, 2, 1])
  })

  test('calls each subscriber for every signal, including earlier ones, until it unsubscribes', () => {
    const {cancellation, signal} = cancellationAtHand()
    cancellation.begin()
    signal()
    let cancels = 0
    const forget = cancellation.onCancel(() => cancels++)
    expect(cancels).toBe(1)
    signal()
    expect(cancels).toBe(2)
    forget()
    signal()
    expect(cancels).toBe(2)
  })
})
