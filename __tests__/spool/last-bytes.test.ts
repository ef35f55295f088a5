import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {LastBytes} from '../../src/spool/last-bytes.ts'
import {runs} from '../support/runs.ts'

describe('LastBytes', () => {
  test('keeps the end of what it takes, and counts what came before it, whenever one asks', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.uint8Array({maxLength: 30}), fc.boolean())), fc.integer({min: 1, max: 40}), (chunks, limit) => {
        const last = new LastBytes(limit)
        let all = Buffer.alloc(0)
        const check = () => {
          expect(last.bytes).toEqual(all.subarray(-limit))
          expect(last.leftOut).toBe(Math.max(0, all.length - limit))
        }
        for (const [chunk, isAsked] of chunks) {
          last.add(Buffer.from(chunk))
          all = Buffer.concat([all, chunk])
          if (isAsked) check()
        }
        check()
      }),
      {numRuns: runs(400)}
    )
  })

  test('has the lines that are there as a whole', () => {
    const last = new LastBytes(8)
    last.add(Buffer.from('one\ntwo'))
    expect(last.lines).toEqual(['one', 'two'])
    last.add(Buffer.from('\r\nthree'))
    expect(last.lines).toEqual(['three'])
  })

  test('keeps no more of a chunk than its end', () => {
    const last = new LastBytes(8)
    last.add(Buffer.alloc(100_000, 'x'))
    expect(last.bytes.buffer.byteLength).toBeLessThan(100_000)
  })
})
