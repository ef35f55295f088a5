import {expect, test} from '@jest/globals'
import fc from 'fast-check'
import {decodeFields, encodeFrame, type Frame, FrameReader} from '../../../src/worker/thread/frames.ts'
import {parseThreadFrame, stopFrame, taskFrame} from '../../../src/worker/thread/thread-protocol.ts'

const anyId = fc.integer({min: 0, max: 2 ** 31 - 1})
const anyFields = fc.array(fc.option(fc.string({unit: 'grapheme'})), {maxLength: 8})
const anyFrame = fc.tuple(fc.integer({min: 0, max: 255}), anyId, anyFields)

test('frames arrive as they were sent, however the connection cuts them', () => {
  fc.assert(
    fc.property(fc.array(anyFrame, {maxLength: 6}), fc.infiniteStream(fc.integer({min: 1, max: 40})), (sent, cuts) => {
      const bytes = Buffer.concat(sent.map(([kind, id, fields]) => encodeFrame(kind, id, fields)))
      const reader = new FrameReader()
      const received: Frame[] = []
      for (let at = 0; at < bytes.length; ) {
        const size: number = cuts.next().value
        received.push(...(reader.take(bytes.subarray(at, at + size)) ?? []))
        at += size
      }
      expect(received.map(({kind, id, payload}) => [kind, id, decodeFields(payload)])).toEqual(sent)
    })
  )
})

test('bytes that are no frame are refused, whatever they are', () => {
  const tooLong = Buffer.alloc(9)
  tooLong.writeInt32LE(2 ** 30, 5)
  expect(new FrameReader().take(tooLong)).toBeUndefined()
  const negative = Buffer.alloc(9)
  negative.writeInt32LE(-1, 5)
  expect(new FrameReader().take(negative)).toBeUndefined()
  fc.assert(fc.property(fc.uint8Array(), bytes => void decodeFields(Buffer.from(bytes))))
  fc.assert(
    fc.property(
      fc.integer({min: 0, max: 255}),
      fc.uint8Array(),
      (kind, bytes) => void parseThreadFrame({kind, id: 1, payload: Buffer.from(bytes)})
    )
  )
})

test('a finished task tells its code, what the worker uses, whether natives were started, and the error that ended it', () => {
  const done = encodeFrame(4, 7, ['3', '1000', '20', '30', '1', 'System.Exception', 'Bad,Thing'])
  const [frame] = new FrameReader().take(done) ?? []
  expect(frame && parseThreadFrame(frame)).toEqual({
    ok: true,
    value: {
      type: 'done',
      id: 7,
      exitCode: 3,
      workingSet: 1000,
      threads: 20,
      handles: 30,
      hasStarted: true,
      error: {types: ['System.Exception'], id: 'Bad,Thing'}
    }
  })
  const [other] = new FrameReader().take(encodeFrame(4, 8, ['0', '1', '2', '3', '0', null, null])) ?? []
  expect(other && parseThreadFrame(other)).toMatchObject({ok: true, value: {exitCode: 0, hasStarted: false, error: undefined}})
})

test('a task is sent with its slot, its paths and its variables, removed ones too', () => {
  const environment = new Map([
    ['A', 'with\nbreaks'],
    ['B', null]
  ])
  const [frame] = new FrameReader().take(taskFrame({id: 5, slot: 2, file: '/t.ps1', workingDirectory: '/w', environment})) ?? []
  expect(frame && [frame.id, decodeFields(frame.payload)]).toEqual([5, ['2', '/t.ps1', '/w', 'A', 'with\nbreaks', 'B', null]])
  expect(new FrameReader().take(stopFrame(5))).toMatchObject([{kind: 2, id: 5}])
})
