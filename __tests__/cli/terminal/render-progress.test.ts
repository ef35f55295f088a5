import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {colorsFor} from '../../../src/cli/terminal/colors.ts'
import {widthOf} from '../../../src/cli/terminal/columns.ts'
import {type Canvas, clock, renderProgress} from '../../../src/cli/terminal/render-progress.ts'
import type {Progress, RunningTask} from '../../../src/cli/terminal/run-progress.ts'
import {createTask} from '../../support/create-task.ts'
import {hostileText} from '../../support/hostile-text.ts'
import {runs} from '../../support/runs.ts'

const plain = colorsFor(false)
const running = (name: string, startedAt: number, lastLine = '', isEnding = false, isSlow = false): RunningTask => ({
  task: createTask({name}),
  startedAt,
  lastLine,
  isSlow,
  isEnding
})

const progress: Progress = {
  total: 30,
  startedAt: 0,
  running: [running('build', 1000, 'compiling main.cs'), running('test of everything there is', 60_000, 'ok 12')],
  done: 12,
  failed: 1,
  skipped: 0,
  ran: 12,
  isInterrupted: false,
  meanTaskMs: 5000
}

const render = (overrides: Partial<Progress> = {}, canvas: Partial<Canvas> = {}) =>
  renderProgress({...progress, ...overrides}, {width: 80, height: 20, colors: plain, mask: text => text, ...canvas}, 63_000).join('\n')

describe('renderProgress', () => {
  test('shows what runs, for how long, what it says, and how far all is', () => {
    expect(render()).toBe(`\
▸ build                        1:02  compiling main.cs
▸ test of everything there is  0:03  ok 12
██████████░░░░░░░░░░░░░░░░ 12/30 done, 1 failed, 18 left · 1:03, about 1:34 more`)
  })

  test('leaves the bar out and cuts names in a narrow terminal', () => {
    expect(render({}, {width: 40})).toBe(`\
▸ build             1:02  compiling mai…
▸ test of everyth…  0:03  ok 12
12/30 done, 1 failed, 18 left · 1:03, a…`)
  })

  test('shows those that began first where there is no room for all', () => {
    const many = Array.from({length: 200}, (_, i) => running(`job ${i}`, i))
    const lines = render({running: many}, {height: 5}).split('\n')
    expect(lines.slice(0, 4)).toEqual(['▸ job 0  1:03', '▸ job 1  1:02', '▸ job 2  1:02', '  … and 197 more'])
    expect(lines).toHaveLength(5)
    expect(render({running: many}, {height: 1}).split('\n')).toHaveLength(1)
    expect(render({running: many}, {height: 0})).toBe('')
  })

  test('says that it ends what runs once it was interrupted', () => {
    expect(render({isInterrupted: true, running: [running('build', 0, 'text', true)]}, {width: 120})).toBe(`\
▸ build  1:03  is being ended
███████████████░░░░░░░░░░░░░░░░░░░░░░░░░ Interrupted: ending what runs; Ctrl-C again kills it at once`)
  })

  test('says nothing of the end while it cannot know, and counts what was skipped', () => {
    expect(render({running: [], meanTaskMs: undefined, skipped: 2, failed: 0, done: 2, ran: 0})).toMatch(
      / 2\/30 done, 2 skipped, 28 left · 1:03$/
    )
  })

  test('masks names as they are now, and shows no escape sequence of a task', () => {
    const text = render({running: [running('s3cret\u001B[31m', 0, '\u001B[2Jred\r')]}, {mask: text => text.replace('s3cret', '***')})
    expect(text).toMatch(/^▸ \*\*\* {2}1:03 {2}red\n/)
  })

  test('colors the bar by what succeeded and what failed', () => {
    const colors = colorsFor(true)
    const whole = colors.green('█████████') + colors.red('█') + colors.yellow('') + colors.dim('░░░░░░░░░░░░░░░░')
    expect(render({}, {colors})).toContain(whole)
  })

  test('does not show tasks that never ran as if they had', () => {
    expect(render({done: 27, ran: 12, isInterrupted: true, running: []}, {width: 120})).toMatch(/^█{15}▒{20}░{5} Interrupted: /)
  })

  test('never makes a line wider than the terminal, nor more lines than fit, whatever tasks are called and print', () => {
    const anyText = fc.oneof(
      hostileText,
      fc.string({unit: 'grapheme'}),
      fc.constantFrom('漢字'.repeat(50), '👨‍👩‍👧'.repeat(20), '\t'.repeat(30))
    )
    const anyRunning = fc
      .record({name: anyText, lastLine: anyText, startedAt: fc.nat(100_000_000), isEnding: fc.boolean()})
      .map(({name, lastLine, startedAt, isEnding}) => running(name, startedAt, lastLine, isEnding))
    const anyProgress = fc.record({
      total: fc.nat(10_000),
      startedAt: fc.nat(100_000_000),
      running: fc.array(anyRunning, {maxLength: 12}),
      done: fc.nat(10_000),
      failed: fc.nat(10_000),
      skipped: fc.nat(10_000),
      ran: fc.nat(10_000),
      isInterrupted: fc.boolean(),
      meanTaskMs: fc.option(fc.nat(10_000_000), {nil: undefined})
    })
    const consistent = anyProgress.map(({total, done, ran, failed, ...rest}) => {
      const allDone = Math.min(done, total)
      const allRan = Math.min(ran, allDone)
      return {...rest, total, done: allDone, ran: allRan, failed: Math.min(failed, allRan)}
    })
    fc.assert(
      fc.property(consistent, fc.integer({min: 1, max: 200}), fc.nat(16), (any, width, height) => {
        const lines = renderProgress(any, {width, height, colors: plain, mask: text => text}, 100_000_000)
        expect(lines.length).toBeLessThanOrEqual(height)
        expect(lines.filter(line => /\p{Cc}/u.test(line))).toEqual([])
        expect(lines.filter(line => widthOf(line) > width)).toEqual([])
      }),
      {numRuns: runs(300)}
    )
  })
})

test.each([
  [-1, '0:00'],
  [0, '0:00'],
  [7999, '0:07'],
  [754_000, '12:34'],
  [3_723_000, '1:02:03']
])('clock(%j) is %j', (ms, expected) => {
  expect(clock(ms)).toBe(expected)
})
