import {describe, expect, test} from '@jest/globals'
import {freeBytes} from '../../src/spool/free-bytes.ts'

describe('freeBytes', () => {
  test('frees memory that is theirs alone, where Node can do it', () => {
    const bytes = Buffer.allocUnsafeSlow(10)
    freeBytes(bytes)
    expect(bytes.length).toBe('transfer' in ArrayBuffer.prototype ? 0 : 10)
  })

  test('leaves memory alone of which others have a part', () => {
    const all = Buffer.alloc(10, 'x')
    freeBytes(all.subarray(0, 5))
    freeBytes(Buffer.from('small'))
    expect(all.toString()).toBe('xxxxxxxxxx')
  })
})
