import {spawnSync} from 'node:child_process'
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from '@jest/globals'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const script = fileURLToPath(new URL('../../scripts/check-expressions.mjs', import.meta.url))

const wrong = [
  ['space at the end', 'export const a = 1\nexport const trailing = /\\s+$/'],
  ['an expression in a call', "export const a: string = ''.replace(\n/[\\r\\n]+$/, '')"],
  ['an exponential one', 'const a = (b: string): boolean =>\n/^(?:x+x+)+y$/.test(b)'],
  ['one that is made of constants', "const end = '$'\nexport const a = new RegExp('\\\\s+' + end + '|end')"],
  ['one that only the program knows', 'export const a = (text: string) =>\nnew RegExp(text)'],
  ['one for which a reason is promised, and not given', '// check-expressions:\nexport const a = /\\t+$/']
] as const
const right = [
  ['an expression that is linear', 'export const a = /^[a-z]+:/'],
  ['a copy of one', 'const a = /^[0-9]+:/\nexport const b = new RegExp(a)'],
  ['one whose reason is given', '// check-expressions: its text is our own\nexport const a = /x\\s+$/'],
  ['a text that looks like one', "export const a = '/y\\\\s+$/'"]
] as const

/** A folder with a file for each text. */
function sources(name: string, texts: readonly string[]): string {
  const own = path.join(folder, name)
  mkdirSync(own)
  for (const [i, text] of texts.entries()) writeFileSync(path.join(own, `${i}.ts`), text)
  return own
}

function run(cwd: string, ...args: string[]): {status: number | null; lines: string[]} {
  const {status, stderr, stdout} = spawnSync(process.execPath, [script, '--list', 'list.json', ...args, '.'], {cwd, encoding: 'utf8'})
  return {status, lines: (stdout + stderr).split('\n').map(line => line.trim())}
}

const listIn = (own: string): unknown => JSON.parse(readFileSync(path.join(own, 'list.json'), 'utf8')).safe

describe('check-expressions', () => {
  const own = sources(
    'all',
    [...wrong, ...right].map(([, text]) => text)
  )
  const updated = run(own, '--update')

  test.each(wrong.map(([name], i) => [name, i] as const))('finds %s, with its place', (_, i) => {
    expect(updated.lines.filter(line => line.startsWith(`${i}.ts:2: `))).toHaveLength(1)
    expect(updated.status).toBe(1)
  })

  test.each(right.map(([name], i) => [name, wrong.length + i] as const))('passes over %s', (_, i) => {
    expect(updated.lines.filter(line => line.startsWith(`${i}.ts:`))).toEqual([])
  })

  test('lists what is safe, and nothing else', () => {
    expect(listIn(own)).toEqual(['/^[0-9]+:/', '/^[a-z]+:/'])
  })

  test('wants the list to have each expression that there is, and no other', () => {
    const own = sources('list', ['export const a = /^a/\nexport const b = /^b/'])
    expect(run(own)).toMatchObject({status: 1, lines: expect.arrayContaining(['0.ts:1: /^a/ was not checked yet'])})
    expect(run(own, '--update').status).toBe(0)
    expect(run(own).status).toBe(0)
    writeFileSync(path.join(own, '0.ts'), 'export const a = /^a/')
    expect(run(own)).toMatchObject({status: 1, lines: expect.arrayContaining(['list.json: /^b/ is nowhere any more'])})
    expect(run(own, '--update').status).toBe(0)
    expect(listIn(own)).toEqual(['/^a/'])
  })

  test('believes no list that another version of the checker has made', () => {
    const own = sources('version', ['export const a = /\\s+$/'])
    writeFileSync(path.join(own, 'list.json'), JSON.stringify({recheck: '0.0.1', safe: ['/\\s+$/']}))
    expect(run(own)).toMatchObject({status: 1, lines: expect.arrayContaining(['0.ts:1: /\\s+$/ was not checked yet'])})
  })
})
