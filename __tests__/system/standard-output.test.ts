import {Writable} from 'node:stream'
import {afterEach, describe, expect, jest, test} from '@jest/globals'
import {endWhenWritten} from '../../src/system/standard-output.ts'

/** A stream that takes what is written when it is told to, one write after another. */
function slowStream(): {readonly stream: Writable; readonly take: () => void} {
  const waiting: (() => void)[] = []
  const stream = new Writable({write: (_chunk, _encoding, done) => void waiting.push(() => done())})
  return {stream, take: () => waiting.shift()?.()}
}

const turn = () => new Promise(resolve => setImmediate(resolve))

describe('endWhenWritten', () => {
  afterEach(() => void jest.restoreAllMocks())

  test('ends the process once all that was written to each of the streams has been taken', async () => {
    const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never)
    const [out, error] = [slowStream(), slowStream()]
    out.stream.write('last words')
    endWhenWritten([out.stream, error.stream])
    error.take()
    await turn()
    out.take()
    await turn()
    expect(exit).not.toHaveBeenCalled()
    out.take()
    await turn()
    expect(exit).toHaveBeenCalledTimes(1)
  })

  test('ends it also where a stream has failed', async () => {
    const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never)
    const broken = new Writable({write: (_chunk, _encoding, done) => done(new Error('EPIPE'))}).on('error', () => {})
    broken.write('x')
    await turn()
    endWhenWritten([broken])
    await turn()
    expect(exit).toHaveBeenCalledTimes(1)
  })
})
