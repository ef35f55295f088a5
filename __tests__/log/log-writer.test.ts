import {describe, expect, it} from '@jest/globals'
import {LogWriter} from '../../src/log/log-writer.ts'

async function* textsOf(...texts: (string | Buffer)[]): AsyncIterable<string | Buffer> {
  yield* texts
}

function recorded() {
  const written: string[] = []
  const writer = new LogWriter(async lines => {
    written.push(lines.toString())
  })
  return {written, writer}
}

describe('a block', () => {
  it('is one write if it is short, of text and bytes alike', async () => {
    const {written, writer} = recorded()
    await writer.writeBlock('begin\n', textsOf('ä\n', '', Buffer.from('ß\n'), 'c\n'), 'end\n')
    expect(written).toEqual(['begin\nä\nß\nc\nend\n'])
  })

  it('is written in parts, in order and each once, if it is long', async () => {
    const lines = ['a', 'b', 'c', 'd'].map((letter, i) => `${letter.repeat(3000 * (i + 1))}\n`)
    const {written, writer} = recorded()
    await writer.writeBlock('begin\n', textsOf(...lines.map((line, i) => (i % 2 === 0 ? line : Buffer.from(line)))), 'end\n')
    expect(written.join('')).toBe(`begin\n${lines.join('')}end\n`)
    expect(written.length).toBeGreaterThan(1)
  })

  it('has copied bytes that wait: their buffer may be used again', async () => {
    const bytes = Buffer.from('first\n')
    async function* reusing() {
      yield bytes
      bytes.fill('x')
      yield 'second\n'
    }
    const {written, writer} = recorded()
    await writer.writeBlock('', reusing(), '')
    expect(written).toEqual(['first\nsecond\n'])
  })

  it('is closed after an error, with what came before it', async () => {
    async function* failing() {
      yield 'before\n'
      throw new Error('unreadable')
    }
    const {written, writer} = recorded()
    await expect(writer.writeBlock('begin\n', failing(), 'end\n')).rejects.toThrow('unreadable')
    expect(written).toEqual(['begin\nbefore\nend\n'])
    expect(writer.isInBlock).toBe(false)
  })
})
