import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {OutputStream} from '../../src/model/output-listener.ts'
import {AttemptListener} from '../../src/output/attempt-listener.ts'
import {searchedEnd} from '../../src/output/searchable-text.ts'
import {Masker} from '../../src/text/masker.ts'
import {runs} from '../support/runs.ts'

/** What can be searched of an attempt that printed these chunks: a text for each stream. */
async function searchable(
  chunks: readonly (readonly [OutputStream, string | Buffer])[],
  isSearched = true
): Promise<readonly string[] | undefined> {
  const masker = new Masker()
  const listener = new AttemptListener({
    mode: 'forward',
    masker,
    isDebug: false,
    isRecorded: false,
    isSearched,
    onMask: value => void masker.add(value),
    record: () => {},
    onAnnotations: () => {},
    print: undefined
  })
  for (const [stream, chunk] of chunks) await listener.receive(stream, Buffer.from(chunk))
  return (await listener.finish()).lastPrinted
}

describe('what can be searched of an output', () => {
  test('is each stream by itself, with plain line ends and without colors', async () => {
    const chunks = [
      ['stdout', 'status \u001b[31m4\u001b[1m29\u001b[0m\r\nnext'],
      ['stderr', 'Too Many '],
      ['stdout', '\rlast'],
      ['stderr', 'Requests\n']
    ] as const
    expect(await searchable(chunks)).toEqual(['status 429\nnext\nlast', 'Too Many Requests\n'])
  })

  test('is not kept where nobody asks for it', async () => {
    expect(await searchable([['stdout', 'text']], false)).toBeUndefined()
  })

  test('has every line whole, wherever the chunks of two streams are cut', async () => {
    const text = fc.array(fc.constantFrom('429', 'Too Many Requests', 'größe', '\u{1f600}', ' ', 'a'.repeat(5000), '::error::x'), {
      maxLength: 20
    })
    const cuts = fc.array(fc.nat(5000), {maxLength: 10})
    await fc.assert(
      fc.asyncProperty(text, text, cuts, async (out, err, sizes) => {
        const texts = {stdout: out.join('\n'), stderr: err.join('\n')}
        const left = {stdout: Buffer.from(texts.stdout), stderr: Buffer.from(texts.stderr)}
        const chunks: [OutputStream, Buffer][] = []
        for (const [i, size] of [...sizes, 1e6, 1e6].entries()) {
          const stream = i % 2 === 0 ? 'stdout' : 'stderr'
          chunks.push([stream, left[stream].subarray(0, size)])
          left[stream] = left[stream].subarray(size)
        }
        expect(await searchable(chunks)).toEqual([texts.stdout.slice(-searchedEnd), texts.stderr.slice(-searchedEnd)])
      }),
      {numRuns: runs(60)}
    )
  })

  test('is the last 64 KiB, also of a line of any length', async () => {
    for (const filler of ['x', 'x\n']) {
      const hay = filler.repeat(searchedEnd / filler.length)
      expect((await searchable([['stdout', `needle${hay.slice(6)}`]]))?.[0]).toMatch(/^needle/)
      expect((await searchable([['stdout', `needle${hay}`]]))?.[0]).toBe(hay)
    }
  })

  test('has no part of a secret, however it is printed or cut', async () => {
    const announced = ['stdout', '::add-mask::s3cret-value\n::add-mask::two%0Alines\n'] as const
    const [text = ''] = (await searchable([announced, ['stdout', 's3cret-value s3\u001b[31mcret-value lines\n']])) ?? []
    expect(text).not.toMatch(/s3|cret|lines|two/)
    for (const hay of ['x', 'x\n'])
      for (const cut of [0, 1, 5, 11]) {
        const rest = hay.repeat(searchedEnd).slice(0, searchedEnd - cut)
        expect((await searchable([announced, ['stdout', `s3cret-value${rest}`]]))?.[0]).not.toMatch(/[es3crtvalu]/)
      }
  })
})
