import {describe, expect, test} from '@jest/globals'
import {lastLines} from '../../src/report/failure-tails.ts'

async function* texts(...list: string[]): AsyncIterable<string> {
  yield* list
}

describe('lastLines', () => {
  test('keeps the last lines, however they come', async () => {
    expect(await lastLines(texts('a\nb\n', 'c\nd\n'), 3, 100)).toEqual(['b', 'c', 'd'])
    expect(await lastLines(texts('a\n', '', '\n'), 3, 100)).toEqual(['a', ''])
    expect(await lastLines(texts(), 3, 100)).toEqual([])
    expect(await lastLines(texts(''), 3, 100)).toEqual([])
  })

  test('leaves out a line that does not fit as a whole', async () => {
    expect(await lastLines(texts('12345\n678\n', '90\n'), 9, 7)).toEqual(['678', '90'])
    expect(await lastLines(texts('12345\n678\n', '90\n'), 9, 6)).toEqual(['90'])
  })

  test('cuts the last line at its start if it alone is too long', async () => {
    expect(await lastLines(texts('x\n0123456789\n'), 9, 4)).toEqual(['6789'])
    expect(await lastLines(texts('0123456789\n'), 9, 4)).toEqual(['6789'])
  })
})
