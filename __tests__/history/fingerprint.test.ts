import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {afterAll, describe, expect, test} from '@jest/globals'
import {fingerprintTasks} from '../../src/history/fingerprint.ts'
import type {Task, Value} from '../../src/model/task.ts'
import {createTask} from '../support/create-task.ts'

const workspace = mkdtempSync(path.join(os.tmpdir(), 'fingerprint-'))
afterAll(() => rmSync(workspace, {recursive: true}))

const machine = {workspace, platform: process.platform}
const plain = {modules: [], setup: '', setupOnce: ''}
const file = path.join(workspace, 'a.ps1')

function fingerprint(task: Task, settings = plain): string | null {
  return (
    fingerprintTasks([task, createTask({index: 1, id: 'b'}), createTask({index: 2, id: 'c'})], settings, machine)[0]?.fingerprint ?? null
  )
}

const base = createTask({id: 'a', workingDirectory: workspace, parameters: new Map<string, Value>([['Region', 'eu']])})

describe('fingerprintTasks', () => {
  test.each<[string, Partial<Task>]>([
    ['its script', {script: {kind: 'run', text: 'other'}}],
    ['a parameter', {parameters: new Map([['Region', 'us']])}],
    ['the name of a parameter', {parameters: new Map([['Regions', 'eu']])}],
    ['the type of a parameter', {parameters: new Map<string, Value>([['Region', 1n]])}],
    ['a list in a parameter', {parameters: new Map<string, Value>([['Region', ['eu']]])}],
    ['an argument', {arguments: ['x']}],
    ['its item', {item: 'x'}],
    ['the names in env', {env: new Map([['A', '1']])}],
    ['its folder', {workingDirectory: path.join(workspace, 'sub')}],
    ['its isolation', {isolation: 'none'}],
    ['its shell', {shell: 'powershell'}],
    ['when it runs', {when: 'always'}],
    ['what it needs', {needs: [{id: 'b', isGroup: false, tasks: [1]}]}]
  ])('changes with %s', (_, change) => {
    expect(fingerprint({...base, ...change})).not.toBe(fingerprint(base))
  })

  test('changes with modules and setup', () => {
    expect(fingerprint(base, {...plain, modules: [{name: 'Az', version: '1.0'}]} as never)).not.toBe(fingerprint(base))
    expect(fingerprint(base, {...plain, setup: '$x = 1'})).not.toBe(fingerprint(base))
    expect(fingerprint(base, {...plain, setupOnce: '$x = 1'})).not.toBe(fingerprint(base, {...plain, setup: '$x = 1'}))
  })

  test.each<[string, Partial<Task>]>([
    ['its name', {name: 'other'}],
    ['its limits', {timeoutMs: 5, successCodes: [0, 1], continueOnError: true}],
    ['another value of a variable', {env: new Map([['A', '2']])}],
    ['its place', {place: {source: 'x', file: 'x', line: 9, column: 9}}]
  ])('stays with %s', (_, change) => {
    const task = {...base, env: new Map([['A', '1']])}
    expect(fingerprint({...task, ...change})).toBe(fingerprint(task))
  })

  test('changes with the contents of a file, and there is none without the file', () => {
    const task = {...base, script: {kind: 'file', path: file} as const}
    expect(fingerprint(task)).toBeNull()
    writeFileSync(file, "'one'")
    const one = fingerprint(task)
    writeFileSync(file, "'two'")
    expect([one, fingerprint(task)]).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/), expect.stringMatching(/^[0-9a-f]{16}$/)])
    expect(fingerprint(task)).not.toBe(one)
  })

  test('is not there for a task that is never kept', () => {
    expect(fingerprint({...base, resume: 'never'})).toBeNull()
  })

  test('is not there for tasks that only their order tells apart, unless they are equal', () => {
    const tasks = (...values: string[]) =>
      values.map((value, index) =>
        createTask({index, key: `test#0a${index === 0 ? '' : `#${index + 1}`}`, script: {kind: 'run', text: 'x'}, arguments: [value]})
      )
    const fingerprints = (...values: string[]) => fingerprintTasks(tasks(...values), plain, machine).map(each => each.fingerprint)
    expect(fingerprints('4711', 'guess 66602')).toEqual([null, null])
    expect(fingerprints('4711', '4711')).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/), expect.stringMatching(/^[0-9a-f]{16}$/)])
  })

  // Two values with the same 16 bits, found by trying: whoever guesses cannot know which of the two it is.
  test('cannot tell a right guess of a secret from some wrong ones, in however many tasks the secret is', () => {
    const all = (secret: string) => {
      const parameters = new Map<string, Value>([
        ['Token', secret],
        ['Nested', [secret]]
      ])
      return [{parameters}, {arguments: [secret]}, {item: secret, isolation: 'none' as const}].map(change =>
        fingerprint({...base, ...change})
      )
    }
    expect(all('guess 66602')).toEqual(all('4711'))
    expect(all('guess 66603')).not.toEqual(all('4711'))
  })
})
