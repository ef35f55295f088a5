import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {lastLines} from '../../src/report/failure-tails.ts'
import {OutputTail} from '../../src/report/output-tail.ts'
import {runs} from '../helpers/runs.ts'

async function* texts(list: readonly string[]): AsyncIterable<string> {
  yield* list
}

describe('OutputTail', () => {
  test('keeps nothing where nothing is shown', async () => {
    expect(await lastLines(new OutputTail(10).texts(), 3, 10)).toEqual([])
  })

  test('has the same last lines as all that was shown, as text or as bytes', async () => {
    const line = fc.string({unit: 'grapheme', maxLength: 12}).map(text => `${text.replaceAll('\n', ' ')}\n`)
    const lines = fc.array(line, {maxLength: 6}).map(list => list.join(''))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(lines, fc.boolean())), fc.integer({min: 1, max: 40}), async (shown, characters) => {
        const tail = new OutputTail(characters)
        for (const [text, isBytes] of shown) {
          const lent = Buffer.from(text)
          tail.push(isBytes ? lent : text)
          lent.fill('x')
        }
        const all = shown.map(([text]) => text)
        expect(await lastLines(tail.texts(), 4, characters)).toEqual(await lastLines(texts(all), 4, characters))
      }),
      {numRuns: runs(500)}
    )
  })
})
