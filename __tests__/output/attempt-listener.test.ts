import {describe, expect, test} from '@jest/globals'
import type {OutputPart} from '../../src/model/output-listener.ts'
import {AttemptListener, type ListenerOptions} from '../../src/output/attempt-listener.ts'
import {longestPiece} from '../../src/output/line-cutter.ts'
import type {ShownLines} from '../../src/output/shown-output.ts'
import {Masker} from '../../src/text/masker.ts'
import type {AttemptAnnotations} from '../../src/workflow-commands/attempt-annotations.ts'

function listen(overrides: Partial<ListenerOptions> = {}) {
  const masked: string[] = []
  const annotated: AttemptAnnotations[] = []
  const listener = new AttemptListener({
    mode: 'forward',
    masker: new Masker(),
    isDebug: false,
    isRecorded: true,
    onMask: value => masked.push(value),
    record: () => {},
    onAnnotations: annotations => annotated.push(annotations),
    print: undefined,
    ...overrides
  })
  const receive = (text: string, stream: 'stdout' | 'stderr' = 'stdout') => listener.receive(stream, Buffer.from(text))
  return {listener, masked, annotated, receive}
}

function listenLive(shown: string[]) {
  const masker = new Masker()
  const print = async (lines: ShownLines) => void shown.push(lines.toString())
  return {masker, ...listen({masker, print, onMask: value => void masker.add(value)})}
}

describe('AttemptListener', () => {
  test('hears a mask the moment its line is complete, on either stream, in either notation', () => {
    const {masked, receive} = listen()
    void receive('text\n::add-mask::on')
    expect(masked).toEqual([])
    void receive('text ##[add-mask]two\n', 'stderr')
    expect(masked).toEqual(['two'])
    void receive('e\r')
    expect(masked).toEqual(['two', 'one'])
  })

  test('hears a mask while commands are stopped, and at the end of output without a line end', async () => {
    const {listener, masked, annotated, receive} = listen()
    void receive('::stop-commands::t0ken\n::error::not one\n::add-mask::one\n')
    void receive('::T0KEN::\n::error::one\n::add-mask::two')
    await listener.finish()
    expect(masked).toEqual(['one', 'two'])
    expect(annotated[0]?.counts).toEqual({error: 1, warning: 0, notice: 0})
  })

  test('keeps outputs by name without regard to case, the last value of each', async () => {
    const {listener, receive} = listen()
    void receive('::set-output name=Key::1\n::set-output name=other::a%0Ab\n##[set-output name=KEY]2\n::set-output::nameless\n')
    expect((await listener.finish()).outputs).toEqual(
      new Map([
        ['Key', '2'],
        ['other', 'a\nb']
      ])
    )
  })

  test.each(['grouped', 'live'])(
    'hears a mask wherever in a line that is too long to be had whole, but the first bracket alone, %s',
    async log => {
      const shown: string[] = []
      const {listener, masked, receive} = listen(log === 'live' ? {print: async lines => void shown.push(lines.toString())} : {})
      const long = 'word '.repeat(longestPiece / 5 + 1)
      void receive(`##[other] ${long}`)
      void receive('##[add-mask]not the first\n')
      void receive(long)
      void receive(long)
      void receive('end ##[add-mask]one\n::error::x\n')
      void receive(`${long}${long}##[add-mask]two\n`, 'stderr')
      await listener.finish()
      expect(masked).toEqual(['one', 'two'])
      expect(shown.join('')).not.toMatch(/one|two/)
      expect(shown.join('')).toMatch(log === 'live' ? /word end \nError: x\n/ : /^$/)
    }
  )

  test('keeps no output of a line that is too long to be had whole', async () => {
    const {listener, receive} = listen()
    void receive(`::set-output name=key::${'x'.repeat(longestPiece)}`)
    void receive('y\n::set-output name=other::1\n')
    expect((await listener.finish()).outputs).toEqual(new Map([['other', '1']]))
  })

  test('heeds nothing but masks where no line is to be a command', async () => {
    const {listener, masked, annotated, receive} = listen({mode: 'ignore'})
    void receive('::set-output name=key::1\n::error::x\n::stop-commands::t\n::add-mask::one\n')
    expect((await listener.finish()).outputs).toEqual(new Map())
    expect(masked).toEqual(['one'])
    expect(annotated[0]?.counts.error).toBe(0)
  })

  test.each(['a=b', 'a<<b', 'a<', 'a%0Ab', '%0D'])('takes no output whose name could not be handed on: %s', async name => {
    const {listener, receive} = listen()
    void receive(`::set-output name=${name}::value\n`)
    expect((await listener.finish()).outputs).toEqual(new Map())
  })

  test('keeps ten annotations of a type and counts all', async () => {
    const {listener, annotated, receive} = listen()
    void receive('::warning::w\n'.repeat(25))
    await listener.finish()
    expect(annotated[0]?.first('warning')).toHaveLength(10)
    expect(annotated[0]?.counts.warning).toBe(25)
  })

  test('shows no value once it has heard of it, also where it stood in an earlier line that is not shown yet', async () => {
    const shown: string[] = []
    const {masker, listener} = listenLive(shown)
    void listener.receive('stdout', Buffer.from('is hidden\n::add-mask::hidden\nis hidden\n'))
    expect(shown).toEqual(['is ***\nis ***\n'])
    expect(masker.mask('hidden')).toBe('***')
  })

  test('shows what standard error brings masked by what standard output held when it came, in the order in which they came', async () => {
    const shown: string[] = []
    const {listener, receive} = listenLive(shown)
    void receive('first\n')
    const error = receive('using s3cret\n', 'stderr')
    expect(receive('::add-mask::s3cret\ns3cret too\n')).toBeUndefined()
    void receive('last\n', 'stdout')
    await error
    await listener.finish()
    expect(shown.join('')).toBe('first\nusing ***\n*** too\nlast\n')
  })

  test('shows what standard output brought after standard error masked by that too', async () => {
    const shown: string[] = []
    const {receive} = listenLive(shown)
    const error = receive('::add-mask::s3cret\n', 'stderr')
    void receive('it is s3cret\n')
    await error
    expect(shown.join('')).toBe('it is ***\n')
  })

  test('shows what standard error brought when nothing more can come', async () => {
    const shown: string[] = []
    const {listener, receive} = listenLive(shown)
    void receive('one\n', 'stderr')
    void receive('two\nunended', 'stderr')
    void receive('three\n')
    await listener.finish()
    expect(shown.join('')).toBe('one\ntwo\nthree\nunended\n')
  })

  test('holds a stream up until its lines are written, where they are shown at once', async () => {
    const shown: string[] = []
    let written: () => void = () => {}
    const print = (lines: ShownLines) => {
      shown.push(lines.toString())
      return new Promise<void>(resolve => {
        written = resolve
      })
    }
    const {listener, receive} = listen({print})
    expect(receive('par')).toBeUndefined()
    const held = receive('tial\nmore')
    expect(shown).toEqual(['partial\n'])
    let isHeld = true
    const free = held?.then(() => {
      isHeld = false
    })
    await Promise.resolve()
    expect(isHeld).toBe(true)
    written()
    await free
    const finished = listener.finish()
    expect(shown).toEqual(['partial\n', 'more\n'])
    written()
    await finished
  })

  test.each([false, true])(
    'has all recorded in the order in which it came, standard error too where that is shown later: live %s',
    async isLive => {
      const recorded: string[] = []
      const record = ({stream, bytes}: OutputPart) => void recorded.push(`${stream}: ${bytes}`)
      const {listener, receive} = listen({record, print: isLive ? async () => {} : undefined})
      void receive('one\n')
      const error = receive('two\n', 'stderr')
      void receive('three\n::add-mask::s3cret\n')
      await error
      await listener.finish()
      expect(recorded).toEqual(['stdout: one\n', 'stderr: two\n', 'stdout: three\n', 'stdout: ::add-mask::***\n'])
    }
  )
})
