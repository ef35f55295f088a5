import {existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync, writeSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {keyValueText} from '../../src/file-commands/key-value-text.ts'
import {parseKeyValues} from '../../src/file-commands/key-values.ts'
import {appendToStepFiles} from '../../src/file-commands/step-files.ts'
import {noChanges, type TaskChanges} from '../../src/model/task-changes.ts'
import {anyText} from '../support/any-text.ts'
import {runnerPairs, runnerPrependPath, runnerText} from '../support/file-command-parser.ts'
import {runs} from '../support/runs.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const names = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY', 'GITHUB_ARTIFACTS'] as const

/** The variables of a step whose files have these contents. */
function step(contents: Partial<Record<(typeof names)[number], string>> = {}): Record<(typeof names)[number], string> {
  const own = mkdtempSync(path.join(folder, 'step-'))
  for (const name of names) writeFileSync(path.join(own, name), contents[name] ?? '')
  return Object.fromEntries(names.map(name => [name, path.join(own, name)])) as Record<(typeof names)[number], string>
}

const everything: TaskChanges = {
  outputs: new Map([['version', '1.2']]),
  env: new Map([['STAGE', 'one\ntwo']]),
  paths: ['/a', '/b'],
  summary: '# Hello\n',
  artifacts: 'app.zip\n',
  fileErrors: []
}

const platforms = fc.constantFrom<NodeJS.Platform>('linux', 'darwin', 'win32')
const hostile = fc.constantFrom('\n', '\r\n', '\r', '=', '<<', '<', 'ghadelimiter_', 'EOF', '\uFEFF', '\0', ' ', '\u2028', '😀', '\ud800')
const value = fc.array(fc.oneof(hostile, fc.string({maxLength: 5}), anyText({maxLength: 5}))).map(parts => parts.join(''))

describe('appendToStepFiles', () => {
  test('appends each kind of change to its file, where the runner finds it', () => {
    const environment = step({GITHUB_OUTPUT: 'result=success', GITHUB_STEP_SUMMARY: '## Page\n'})
    expect(appendToStepFiles(everything, {environment, platform: 'linux'})).toEqual([])
    const text = (name: (typeof names)[number]) => readFileSync(environment[name], 'utf8')
    expect(runnerPairs(text('GITHUB_OUTPUT'), 'linux')).toEqual([
      ['result', 'success'],
      ['version', '1.2']
    ])
    expect(text('GITHUB_OUTPUT')).toMatch(/^result=success\nversion<<(ghadelimiter_[\da-f-]{36})\n1\.2\n\1\n$/)
    expect(runnerPairs(text('GITHUB_ENV'), 'linux')).toEqual([['STAGE', 'one\ntwo']])
    expect(runnerPrependPath(text('GITHUB_PATH'))).toEqual(['/a', '/b'])
    expect(text('GITHUB_STEP_SUMMARY')).toBe('## Page\n\n# Hello\n')
    expect(text('GITHUB_ARTIFACTS')).toBe('\napp.zip\n')
  })

  test('uses a delimiter once', () => {
    const environment = step()
    appendToStepFiles({...noChanges, outputs: new Map([...'abc'].map(name => [name, '1']))}, {environment, platform: 'linux'})
    const delimiters = [...readFileSync(environment.GITHUB_OUTPUT, 'utf8').matchAll(/<<(.*)/g)].map(([, delimiter]) => delimiter)
    expect(new Set(delimiters).size).toBe(3)
  })

  test('leaves a file alone that gets nothing, and passes over one that the step does not have', () => {
    const environment = {GITHUB_OUTPUT: path.join(folder, 'never-made'), GITHUB_ENV: '', GITHUB_PATH: undefined}
    expect(appendToStepFiles({...everything, outputs: new Map()}, {environment, platform: 'linux'})).toEqual([])
    expect(existsSync(environment.GITHUB_OUTPUT)).toBe(false)
  })

  test('says in a sentence for each file what could not be written, and writes the others', () => {
    const environment = {...step(), GITHUB_ENV: path.join(folder, 'a-folder'), GITHUB_PATH: path.join(folder, 'missing', 'path')}
    mkdirSync(environment.GITHUB_ENV)
    const errors = appendToStepFiles(everything, {environment, platform: 'linux'})
    expect(errors).toHaveLength(2)
    expect(errors[0]).toMatch(/^GITHUB_ENV could not be written, what the tasks wrote to it is lost: E\w+: .+$/)
    expect(errors[1]).toMatch(/^GITHUB_PATH could not be written, what the tasks wrote to it is lost: ENOENT: .+$/)
    expect(readFileSync(environment.GITHUB_ARTIFACTS, 'utf8')).toBe('\napp.zip\n')
  })

  test('takes back what it has written of a file when the disk is full, because half a value would fail the step', () => {
    const environment = step({GITHUB_ENV: 'before=1\n'})
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {code: 'ENOSPC'})
    const write = (descriptor: number, text: string) => {
      writeSync(descriptor, text.slice(0, 10))
      throw full
    }
    const errors = appendToStepFiles({...noChanges, env: everything.env}, {environment, platform: 'linux', write})
    expect(errors).toEqual(['GITHUB_ENV could not be written, what the tasks wrote to it is lost: ENOSPC: no space left on device, write'])
    expect(readFileSync(environment.GITHUB_ENV, 'utf8')).toBe('before=1\n')
  })

  const withFullDevice = existsSync('/dev/full') ? test : test.skip
  withFullDevice('survives a device that is really full', () => {
    const errors = appendToStepFiles(everything, {environment: {GITHUB_OUTPUT: '/dev/full'}, platform: 'linux'})
    expect(errors).toEqual([expect.stringMatching(/^GITHUB_OUTPUT could not be written, .*ENOSPC/)])
  })

  test('lets a mistake of ours through', () => {
    const changes = {...noChanges, outputs: new Map([['a=b', '1']])}
    expect(() => appendToStepFiles(changes, {environment: step(), platform: 'linux'})).toThrow('Internal error: "a=b" is no name')
  })

  test('writes what the runner reads as the same pairs, whatever a task wrote', () => {
    const line = fc.array(fc.oneof(hostile, fc.string({maxLength: 3}))).map(parts => parts.join(''))
    const environment = step()
    fc.assert(
      fc.property(fc.array(fc.oneof(line, value)), platforms, (lines, platform) => {
        const text = runnerText(Buffer.from(lines.map(each => `a${each}\n`).join('')))
        const parsed = parseKeyValues(text, {ignoresCase: false, platform, objection: () => undefined})
        fc.pre(parsed.ok)
        const outputs = parsed.ok ? parsed.value : new Map<string, string>()
        writeFileSync(environment.GITHUB_OUTPUT, '')
        expect(appendToStepFiles({...noChanges, outputs}, {environment, platform})).toEqual([])
        expect(runnerPairs(runnerText(readFileSync(environment.GITHUB_OUTPUT)), platform)).toEqual([...outputs])
      }),
      {numRuns: runs(500)}
    )
  })
})

describe('keyValueText', () => {
  test('is read back equal by the runner, whatever the value', () => {
    const name = fc.string({minLength: 1}).filter(text => !/=|<<|\n|<$/.test(text))
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), platforms, (pairs, platform) => {
        const text = pairs.map(([key, content]) => keyValueText(key, content, platform)).join('')
        expect(runnerPairs(text, platform)).toEqual(pairs)
      }),
      {numRuns: runs(400)}
    )
  })

  test('takes another delimiter where the value or the name has the first', () => {
    const delimiters = ['one', 'two', 'three']
    const text = keyValueText('a-two', 'x\none\ny', 'linux', () => delimiters.shift() ?? 'none')
    expect(text).toBe('a-two<<three\nx\none\ny\nthree\n')
  })

  test('writes a name that would run into the sign on one line', () => {
    expect(keyValueText('a<', 'b<<c', 'linux')).toBe('a<=b<<c\n')
    expect(() => keyValueText('a<', 'b\nc', 'linux')).toThrow('Internal error')
  })
})
