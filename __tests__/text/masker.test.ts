import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {Masker} from '../../src/text/masker.ts'
import {anyText} from '../support/any-text.ts'
import {runs} from '../support/runs.ts'

function maskerOf(...values: string[]): Masker {
  const masker = new Masker()
  for (const value of values) masker.add(value)
  return masker
}

describe('Masker', () => {
  test.each([
    [['secret'], 'a secret, a secret', 'a ***, a ***'],
    [['a'], 'banana', 'b***n***n***'],
    [['aa'], 'aaa', '***'],
    [['key', 'keychain'], 'keychain key', '*** ***'],
    [['abcd', 'cdef'], 'xabcdefx', 'x***x'],
    [['Secret'], 'secret', 'secret'],
    [['$(x).*'], 'y$(x).*z', 'y***z'],
    [['pässwörd🔑'], 'is pässwörd🔑!', 'is ***!']
  ])('with %j turns %j into %j', (values, text, expected) => {
    expect(maskerOf(...values).mask(text)).toBe(expected)
  })

  test('masks a value of several lines as a whole and line by line', () => {
    const masker = maskerOf('first line\r\n  second line\n\nthird')
    expect(masker.mask('[first line\r\n  second line\n\nthird]')).toBe('[***]')
    expect(masker.mask('> first line\n> second line\n> third')).toBe('> ***\n> ***\n> ***')
  })

  test.each(['', ' ', '\r\n', '\t \n '])('passes over the blank value %j', value => {
    const masker = maskerOf(value)
    expect(masker.mask('a b\tc \n d')).toBe('a b\tc \n d')
    expect(masker.longest).toBe(0)
  })

  test('leaves no value in any text', () => {
    const letters = fc.string({unit: fc.constantFrom('a', 'b', 'c', ' ', '\n'), maxLength: 5})
    fc.assert(
      fc.property(fc.array(letters), fc.array(fc.oneof(letters, anyText())), (values, parts) => {
        const text = maskerOf(...values).mask([...parts, ...values].join(''))
        expect(values.filter(value => value.trim() !== '' && text.includes(value))).toEqual([])
      }),
      {numRuns: runs(400)}
    )
  })

  test('takes out what looking for each value at each place finds, also while values are added', () => {
    const letters = fc.string({unit: fc.constantFrom('a', 'b', '🔑'), minLength: 1, maxLength: 6})
    fc.assert(
      fc.property(fc.array(fc.tuple(letters, letters)), pairs => {
        const masker = new Masker()
        const values: string[] = []
        for (const [value, more] of pairs) {
          masker.add(value)
          values.push(value)
          const text = `${value}${more}${values.join('b')}`
          const isHidden: boolean[] = new Array(text.length).fill(false)
          for (const each of values) {
            for (let at = text.indexOf(each); at >= 0; at = text.indexOf(each, at + 1)) isHidden.fill(true, at, at + each.length)
          }
          const characters = text.split('')
          const expected = characters.map((character, at) => {
            if (isHidden[at] !== true) return character
            return isHidden[at - 1] === true ? '' : '***'
          })
          expect(masker.mask(text)).toBe(expected.join(''))
        }
      }),
      {numRuns: runs(300)}
    )
  })

  test('takes out of a long text thousands of values that begin alike, and one as long as the text', () => {
    const masker = new Masker()
    const values = Array.from({length: 20_000}, (_, i) => `ghs_${String(i).padStart(36, 'x')}`)
    for (const value of values) masker.add(value)
    masker.add(`${'a'.repeat(100_000)}b`)
    expect(masker.mask(`${values.join(' ')}${'a'.repeat(500_000)}`)).toBe(`${values.map(() => '***').join(' ')}${'a'.repeat(500_000)}`)
  })

  test('tells of bytes whether a value occurs in them, whatever the number of values', () => {
    const letters = fc.string({unit: fc.constantFrom('a', 'b', 'é', '🔑', '\n'), minLength: 1, maxLength: 3})
    fc.assert(
      fc.property(fc.array(letters, {maxLength: 12}), fc.array(fc.oneof(letters, fc.string())), (values, parts) => {
        const masker = maskerOf(...values)
        const text = parts.join('')
        expect(masker.occursIn(Buffer.from(text))).toBe(masker.mask(text) !== text)
      }),
      {numRuns: runs(400)}
    )
  })

  test('cuts text only where it cuts through no value', () => {
    const masker = maskerOf('secret', 'retina')
    const text = 'my secretina and more'
    expect([2, 3, 4, 9, 11, 12, 14].map(end => masker.cutBefore(text, end))).toEqual([2, 3, 3, 3, 3, 12, 14])
    expect(new Masker().cutBefore(text, 5)).toBe(5)
  })
})
