import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {HeldBytes} from '../../src/spool/held-bytes.ts'
import {runs} from '../support/runs.ts'

/** A character for each byte, since Jest compares the bytes of buffers one property at a time. */
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

describe('HeldBytes', () => {
  test('gives what was added, in order and whatever becomes of what it was added from', () => {
    const step = fc.oneof(fc.uint8Array({maxLength: 2000}), fc.integer({min: 0, max: 3000}))
    fc.assert(
      fc.property(fc.array(step), steps => {
        const held = new HeldBytes()
        let expected = Buffer.alloc(0)
        for (const step of steps) {
          if (typeof step === 'number') {
            expect(textOf(held.take(step))).toBe(textOf(expected.subarray(0, step)))
            expected = expected.subarray(step)
          } else {
            const lent = Uint8Array.from(step)
            held.add(lent)
            lent.fill(0)
            expected = Buffer.concat([expected, step])
          }
          expect(held.size).toBe(expected.length)
          expect(textOf(held.peek())).toBe(textOf(expected))
        }
      }),
      {numRuns: runs(400)}
    )
  })

  test('uses its memory again', () => {
    const held = new HeldBytes()
    held.add(Buffer.alloc(500))
    const {buffer} = held.take()
    for (let i = 0; i < 10; i++) {
      held.add(Buffer.alloc(500))
      expect(held.take().buffer).toBe(buffer)
    }
  })
})
