import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {runCommand} from '../support/command-run.ts'

const root = path.join(import.meta.dirname, '..', '..')
const ymlFiles = (folder: string) => readdirSync(path.join(root, folder)).filter(name => name.endsWith('.yml'))

interface Example {
  readonly options?: readonly string[]
  readonly hurried?: (list: string) => string
  readonly exitCode: number
  readonly says: string | readonly string[]
}

/** What each example is run with, what it exits with, and what it says; `hurried`: its list with waits that are shorter than where it shows something. */
const examples: Readonly<Record<string, Example>> = {
  'deploy.yml': {exitCode: 0, says: '    success: https://us-east.example.com\n'},
  'failing.yml': {exitCode: 1, says: '3 succeeded (1 flaky), 3 failed, 1 failed (allowed), 1 skipped in '},
  'hosts.yml': {
    options: ['--max-parallel', '2', '--fail-fast', 'no-new', '--max-failures', '50%'],
    exitCode: 0,
    says: [
      ' asks db1, the old one in us-east at port 1433\n',
      '✓ ask mail1 · exit code 3 (',
      '6 hosts were asked, 4 have something new\n    The last one ended with 3\n',
      '7 succeeded in '
    ]
  },
  'isolations.yml': {
    options: ['--max-parallel', '3', '--setup-once', './examples/scripts/sign-in.ps1'],
    exitCode: 0,
    says: [
      '✓ setup-once (',
      '    signed in, once for all tasks\n',
      ...['process', 'runspace', 'none', 'thread'].flatMap(isolation => [
        `↻ ask us at isolation ${isolation} · attempt 1 of 2: exit code 1; again at once: System.Net.Http.HttpRequestException`,
        `    ${isolation} knows 8 answers to reader-7: process eu, process us, runspace eu, runspace us, none eu, none us, thread eu, thread us\n`
      ]),
      '12 succeeded (4 flaky) in '
    ]
  },
  'matrix.yml': {
    options: ['--max-parallel', '2'],
    exitCode: 0,
    says: [
      '✓ test (core, unit) (',
      '    unit tests of core, with coverage\n',
      '✓ test (preview, unit) (',
      '✓ examples/tests/Get-Slug.tests.ps1 (',
      '    Hello Grace, from a file that a task wrote\n',
      '7 succeeded in '
    ]
  },
  'objects.yml': {
    options: ['--max-parallel', '1'],
    exitCode: 0,
    says: ['    db-1    40\n    web-1   50\n', '    4 hosts\n', '5 succeeded in ']
  },
  'retries.yml': {
    exitCode: 0,
    says: [
      '⊘ has no quota left · attempt 1 of 3; not again: matched "quota exceeded"\n',
      '◷ takes its time · slow: running for 500 ms\n',
      '✓ asks too often · attempt 2 of 3 · attempt 1: exit code 1, matched "429"\n',
      '✓ cannot connect · attempt 2 of 3 · attempt 1: exit code 1, System.Net.Http.HttpRequestException\n',
      '3 succeeded (2 flaky), 2 failed (allowed) in '
    ]
  },
  'runspaces.yml': {
    hurried: list => list.replace(/seconds: \d+/g, 'seconds: 0'),
    options: ['--isolation', 'runspace'],
    exitCode: 0,
    says: '20 succeeded in '
  },
  'smoke.yml': {exitCode: 0, says: '5 succeeded, 1 failed (allowed) in '},
  'tests.yml': {exitCode: 0, says: "    ok: 'Hello World' is 'hello-world'\n"},
  'warm.yml': {
    options: ['--modules', './examples/modules/Greeting.psm1', '--max-parallel', '2'],
    exitCode: 0,
    says: '    Hello Grace, from the module that was imported in process '
  }
}

describe('examples', () => {
  test('are all run here', () => {
    expect(ymlFiles('examples').toSorted()).toEqual(Object.keys(examples))
  })

  test.each(Object.entries(examples))('%s does what it says', async (file, {options = [], hurried, exitCode, says}) => {
    const input = hurried?.(readFileSync(path.join(root, 'examples', file), 'utf8'))
    const run = await runCommand([hurried ? '-' : `examples/${file}`, ...options], {folder: root, ...(input && {input})})
    expect(run.stderr).toBe('')
    for (const text of [says].flat()) expect(run.stdout).toContain(text)
    expect(run.exitCode).toBe(exitCode)
  })
})
