import {afterEach, beforeEach, describe, expect, jest, test} from '@jest/globals'
import {heartbeat} from '../../src/log/heartbeat.ts'
import {workflowMarkup} from '../../src/log/log-markup.ts'
import {LogWriter} from '../../src/log/log-writer.ts'
import {Masker} from '../../src/text/masker.ts'
import {createRecord, planOf, powershell, ranFor, succeeded} from '../support/create-record.ts'
import {createTasks} from '../support/create-task.ts'

beforeEach(() => {
  jest.useFakeTimers({now: 0})
})
afterEach(() => {
  jest.useRealTimers()
})

function start(everyMs: number, ...names: string[]) {
  const tasks = createTasks(...names.map(name => ({name})))
  const lines: string[] = []
  const writer = new LogWriter(async text => {
    lines.push(text.toString())
  })
  const masker = new Masker()
  const read = heartbeat(writer, everyMs, {mask: text => masker.mask(text), markup: workflowMarkup})
  void read({type: 'run-started', plan: planOf(tasks), tasks, powershells: [powershell], maxParallel: 2})
  const begin = (index: number) => {
    const task = tasks[index]
    if (task !== undefined) void read({type: 'attempt-started', task, number: 1, worker: 0, startedAt: Date.now()})
  }
  const end = (index: number) => {
    const record = ranFor(tasks[index] ?? createTasks({})[0] ?? raise(), [{ms: 1, end: succeeded}])
    void read({type: 'task-ended', record})
  }
  return {lines, writer, masker, read, begin, end}
}

function raise(): never {
  throw new Error('no task')
}

describe('heartbeat', () => {
  test('says what is done and what runs, those that run longest first', () => {
    const {lines, begin, end} = start(30_000, 'build', 'test', 'deploy')
    end(0)
    begin(1)
    jest.advanceTimersByTime(29_999)
    begin(2)
    expect(lines).toEqual([])
    jest.advanceTimersByTime(1)
    jest.advanceTimersByTime(60_000)
    expect(lines).toEqual([
      '1/3 done · running: test 30 s, deploy 0 s\n',
      '1/3 done · running: test 1 min 0 s, deploy 30 s\n',
      '1/3 done · running: test 1 min 30 s, deploy 1 min 0 s\n'
    ])
  })

  test.each([
    ['', 'starting PowerShell for 20 s'],
    ['setup', 'starting PowerShell: setup has been running for 20 s']
  ])('says that PowerShell starts while no task runs, and what runs in it before one: "%s"', (prepared, text) => {
    const [build, test] = createTasks({name: 'build'}, {name: 'test'})
    if (build === undefined || test === undefined) throw new Error('no task')
    const lines: string[] = []
    const writer = new LogWriter(async text => {
      lines.push(text.toString())
    })
    const read = heartbeat(writer, 20_000, {mask: text => text, markup: workflowMarkup}, prepared)
    void read({type: 'run-started', plan: planOf([build, test]), tasks: [build, test], powershells: [powershell], maxParallel: 2})
    void read({type: 'attempt-waiting', task: build, lockSlots: new Map(), since: 0})
    jest.advanceTimersByTime(20_000)
    void read({type: 'attempt-started', task: build, number: 1, worker: 0, startedAt: Date.now()})
    jest.advanceTimersByTime(20_000)
    expect(lines).toEqual([`0/2 done · ${text}\n`, '0/2 done · running: build 20 s\n'])
  })

  test('waits from the last line of the log on', () => {
    const {lines, writer, begin} = start(10_000, 'build')
    begin(0)
    jest.advanceTimersByTime(9000)
    void writer.write('something\n')
    jest.advanceTimersByTime(9999)
    expect(lines).toEqual(['something\n'])
    jest.advanceTimersByTime(1)
    expect(lines).toEqual(['something\n', '0/1 done · running: build 19 s\n'])
  })

  test('is never inside a block', async () => {
    const {lines, writer} = start(1000, 'build')
    let release: (text: string) => void = () => {}
    const text = new Promise<string>(resolve => {
      release = resolve
    })
    const block = writer.writeBlock(
      'first\n',
      (async function* () {
        yield await text
      })(),
      'last\n'
    )
    jest.advanceTimersByTime(5000)
    release('inside\n')
    await block
    jest.advanceTimersByTime(1000)
    expect(lines).toEqual(['first\ninside\nlast\n', '0/1 done · no task is running\n'])
  })

  test('names a few, counts the rest, masks names and lets none be a command', () => {
    const {lines, masker, begin} = start(1000, '::error::s3cret', ...Array.from({length: 6}, (_, i) => `t${i}`))
    masker.add('s3cret')
    for (let i = 0; i < 7; i++) begin(i)
    jest.advanceTimersByTime(1000)
    expect(lines).toEqual(['0/7 done · running: ::error::*** 1 s, t0 1 s, t1 1 s, t2 1 s, t3 1 s, 2 more\n'])
  })

  test('ends with the run, and never begins where it is not wanted', () => {
    const wanted = start(1000, 'a')
    const unwanted = start(0, 'a')
    void wanted.read({type: 'run-ended', record: createRecord([])})
    jest.advanceTimersByTime(100_000)
    expect([...wanted.lines, ...unwanted.lines]).toEqual([])
  })
})
