import {expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {Value} from '../../src/model/task.ts'
import {hashOf, PortableContent} from '../../src/text/portable-content.ts'
import {anyValue} from '../support/any-value.ts'

const content = () => new PortableContent({workspace: '/work', platform: 'linux'})

/** A value with one line end, and with its keys in another order. */
function reordered(value: Value): Value {
  if (typeof value === 'string') return value.replace(/\r\n?/g, '\n')
  if (value instanceof Map) return new Map([...value].reverse().map(([key, each]) => [key, reordered(each)]))
  return Array.isArray(value) ? value.map(reordered) : value
}

const shown = (value: Value): string =>
  JSON.stringify(value, (_, each) => {
    if (each instanceof Map) return {map: [...each].sort(([a], [b]) => (a < b ? -1 : 1))}
    return typeof each === 'bigint' ? {whole: String(each)} : typeof each === 'number' ? {number: String(each)} : each
  })

test('two values are written alike exactly if they are equal but for line ends and the order of keys', () => {
  const portable = content()
  fc.assert(
    fc.property(anyValue(), anyValue(), (a, b) => {
      expect(portable.of(reordered(a))).toBe(content().of(a))
      if (shown(reordered(a)) !== shown(reordered(b))) expect(portable.of(a)).not.toBe(portable.of(b))
    })
  )
})

test('a long text is not taken for a list that would be written alike', () => {
  const list = Array.from({length: 200}, (_, i) => String(i))
  const text = `[${list.map(item => JSON.stringify(item)).join()}]`
  expect(content().of(text)).not.toBe(content().of(list))
})

test('the parts of a hash are told apart by where they end', () => {
  expect(hashOf(['ab', 'c'])).not.toBe(hashOf(['a', 'bc']))
})

test.each([
  ['linux', '/w', '/w/a/b.ps1', 'a/b.ps1'],
  ['linux', '/w', '/x/b.ps1', '../x/b.ps1'],
  ['linux', '/w', '/w', '.'],
  ['win32', 'C:\\w', 'C:\\w\\a\\b.ps1', 'a/b.ps1'],
  ['win32', 'C:\\w', 'D:\\b.ps1', 'D:/b.ps1'],
  ['linux', '/w', '/w/u\u0308.ps1', '\u00fc.ps1']
] as const)('a path on %s below %s: %s is %s', (platform, workspace, file, expected) => {
  expect(new PortableContent({workspace, platform}).path(file)).toBe(expected)
})
