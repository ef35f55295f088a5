import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {OutputPart} from '../../src/model/output-listener.ts'
import {PartReader} from '../../src/output/part-reader.ts'
import {ShownOutput} from '../../src/output/shown-output.ts'
import {Masker} from '../../src/text/masker.ts'
import type {LineMeaning} from '../../src/workflow-commands/interpreter.ts'
import {linesWithoutCommands} from '../../src/workflow-commands/workflow-command.ts'
import {runs} from '../support/runs.ts'

interface Shown {
  /** As the log has it. */
  readonly text: string
  readonly meanings: readonly LineMeaning[]
  /** How much of it never was text, in bytes. */
  readonly asBytes: number
}

function shown(
  chunks: readonly Buffer[],
  {mode = 'forward', secrets = [], isQuick = true}: {mode?: 'forward' | 'ignore'; secrets?: readonly string[]; isQuick?: boolean} = {}
): Shown {
  const masker = new Masker()
  for (const secret of secrets) masker.add(secret)
  const meanings: LineMeaning[] = []
  const onMeaning = (meaning: LineMeaning) => {
    meanings.push(meaning)
    if (meaning.kind === 'mask') masker.add(meaning.value)
  }
  const reader = new PartReader({mode, isDebug: true, onMeaning})
  const output = new ShownOutput(masker)
  let text = ''
  let asBytes = 0
  const show = (parts: readonly OutputPart[]) => {
    for (const lines of output.show(isQuick ? parts : parts.flatMap(lineByLine))) {
      if (typeof lines !== 'string') asBytes += lines.length
      text += typeof lines === 'string' ? linesWithoutCommands(lines) : lines.toString()
    }
  }
  for (const chunk of chunks) show(reader.take('stdout', Buffer.from(chunk)))
  show(reader.end())
  return {text, meanings, asBytes}
}

const chunksOf = (bytes: Buffer, sizes: readonly number[]): Buffer[] => {
  const chunks: Buffer[] = []
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? bytes.length
    chunks.push(bytes.subarray(at, at + size))
    at += size
  }
  return chunks
}

/** Each line of a part by itself, with what is shown of it, so that it is not passed on as it is. */
const lineByLine = (part: OutputPart): OutputPart[] =>
  part.shown !== undefined || part.isContinued || part.isOpen
    ? [part]
    : (part.bytes.toString('latin1').match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? []).map(line => {
        const bytes = Buffer.from(line, 'latin1')
        const shown = bytes.toString().replace(/(?:\r\n|\n|\r)$/, '')
        // Nothing shown would be a line that is not to be seen.
        return shown === '' ? {...part, bytes, isContinued: true} : {...part, bytes, shown}
      })

// Where it stands depends on what was taken at once.
const note = '[pwsh-pool: what is not UTF-8 in this output is shown as \ufffd]\n'

describe('ShownOutput', () => {
  test('gives ordinary lines as the bytes that they are, which are not copied', () => {
    const bytes = Buffer.from('one std::string\n\x1b[31mtwo\x1b[0m é\n\n')
    const part: OutputPart = {stream: 'stdout', bytes, isContinued: false, isOpen: false}
    const [lines, ...others] = new ShownOutput(new Masker()).show([part])
    expect(lines).toBe(bytes)
    expect(others).toEqual([])
  })

  test('makes text only of the lines around one that is not shown as it is', () => {
    const plain = 'text\n'.repeat(100_000)
    const {text, asBytes} = shown([Buffer.from(`${plain}::group::name\n${plain}`)])
    expect(text).toBe(`${plain}▸ name\n${plain}`)
    expect(asBytes).toBeGreaterThan(0.95 * 2 * plain.length)
  })

  test('gives lines with other ends as bytes too, each with a line feed', () => {
    const {text, asBytes} = shown([Buffer.from('one\r\n10 %\r20 %\r\r\nü\n\r')])
    expect(text).toBe('one\n10 %\n20 %\n\nü\n\n')
    expect(asBytes).toBe(Buffer.byteLength(text))
  })

  test('shows any output the same as when each line is looked at, however it comes in chunks', () => {
    const secrets = ['s3cret', 'é🔑', 'a b', 'x']
    const part = fc.oneof(
      {weight: 4, arbitrary: fc.constantFrom('\n', '\n', '\r\n', '\r', 'text\n', 'std::string ', ' :: ', 'é', '🔑', '[Math]::Pi\r\n')},
      {weight: 2, arbitrary: fc.constantFrom(...secrets, ' ', '\t', '\u0085', '\u200b', '\ufeff', '\x1b[31m', '\0', ':', '#', '[', ']')},
      {
        weight: 2,
        arbitrary: fc
          .tuple(
            fc.constantFrom('', ' ', '\u0085', 'text ', '\ufeff', 'é'),
            fc.constantFrom('::', '##['),
            fc.constantFrom('error', 'group', 'add-mask', 'set-output name=o', 'stop-commands', 't0ken', 'set-env name=e', 'debug', 'no'),
            fc.constantFrom('::', ']', ''),
            fc.constantFrom(...secrets, 't0ken', 's3cret%0Ax', '')
          )
          .map(parts => parts.join(''))
      },
      {weight: 1, arbitrary: fc.constantFrom('w'.repeat(4095), 'word '.repeat(1000), 'y'.repeat(70_000))},
      {weight: 1, arbitrary: fc.uint8Array({maxLength: 3}).map(bytes => Buffer.from(bytes).toString('latin1'))}
    )
    const bytes = fc
      .array(fc.oneof({weight: 20, arbitrary: part.map(text => Buffer.from(text))}, {weight: 1, arbitrary: fc.constant(Buffer.of(0xff))}))
      .map(parts => Buffer.concat(parts))
    let asBytes = 0
    fc.assert(
      fc.property(
        bytes,
        fc.array(fc.oneof(fc.integer({min: 1, max: 40}), fc.constant(10_000)), {minLength: 1}),
        fc.constantFrom('forward', 'ignore'),
        fc.subarray(secrets),
        (printed, sizes, mode, known) => {
          const quick = shown(chunksOf(printed, sizes), {mode, secrets: known})
          const slow = shown([printed], {mode, secrets: known, isQuick: false})
          expect(quick.text.replace(note, '')).toBe(slow.text.replace(note, ''))
          expect(quick.text.includes(note)).toBe(slow.text.includes(note))
          expect(quick.meanings).toEqual(slow.meanings)
          expect(slow.asBytes).toBe(0)
          asBytes += quick.asBytes
        }
      ),
      {numRuns: runs(400)}
    )
    expect(asBytes).toBeGreaterThan(0)
  })
})
