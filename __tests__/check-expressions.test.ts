import {spawnSync} from 'node:child_process'
import {mkdtempSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from '@jest/globals'
import {temporaryFolder} from './helpers/temporary-folder.ts'

const folder = temporaryFolder()
const script = fileURLToPath(new URL('../scripts/check-expressions.mjs', import.meta.url))

function check(text: string) {
  const own = mkdtempSync(path.join(folder, 'src-'))
  writeFileSync(path.join(own, 'a.ts'), text)
  const {status, stderr, stdout} = spawnSync(process.execPath, [script, '.'], {cwd: own, encoding: 'utf8'})
  return {status, text: stdout + stderr}
}

describe('check-expressions', () => {
  test.each([
    ['space at the end', 'export const a = 1\nexport const trailing = /\\s+$/'],
    ['an expression in a call', "export const a: string = ''.replace(\n/[\\r\\n]+$/, '')"],
    ['an exponential one', 'const a = (b: string): boolean =>\n/^(?:x+x+)+y$/.test(b)'],
    ['one that is made of constants', "const end = '$'\nexport const a = new RegExp('\\\\s+' + end)"],
    ['one that only the program knows', 'export const a = (text: string) =>\nnew RegExp(text)']
  ])('finds %s, with its place', (_, text) => {
    const {status, text: said} = check(text)
    expect(said).toContain('a.ts:2')
    expect(status).toBe(1)
  })

  test.each([
    ['an expression that is linear', 'export const a = /^[a-z]+:/'],
    ['a copy of one', 'const a = /^[a-z]+:/\nexport const b = new RegExp(a)'],
    ['one whose reason is given', '// check-expressions: its text is our own\nexport const a = /\\s+$/'],
    ['a text that looks like one', "export const a = '/\\\\s+$/'"]
  ])('passes over %s', (_, text) => {
    expect(check(text)).toMatchObject({status: 0})
  })

  test('takes a reason for one only if there is one', () => {
    expect(check('// check-expressions:\nexport const a = /\\s+$/').status).toBe(1)
  })
})
