import {describe, expect, test} from '@jest/globals'
import {cancelSignals, onCancelSignal} from '../../src/system/signals.ts'

describe('the signals that cancel a step', () => {
  test('are those that the runner sends, which are others on Windows', () => {
    expect(cancelSignals('linux')).toEqual(['SIGINT', 'SIGTERM'])
    expect(cancelSignals('darwin')).toEqual(['SIGINT', 'SIGTERM'])
    expect(cancelSignals('win32')).toEqual(['SIGINT', 'SIGBREAK'])
  })

  test('are each received until the listener is removed', () => {
    let heard = 0
    const forget = onCancelSignal(() => heard++)
    for (const signal of cancelSignals(process.platform)) process.emit(signal)
    expect(heard).toBe(2)
    forget()
    const [first = 'SIGINT'] = cancelSignals(process.platform)
    expect(process.listenerCount(first)).toBe(0)
  })
})
