import {spawnSync} from 'node:child_process'
import {mkdtempSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {parse} from 'yaml'
import {findPwsh} from '../../scripts/find-pwsh.mjs'
import {runAction} from '../support/action-run.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

type Inputs = Readonly<Record<string, string | number>>

const folder = temporaryFolder()
const page = readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'migrate.md'), 'utf8').replaceAll('\r\n', '\n')
const sections = page
  .split(/^## /m)
  .slice(1)
  .map(text => ({title: text.slice(0, text.indexOf('\n')), before: blockOf(text, 'powershell'), inputs: inputsOf(blockOf(text, 'yaml'))}))
const pairs = sections.filter(({before}) => before !== '')

function blockOf(text: string, language: string): string {
  return new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'ms').exec(text)?.[1] ?? ''
}

function inputsOf(step: string): Inputs {
  return parse(step)[0].with
}

/** What each of some scripts prints, line by line. One PowerShell runs them all, since most of the time of this test is its start. */
async function linesOfScripts(scripts: readonly string[]): Promise<readonly (readonly string[])[]> {
  const own = mkdtempSync(path.join(folder, 'before-'))
  for (const [index, script] of scripts.entries()) writeFileSync(path.join(own, `${index}.ps1`), script)
  const all = `foreach ($index in 0..${scripts.length - 1}) { & "./$index.ps1"; '=== end' }`
  const run = spawnSync((await findPwsh()).path, ['-NoProfile', '-NonInteractive', '-Command', all], {cwd: own, encoding: 'utf8'})
  expect(run).toMatchObject({status: 0, stderr: ''})
  return run.stdout.split('=== end').slice(0, -1).map(linesOf)
}

/** What the tasks of a step print, line by line, and its log. One at a time: each worker costs a start. */
async function runStep(inputs: Inputs) {
  const workspace = mkdtempSync(path.join(folder, 'after-'))
  const texts = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, String(value)]))
  const run = await runAction({...texts, 'max-parallel': '1', logs: 'logs'}, workspace)
  expect(run.exitCode).toBe(0)
  const logs = path.join(workspace, 'logs')
  const lines = readdirSync(logs).flatMap(file => linesOf(readFileSync(path.join(logs, file), 'utf8')))
  return {lines, log: run.log}
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).filter(line => line !== '')
}

describe('docs/migrate.md', () => {
  test('has a pair for each of what people use today', () => {
    expect(pairs.map(({title}) => title)).toEqual(['`ForEach-Object -Parallel`', '`Start-ThreadJob`', '`Start-Job`', 'A `RunspacePool`'])
  })

  // Those of one isolation share a worker here, and so one start of it.
  test('has steps that print what the scripts before them print', async () => {
    const expected = await linesOfScripts(pairs.map(({before}) => before))
    expect(expected.map(lines => lines.length)).toEqual([3, 3, 2, 3])
    for (const isolation of ['runspace', undefined]) {
      const chosen = pairs.filter(({inputs}) => inputs.isolation === isolation)
      const joined = (name: string) => chosen.flatMap(({inputs}) => inputs[name] ?? []).join('\n')
      const {lines} = await runStep({...chosen[0]?.inputs, setup: joined('setup'), tasks: joined('tasks')})
      expect(lines.toSorted()).toEqual(pairs.flatMap((pair, index) => (chosen.includes(pair) ? (expected[index] ?? []) : [])).toSorted())
    }
  })

  test('says how to connect once for each worker, and that is how often setup runs', async () => {
    const {inputs} = sections.find(({title}) => title === 'Connect once for each worker') ?? {inputs: {}}
    expect(inputs).toMatchObject({isolation: 'none'})
    const {lines, log} = await runStep(inputs)
    expect(lines.map(line => line.split(' by ')[0]).toSorted()).toEqual(['esx01', 'esx02', 'esx03', 'esx04', 'esx05', 'esx06'])
    expect(new Set(lines.map(line => line.split(' by ')[1]))).toEqual(new Set([expect.stringMatching(/^[0-9a-f-]{36}$/)]))
    expect(log.match(/^connecting$/gm)).toHaveLength(1)
  })
})
