import fc from 'fast-check'

/** What expressions like to begin anew at, or to give back and try otherwise. */
const repeated = [
  ' ',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\u0085',
  '\u2028',
  '`',
  '~',
  '[',
  ']',
  '<',
  '<!--',
  '{',
  '${_.',
  '$_',
  '$$',
  '(',
  '*',
  '* ',
  '-',
  '_',
  '=',
  ':',
  '::',
  '##[',
  ';',
  ',',
  '%25',
  '.',
  '0',
  'a',
  '\x1b['
]

/** A text of about `length` UTF-16 units that is one thing over and over, with something else around it and in the middle. */
export const longRuns = (length: number): string[] =>
  repeated.flatMap(unit => {
    const run = unit.repeat(length / unit.length)
    return [run, `a${run}b`, `${run}\u2028`, `a${run.slice(0, length / 2)}b${run.slice(length / 2)}`]
  })

/** A short one, for properties. */
export const shortRun: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...repeated), fc.nat({max: 30}))
  .map(([unit, times]) => unit.repeat(times))
