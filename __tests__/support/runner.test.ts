import {mkdtempSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {applyStepFiles, createStepFiles, type StepFile} from './runner-files.ts'
import {RunnerMasks} from './runner-masks.ts'
import {runnerView} from './runner-view.ts'
import {temporaryFolder} from './temporary-folder.ts'

/* The tests' runner itself: what it must be able to see, or the contract tests that look through it would prove nothing. */
const folder = temporaryFolder()

describe('the runner of the tests', () => {
  test('reads standard error first, and ends lines at a lone carriage return too', () => {
    const view = runnerView({stdout: 'one\r::warning::two\r\nthree', stderr: '::error::zero\n'})
    expect(view.executed.map(({name, data}) => [name, data])).toEqual([
      ['error', 'zero'],
      ['warning', 'two']
    ])
    expect(view.text.map(({text}) => text)).toEqual(['one', 'three'])
  })

  test('shows what is announced while commands are stopped, and takes them again after the token', () => {
    const view = runnerView('::stop-commands::t0ken-1\n::add-mask::leaked\n::error::no\n::T0KEN-1::\nleaked\n::error::yes\n')
    expect(view.text.map(({text}) => text)).toEqual(['::add-mask::leaked', '::error::no', '::T0KEN-1::', 'leaked'])
    expect(view.issues.error.map(({message}) => message)).toEqual(['yes'])
  })

  test.each([
    '::set-env name=A::b',
    '::add-path::/x',
    'text ##[set-env]',
    '::stop-commands::',
    '::stop-commands::error',
    '::echo::maybe',
    '::set-output::x'
  ])('fails the step for %s', line => {
    expect(runnerView(`${line}\n`)).toMatchObject({hasFailed: true, isStopped: false})
  })

  test('sees groups that are torn', () => {
    for (const lines of ['::group::a\n::group::b\n::endgroup::', '::endgroup::', '::group::a']) {
      expect(runnerView(lines).hasTornGroups).toBe(true)
    }
    expect(runnerView('::group::a\ntext\n::endgroup::').hasTornGroups).toBe(false)
  })

  test('keeps ten issues of a type, each of at most 4,096 characters, and masks their message but not their title', () => {
    const view = runnerView(`::add-mask::hidden\n::error title=hidden::${'x'.repeat(5000)}\n${'::error::hidden\n'.repeat(10)}`)
    expect(view.issues.error).toHaveLength(10)
    expect(view.issues.error[0]).toEqual({message: 'x'.repeat(4096), properties: {title: 'hidden'}})
    expect(view.issues.error[1]?.message).toBe('***')
  })

  test('masks from the announcement on, line by line, in eleven more encodings', () => {
    const masks = new RunnerMasks()
    const value = 'a "b" & \'c\' <d>&efghij'
    masks.addWithLines(`${value}\n second `)
    const base64 = (text: string) => Buffer.from(text).toString('base64')
    const forms = [
      value,
      'second',
      base64(value),
      base64(value.slice(1)),
      base64(value.slice(2)),
      value.replaceAll('"', '\\"'),
      value.replaceAll("'", "''"),
      'a%20%22b%22%20%26%20%27c%27%20%3Cd%3E%26efghij',
      'a &quot;b&quot; &amp; &apos;c&apos; &lt;d&gt;&amp;efghij',
      'a "b" & \'c\' <d>&',
      'efghij'
    ]
    expect(forms.map(form => masks.mask(`<${form}>`))).toEqual(forms.map(() => '<***>'))
    masks.add('"in quotes"')
    masks.add('abcd&+efghijkl')
    expect(masks.mask('in quotes, abcd&+, fghijkl')).toBe('***, ***, ***')
    expect(masks.mask('nothing')).toBe('nothing')
  })

  test('masks what overlaps as one', () => {
    const masks = new RunnerMasks()
    for (const value of ['abab', 'bc']) masks.add(value)
    expect(masks.mask('xababababcx bcbc')).toBe('x***x ***')
  })
})

describe('the runner of the tests, of files', () => {
  function applied(contents: Partial<Record<StepFile, string>>) {
    const files = createStepFiles(mkdtempSync(path.join(folder, 'step-')))
    for (const [name, text] of Object.entries(contents)) writeFileSync(files[name as StepFile], text)
    const masks = new RunnerMasks()
    masks.add('hidden')
    return applyStepFiles(files, masks, 'linux')
  }

  test('takes nothing from empty ones', () => {
    expect(applied({})).toEqual({
      outputs: {},
      env: {},
      paths: [],
      state: {},
      summary: undefined,
      artifacts: [],
      errors: [],
      hasFailed: false
    })
  })

  test('applies pairs before a wrong line, fails the step, and still reads the others', () => {
    expect(applied({GITHUB_OUTPUT: 'a=1\nwrong\nb=2\n', GITHUB_ENV: 'C=3\nD<<E\nx\n', GITHUB_STATE: 's=1\n'})).toMatchObject({
      outputs: {a: '1'},
      env: {C: '3'},
      state: {s: '1'},
      hasFailed: true
    })
  })

  test('refuses NODE_OPTIONS with an error that fails nothing, and an output without a name', () => {
    const blocked = applied({GITHUB_ENV: 'node_options=x\nA=1\n'})
    expect([blocked.env, blocked.errors.length, blocked.hasFailed]).toEqual([{A: '1'}, 1, false])
    expect(applied({GITHUB_OUTPUT: '=x\n'}).hasFailed).toBe(true)
  })

  test('drops a summary of more than 1 MiB whole, and masks one that it takes', () => {
    const tooLarge = applied({GITHUB_STEP_SUMMARY: 'x'.repeat(1024 * 1024 + 1)})
    expect([tooLarge.summary, tooLarge.errors.length, tooLarge.hasFailed]).toEqual([undefined, 1, false])
    expect(applied({GITHUB_STEP_SUMMARY: 'is hidden\n'}).summary).toBe('is ***\n')
  })

  test('fails the step for more than 1 MiB of artifacts', () => {
    expect(applied({GITHUB_ARTIFACTS: `# ${'x'.repeat(1024 * 1024)}`}).hasFailed).toBe(true)
    expect(applied({GITHUB_ARTIFACTS: '# a\n\n b.zip \n'}).artifacts).toEqual(['b.zip'])
  })
})
