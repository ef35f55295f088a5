import {existsSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {AttemptListener} from '../../src/output/attempt-listener.ts'
import type {ShownLines} from '../../src/output/shown-output.ts'
import {processControl} from '../../src/process/process-control.ts'
import {TaskProcess} from '../../src/process/task-process.ts'
import {Masker} from '../../src/text/masker.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {until} from '../support/until.ts'

const folder = temporaryFolder()
let programs = 0

/** A process that writes `first`, and once it is let go, all of `writes`: a stream, and what is written to it. */
interface Program {
  readonly first: string
  readonly writes: readonly (readonly [stream: 1 | 2, text: string])[]
}

/** Starts it, and shows what it writes as it comes, by `print`. `letGo` comes back when all is written and none of it has been read. */
function start({first, writes}: Program, print: (lines: ShownLines) => Promise<void>) {
  const name = path.join(folder, `program-${programs++}`)
  const [go, done] = [`${name}.go`, `${name}.done`]
  const wait = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)'
  writeFileSync(
    `${name}.mjs`,
    `import fs from 'node:fs'
     fs.writeSync(1, ${JSON.stringify(first)})
     while (!fs.existsSync(${JSON.stringify(go)})) ${wait}
     for (const [stream, text] of ${JSON.stringify(writes)}) fs.writeSync(stream, text)
     fs.writeFileSync(${JSON.stringify(done)}, '')`
  )
  const masker = new Masker()
  const listener = new AttemptListener({
    mode: 'forward',
    masker,
    isDebug: false,
    isRecorded: false,
    record: () => {},
    onMask: value => void masker.add(value),
    onAnnotations: () => {},
    print
  })
  const process_ = new TaskProcess(
    {command: process.execPath, arguments: [`${name}.mjs`], environment: process.env, workingDirectory: folder, mark: 'NOTHING=1'},
    processControl,
    (stream, chunk) => listener.receive(stream, chunk)
  )
  const letGo = () => {
    writeFileSync(go, '')
    const deadline = Date.now() + 60_000
    while (!existsSync(done) && Date.now() < deadline) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
  }
  return {letGo, over: process_.completed.then(() => listener.finish())}
}

describe('what a process has written to both pipes before any of it is read', () => {
  test('is masked on standard error by what standard output announces, also where standard error is read first', async () => {
    let shown = ''
    const {letGo, over} = start(
      {
        first: 'ready\n',
        writes: [
          [2, 'to begin with\n'],
          [1, '::add-mask::s3cret\n'],
          [2, 'the tool uses s3cret\n'],
          [1, 'so does this: s3cret\n']
        ]
      },
      async lines => {
        shown += lines.toString()
      }
    )
    await until('the process is ready', () => shown === 'ready\n')
    letGo()
    await over
    expect(shown.split('\n').toSorted()).toEqual(['', 'ready', 'so does this: ***', 'the tool uses ***', 'to begin with'])
  })

  test('is shown in its order where the log has been slow: standard error does not overtake standard output', async () => {
    let shown = ''
    let take = () => {}
    const taken = new Promise<void>(resolve => {
      take = resolve
    })
    const {letGo, over} = start(
      {
        first: 'one\n',
        writes: [
          [1, 'two\n'],
          [2, 'an error\n'],
          [2, 'of two lines\n']
        ]
      },
      async lines => {
        shown += lines.toString()
        if (shown === 'one\n') await taken
      }
    )
    await until('the first line is on its way', () => shown === 'one\n')
    letGo()
    // Whatever is read while the log is slow is read now.
    for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve))
    expect(shown).toBe('one\n')
    take()
    await over
    expect(shown).toBe('one\ntwo\nan error\nof two lines\n')
  })
})
