import {describe, expect, test} from '@jest/globals'
import {workflowMarkup} from '../../src/report/log-markup.ts'
import {type Complaint, renderRefusal} from '../../src/report/refusal.ts'

const render = (complaints: readonly Complaint[], annotates = true) => renderRefusal(complaints, {markup: workflowMarkup, annotates})

describe('renderRefusal', () => {
  test('gives each mistake as an annotation at its place, with the line that it is in', () => {
    const properties = {file: 'ci/tasks.yml', line: 3, col: 5}
    expect(render([{text: 'ci/tasks.yml:3:5: unknown field "nmae"', excerpt: '- nmae: x\n  ^', properties}])).toBe(
      `::error file=ci/tasks.yml,line=3,col=5::ci/tasks.yml:3:5: unknown field "nmae"
    - nmae: x
      ^
Nothing was run.
`
    )
  })

  test('annotates ten, shows twenty and counts the rest', () => {
    const lines = render(Array.from({length: 25}, (_, i) => ({text: `mistake ${i}`}))).split('\n')
    expect(lines.filter(line => line.startsWith('::error::'))).toHaveLength(10)
    expect(lines.filter(line => line.includes('mistake'))).toHaveLength(21)
    expect(lines.at(-3)).toBe('… and 5 more mistakes')
  })

  test('annotates nothing where nothing is to be annotated', () => {
    expect(render([{text: '::mistake', properties: {line: 1}}], false)).toBe('\\::mistake\nNothing was run.\n')
  })

  test('lets nothing from a list be a command', () => {
    expect(
      render(Array.from({length: 11}, () => ({text: '::add-mask::x', excerpt: '##[error]x'})))
        .split('\n')
        .slice(-4)
    ).toEqual(['\\::add-mask::x', '    ##\\[error]x', 'Nothing was run.', ''])
  })
})
