import fc from 'fast-check'
import type {Value} from '../../src/model/task.ts'
import {anyText} from './any-text.ts'

const quotes = ["'", '"', '\u2018', '\u2019', '\u201a', '\u201b', '\u201c', '\u201d', '\u201e']
/** Texts that try to be more than text to PowerShell. */
export const hostileParts: readonly string[] = [
  ...quotes,
  '$(exit 9)',
  '`',
  '\0',
  '\r',
  '\n',
  '\r\n',
  '\u2028',
  '\ud800',
  '\udfff',
  '@',
  '#',
  ';',
  ')',
  '}',
  '😀',
  '-',
  '--%',
  '%',
  '\ufeff',
  '\u0085'
]

/** Any value that a list can hand to a task. */
export function anyValue(): fc.Arbitrary<Value> {
  const text = fc.oneof(
    anyText(),
    fc.array(fc.oneof(fc.constantFrom(...hostileParts), fc.string())).map(parts => parts.join(''))
  )
  return fc.letrec<{value: Value}>(tie => ({
    value: fc.oneof(
      {maxDepth: 5},
      fc.constant(null),
      fc.boolean(),
      fc.bigInt(),
      fc.bigInt({min: -(2n ** 33n), max: 2n ** 33n}),
      fc.double({noNaN: true}),
      text,
      fc.array(tie('value'), {maxLength: 5}),
      fc
        .uniqueArray(fc.tuple(text, tie('value')), {maxLength: 5, selector: ([key]) => key.toUpperCase().toLowerCase()})
        .map(entries => new Map(entries))
    )
  })).value
}
