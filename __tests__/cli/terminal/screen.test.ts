import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {fitted} from '../../../src/cli/terminal/columns.ts'
import {Screen} from '../../../src/cli/terminal/screen.ts'
import {HeadlessTerminal} from '../../support/headless-terminal.ts'
import {runs} from '../../support/runs.ts'

function start(columns = 40, rows = 10) {
  const terminal = new HeadlessTerminal(columns, rows)
  const view = {lines: ['first']}
  const screen = new Screen(terminal.stream, ({width}) => view.lines.map(line => fitted(line, width)))
  screen.start()
  const draw = (...lines: string[]) => {
    view.lines = lines
    screen.draw()
  }
  const print = (text: string) => {
    screen.hold()
    terminal.stream.write(text)
    screen.release()
  }
  return {terminal, screen, draw, print}
}

describe('Screen', () => {
  test('draws lines over the ones before, and text above them', async () => {
    const {terminal, screen, draw, print} = start()
    draw('a', 'b', 'c')
    print('text\n')
    draw('a', 'B')
    expect(await terminal.lines()).toEqual(['text', 'a', 'B'])
    print('more\ntext\n')
    draw('a', 'B', 'c', 'd')
    expect(await terminal.lines()).toEqual(['text', 'more', 'text', 'a', 'B', 'c', 'd'])
    screen.stop()
    expect(await terminal.lines()).toEqual(['text', 'more', 'text'])
  })

  test('draws nothing while text is being written', async () => {
    const {terminal, screen, draw} = start()
    screen.hold()
    terminal.stream.write('half a ')
    draw('drawn')
    terminal.stream.write('line\n')
    expect(await terminal.lines()).toEqual(['half a line'])
    screen.release()
    expect(await terminal.lines()).toEqual(['half a line', 'drawn'])
    screen.stop()
  })

  test('leaves nothing of its lines behind when the terminal gets narrower or wider', async () => {
    const {terminal, screen, draw, print} = start(60, 12)
    print('text\n')
    draw('x'.repeat(59), 'y'.repeat(30), 'z')
    await terminal.resize(25, 12)
    draw('x', 'y', 'z')
    expect(await terminal.lines()).toEqual(['text', 'x', 'y', 'z'])
    await terminal.resize(80, 5)
    draw('wide '.repeat(10), 'y')
    expect(await terminal.lines()).toEqual(['text', 'wide '.repeat(10).trimEnd(), 'y'])
    screen.stop()
  })

  test('never hides the cursor, so that it cannot be left hidden', async () => {
    const {terminal, screen, draw} = start()
    draw('a')
    screen.stop()
    expect(terminal.written).not.toContain('\u001B[?25l')
  })

  test('keeps a column and a line free, and goes by 80 and 24 where the terminal does not tell', () => {
    const terminal = new HeadlessTerminal(40, 10)
    expect(new Screen(terminal.stream, () => []).size).toEqual({width: 39, height: 9})
    const silent = Object.defineProperties(terminal.stream, {columns: {value: 0}, rows: {value: undefined}})
    expect(new Screen(silent, () => []).size).toEqual({width: 79, height: 23})
  })

  test('shows the text whole and the last lines below it, in whatever order it is drawn, printed to and resized', async () => {
    const anyLine = fc.constantFrom('', 'a', 'bb', '漢字', 'é', 'x'.repeat(18))
    const anyStep = fc.oneof(
      {weight: 6, arbitrary: fc.record({kind: fc.constant('draw' as const), lines: fc.array(anyLine, {maxLength: 7})})},
      {weight: 3, arbitrary: fc.record({kind: fc.constant('print' as const), text: fc.stringMatching(/^[a-z]{1,15}$/)})},
      {weight: 1, arbitrary: fc.record({kind: fc.constant('resize' as const), columns: fc.integer({min: 20, max: 60})})}
    )
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, {maxLength: 30}), async steps => {
        const {terminal, screen, draw, print} = start(30, 9)
        const printed: string[] = []
        let shown = ['first']
        for (const step of steps) {
          if (step.kind === 'draw') {
            shown = step.lines
            draw(...shown)
          } else if (step.kind === 'print') {
            printed.push(step.text)
            print(`${step.text}\n`)
          } else await terminal.resize(step.columns, 9)
        }
        expect(await terminal.lines()).toEqual([...printed, ...shown].join('\n').trimEnd().split('\n'))
        screen.stop()
        expect(await terminal.lines()).toEqual(printed.join('\n').split('\n'))
      }),
      {numRuns: runs(60)}
    )
  })
})
