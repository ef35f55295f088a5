import fc from 'fast-check'
import {anyText} from './any-text.ts'

/** Bytes that a task writes at once: to standard output (0) or standard error (1). */
export interface Frame {
  readonly stream: number
  readonly bytes: Buffer
}

/** The values that a task announces as secret, of kinds that are written in several ways. */
export function secretsOf(task: number): readonly string[] {
  return [`s3cret-${task}-plain`, `s3cret-${task}-100%-€`, `s3cret-${task}-"&+<quoted>`, `s3cret-${task}-one\ns3cret-${task}-two`]
}

const names = [
  ...['error', 'warning', 'NOTICE', 'group', 'endgroup', 'set-output name=o', 'set-output name=a=b', 'set-output name=%0A', 'set-output'],
  ...[
    'set-output name=x<',
    'set-output name=<<',
    'set-output name=RESULT',
    'set-env name=E',
    'add-path',
    'echo',
    'save-state name=s',
    'debug'
  ],
  ...[
    'add-matcher',
    'remove-matcher',
    'stop-commands',
    'token',
    'unknown',
    'error file=a.ps1,line=3,title=t',
    'Warning title=%0A',
    'command'
  ]
]
/** What stands in long runs, at which expressions like to begin anew; `s` begins every secret value. */
const runUnits = [' ', '\r', '\n', ':', '%25', '`', '<', 's', 's3cret-'] as const
const runStarts = ['', '::error ', '::error::', '##[error', '<x> '] as const
const lineEnds = ['\n', '\n', '\n', '\n', '\r\n', '\r', '\r\r\n', '', '\n\n', '\u2028']
const escaped = (text: string) => text.replaceAll('%', '%25').replaceAll('\n', '%0A')

/** What a task prints, always the same for the same seed. */
export function framesOf(task: number, seed: number, count: number): Frame[] {
  const own = secretsOf(task)
  const known = [...own, ...secretsOf((task + 1) % 8)].flatMap(secret => secret.split('\n'))
  const tag = `<task ${task}>`
  const secret = fc.constantFrom(...own)
  const data = fc.oneof(
    fc.constantFrom(...known),
    fc.constantFrom('on', 'off', 'token', '', 'x::y', '##[error]', tag, '%0A::error::x', 'a\u0000b', '\x1b[31mred\x1b[0m'),
    anyText({maxLength: 8})
  )
  const space = fc.constantFrom('', '', ' ', '\t', '\u0085', '\u200b', '\ufeff')
  const text = fc.oneof(
    {weight: 4, arbitrary: fc.tuple(space, fc.constantFrom(...names), data).map(([before, name, value]) => `${before}::${name}::${value}`)},
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom('', `${tag} `, '::'), fc.constantFrom(...names), data)
        .map(([before, name, value]) => `${before}##[${name}]${value}`)
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(secret, fc.boolean())
        .map(([value, isBracket]) => `${isBracket ? `${tag} ##[ADD-mask]` : '::add-mask::'}${escaped(value)}`)
    },
    {weight: 4, arbitrary: fc.tuple(data, data).map(([one, two]) => `${tag} ${one} ${two}`)},
    {weight: 1, arbitrary: fc.constantFrom('::', '##[', ':', '#', ']', '::error', '##[error')},
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('x', 'word ', 'é'), fc.constantFrom(100, 100, 1000, 1000, 2000, 2000, 9000, 70_000), data)
        .map(([unit, length, value]) => `${tag} ${unit.repeat(length)}${value}${unit.repeat(50)}`)
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...runStarts), fc.constantFrom(...runUnits), fc.constantFrom(500, 500, 2000, 20_000), data)
        .map(([start, unit, length, value]) => `${start}${unit.repeat(length / unit.length)}${value}`)
    }
  )
  const line = fc.tuple(text, fc.constantFrom(...lineEnds)).map(all => Buffer.from(all.join('')))
  const noise = fc.uint8Array({maxLength: 200}).map(bytes => Buffer.from(bytes))
  const body = fc.oneof({weight: 8, arbitrary: line}, {weight: 1, arbitrary: noise})
  const frame = fc.record({stream: fc.nat({max: 1}), bytes: body, cut: fc.nat({max: 100}), isPlain: fc.nat({max: 3})})
  return fc.sample(frame, {seed: seed * 8 + task, numRuns: count}).flatMap(({stream, bytes, cut, isPlain}, i) => [
    // In two pieces, so that the other stream can come between them.
    {stream, bytes: bytes.subarray(0, cut)},
    ...(isPlain === 0 ? [{stream: 1 - stream, bytes: Buffer.from(`\n${tag} plain ${i}\n`)}] : []),
    {stream, bytes: bytes.subarray(cut)}
  ])
}

/** The frames as the player in the test reads them: their number, then of each its stream, length and bytes. */
export function encodedFrames(frames: readonly Frame[]): Buffer {
  const number = (value: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32LE(value)
    return bytes
  }
  return Buffer.concat([number(frames.length), ...frames.flatMap(({stream, bytes}) => [Buffer.of(stream), number(bytes.length), bytes])])
}

/** All that goes to one stream, as text. */
export function streamText(frames: readonly Frame[], stream: number): string {
  return Buffer.concat(frames.filter(frame => frame.stream === stream).map(({bytes}) => bytes)).toString()
}
