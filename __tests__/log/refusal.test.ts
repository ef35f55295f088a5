import {describe, expect, test} from '@jest/globals'
import {workflowMarkup} from '../../src/log/log-markup.ts'
import {type Complaint, renderRefusal, renderRefusalPage} from '../../src/log/refusal.ts'

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

describe('renderRefusalPage', () => {
  test('has each mistake with the line that it is in, and nothing from a list that is Markdown', () => {
    expect(
      renderRefusalPage([{text: 'tasks:1:3: unknown <b>', excerpt: '- <b>: x\n  ^'}, {text: 'another'}], false)
    ).toBe(`## ❌ Nothing was run

- tasks&#58;1&#58;3&#58; unknown &#60;b&#62;

  \`\`\`text
  - <b>: x
    ^
  \`\`\`
- another
`)
  })

  test('says that it was cancelled, shows no secret, and counts what it has no room for', () => {
    const complaints = Array.from({length: 25}, (_, i) => ({text: `${i} s3cret`, excerpt: 's3cret'}))
    const page = renderRefusalPage(complaints, true, text => text.replaceAll('s3cret', 'hidden'))
    expect(page).toMatch(/^## ⛔ Cancelled, nothing was run\n\n- 0 hidden\n/)
    expect(page).toMatch(/\n\n… and 5 more mistakes\n$/)
    expect(page).not.toContain('s3cret')
  })

  test('stays small whatever is wrong', () => {
    const complaints = Array.from({length: 20}, () => ({text: '`'.repeat(1_000_000), excerpt: '<'.repeat(1_000_000)}))
    expect(Buffer.byteLength(renderRefusalPage(complaints, false))).toBeLessThan(900 * 1024)
  })
})
