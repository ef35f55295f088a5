import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from '@jest/globals'
import {publishRun, type ReportTargets} from '../../src/action/reporting.ts'
import {noChanges} from '../../src/model/task-changes.ts'
import {createRecord, exited, ranFor, succeeded} from '../support/create-record.ts'
import {createTask} from '../support/create-task.ts'

const mask = (text: string): string => text.replaceAll('s3cret', '***')
const changes = {...noChanges, outputs: new Map([['url', 'https://s3cret']]), summary: 'own page of s3cret'}
const build = createTask({id: 'build', name: 'build s3cret'})
const unit = createTask({id: 'unit', index: 1})
const record = createRecord([ranFor(build, [{ms: 1, end: succeeded, changes}]), ranFor(unit, [{ms: 1, end: exited(1)}])])
const tails = new Map([[unit, ['got s3cret']]])

describe('publishRun', () => {
  let folder: string
  let log: string
  const inFolder = (...names: string[]) => path.join(folder, ...names)
  const read = (...names: string[]) => readFileSync(inFolder(...names), 'utf8')
  const outputFile = process.env.GITHUB_OUTPUT

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pwsh-pool-test-'))
    log = ''
    for (const name of ['summary', 'output']) writeFileSync(inFolder(name), '')
    process.env.GITHUB_OUTPUT = inFolder('output')
  })

  afterEach(() => {
    if (outputFile === undefined) delete process.env.GITHUB_OUTPUT
    else process.env.GITHUB_OUTPUT = outputFile
    rmSync(folder, {recursive: true, force: true})
  })

  function publish(overrides: Partial<ReportTargets> = {}): Promise<boolean> {
    return publishRun(
      {record, tails},
      {
        write: async text => {
          log += text
        },
        mask,
        reportFile: inFolder('report.json'),
        jsonReport: undefined,
        junitReport: undefined,
        summary: 'all',
        environment: {GITHUB_STEP_SUMMARY: inFolder('summary'), GITHUB_OUTPUT: inFolder('output')},
        platform: 'linux',
        ...overrides
      }
    )
  }

  test('writes the reports where they are wanted, and makes the folders for them', async () => {
    await publish({jsonReport: inFolder('new', 'a', 'report.json'), junitReport: inFolder('new', 'b', 'junit.xml')})
    expect(JSON.parse(read('report.json')).schemaVersion).toBe(1)
    expect(read('new', 'a', 'report.json')).toBe(read('report.json'))
    expect(read('new', 'b', 'junit.xml')).toContain('<testsuites ')
    expect(log).toBe('')
  })

  test('says in one warning what could not be written, and writes the rest', async () => {
    writeFileSync(inFolder('a file'), '')
    await publish({jsonReport: inFolder('a file', 'report.json'), junitReport: inFolder('junit.xml')})
    expect(log).toMatch(/^::warning::The file of "json-report" could not be written: [^\n]+\n$/)
    expect(read('junit.xml')).toContain('<testsuites ')
    expect(read('summary')).toContain('## ❌ 1 of 2 tasks failed')
  })

  test('takes secret values out of all that is shown, and hands on what a task asked for as it is', async () => {
    await publish({junitReport: inFolder('junit.xml')})
    const [own, passedOn] = [/^results<<.*?\n(.*)\n/m.exec(read('output'))?.[1], /^url<<.*?\n(.*)\n/m.exec(read('output'))?.[1]]
    for (const text of [read('report.json'), read('junit.xml'), read('summary'), own]) expect(text).not.toContain('s3cret')
    expect(read('summary')).toContain('own page of ***')
    expect(passedOn).toBe('https://s3cret')
  })

  test.each([
    ['all', ['## ❌', 'build', 'own page']],
    ['failures', ['## ❌', 'own page']],
    ['none', ['own page']]
  ] as const)('with summary "%s" has a page with %j', async (summary, parts) => {
    await publish({summary})
    expect(['## ❌', 'build', 'own page'].filter(part => read('summary').includes(part))).toEqual(parts)
  })

  test('leaves room on the page for what tasks wrote to their own', async () => {
    const own = `# Own\n\n${'x'.repeat(400_000)}\n`
    const tasks = Array.from({length: 2000}, (_, index) => createTask({index, name: `${index} ${'|'.repeat(150)}`}))
    const many = tasks.map((task, i) => ranFor(task, [{ms: 1, end: exited(1), changes: {...noChanges, summary: i === 0 ? own : ''}}]))
    await publishRun(
      {record: createRecord(many), tails: new Map()},
      {
        write: async () => {},
        mask,
        reportFile: inFolder('report.json'),
        jsonReport: undefined,
        junitReport: undefined,
        summary: 'all',
        environment: {GITHUB_STEP_SUMMARY: inFolder('summary')},
        platform: 'linux'
      }
    )
    expect(read('summary')).toContain(own.trim())
    expect(Buffer.byteLength(read('summary'))).toBeLessThanOrEqual(900 * 1024)
  })
})
