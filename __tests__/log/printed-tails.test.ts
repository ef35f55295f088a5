import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {PrintedTails} from '../../src/log/printed-tails.ts'
import {lastLines} from '../../src/report/failure-tails.ts'
import {ranFor, succeeded} from '../support/create-record.ts'
import {createTask} from '../support/create-task.ts'
import {runs} from '../support/runs.ts'

async function* texts(list: readonly string[]): AsyncIterable<string> {
  yield* list
}

const task = createTask()
const [attempt] = ranFor(task, [{ms: 1, end: succeeded}]).attempts
if (attempt === undefined) throw new Error('there is one attempt')

const keptOf = (tails: PrintedTails) => tails.textsOf({task, attempt}) ?? texts(['nothing is kept'])

describe('PrintedTails', () => {
  test('keeps nothing where nothing is shown', async () => {
    const tails = new PrintedTails(10)
    tails.begin(task, 1)
    expect(await lastLines(keptOf(tails), 3, 10)).toEqual([])
  })

  test('knows of no attempt that has not begun', () => {
    expect(new PrintedTails().textsOf({task, attempt})).toBeUndefined()
  })

  test('has the same last lines as all that was shown, as text or as bytes', async () => {
    const line = fc.string({unit: 'grapheme', maxLength: 12}).map(text => `${text.replaceAll('\n', ' ')}\n`)
    const lines = fc.array(line, {maxLength: 6}).map(list => list.join(''))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(lines, fc.boolean())), fc.integer({min: 1, max: 40}), async (shown, characters) => {
        const tails = new PrintedTails(characters)
        const show = tails.begin(task, 1)
        for (const [text, isBytes] of shown) show(isBytes ? Buffer.from(text) : text)
        const all = shown.map(([text]) => text)
        expect(await lastLines(keptOf(tails), 4, characters)).toEqual(await lastLines(texts(all), 4, characters))
      }),
      {numRuns: runs(500)}
    )
  })
})
