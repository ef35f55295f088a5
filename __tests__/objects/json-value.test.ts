import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {maskedValue, parseJson, renderJson} from '../../src/objects/json-value.ts'
import {anyValue} from '../support/any-value.ts'

describe('JSON', () => {
  test('keeps every value: digits of any number of places, order of keys, lone halves of characters', () => {
    fc.assert(
      fc.property(anyValue(), value => {
        const text = renderJson(value)
        const again = parseJson(text)
        expect(again).not.toBeUndefined()
        expect(renderJson(again ?? null)).toBe(text)
        // What JSON.parse keeps is equal to what it reads.
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(JSON.parse(renderJson(again ?? null))))
      })
    )
  })

  test.each([
    ['123456789012345678901234567890', 123456789012345678901234567890n],
    ['1.0', 1],
    ['-1e3', -1000],
    ['"#1"', '#1'],
    ['"1"', '1'],
    ['"a \\"1\\" \\\\"', 'a "1" \\'],
    [
      '{"2":1,"1":{"__proto__":null}}',
      new Map([
        ['2', 1n],
        ['1', new Map([['__proto__', null]])]
      ] as [string, never][])
    ]
  ])('%s', (text, value) => {
    expect(parseJson(text)).toEqual(value)
  })

  test.each(['', 'nul', '{', '1 2', "'a'", '"a', '['.repeat(100_000), `${'['.repeat(200)}${']'.repeat(200)}`])('is not %j', text => {
    expect(parseJson(text)).toBeUndefined()
  })
})

test('a value is masked wherever it holds a secret: in text, names, numbers and words', () => {
  const mask = (text: string) => text.replaceAll('123', '***').replaceAll('true', '***')
  const value = parseJson('{"a123":["x123","y"],"n":91234,"f":1.123,"t":true,"ok":[false,null,5]}') ?? null
  expect(renderJson(maskedValue(value, mask))).toBe('{"a***":["x***","y"],"n":"9***4","f":"1.***","t":"***","ok":[false,null,5]}')
})
