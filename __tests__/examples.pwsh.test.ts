import {readdirSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {runCommand} from './helpers/command-run.ts'

const root = path.join(import.meta.dirname, '..')
const ymlFiles = (folder: string) => readdirSync(path.join(root, folder)).filter(name => name.endsWith('.yml'))

/** What each example is run with, what it exits with, and what it says. */
const examples: Readonly<Record<string, {options?: readonly string[]; exitCode: number; says: string}>> = {
  'deploy.yml': {exitCode: 0, says: '    success: https://us-east.example.com\n'},
  'failing.yml': {exitCode: 1, says: '3 succeeded, 3 failed, 1 failed (allowed), 1 skipped in '},
  'runspaces.yml': {options: ['--max-parallel', '20'], exitCode: 0, says: '20 succeeded in '},
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

  test.each(Object.entries(examples))('%s does what it says', async (file, {options = [], exitCode, says}) => {
    const run = await runCommand([`examples/${file}`, ...options], {folder: root})
    expect(run.stderr).toBe('')
    expect(run.stdout).toContain(says)
    expect(run.exitCode).toBe(exitCode)
  })
})
