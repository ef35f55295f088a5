import {mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {readTaskFiles} from '../../../src/task-list/source/list-files.ts'
import {renderMistake} from '../../../src/task-list/source/mistakes.ts'
import {temporaryFolder} from '../../support/temporary-folder.ts'

const workspace = temporaryFolder()
mkdirSync(path.join(workspace, 'ci'))
const write = (file: string, contents: string | Buffer) => writeFileSync(path.join(workspace, file), contents)
write('ci/b.yml', '- b')
write('ci/a.yaml', '- a')
write('ci/c.json', '["c"]')
write('ci/d.txt', 'd')
write('ci/e.md', '# e')
write('tasks.YML', '- upper')

const texts = (...patterns: string[]) => {
  const read = readTaskFiles({source: 'tasks-file', patterns}, workspace, 'linux')
  if (read.mistakes.length > 0) throw new Error(read.mistakes.map(renderMistake).join('\n'))
  return read.texts
}
const mistakes = (...patterns: string[]) => {
  return readTaskFiles({source: 'tasks-file', patterns}, workspace, 'linux').mistakes.map(renderMistake)
}

test('a list file is YAML or plain lines by its extension', () => {
  expect(texts('ci/b.yml', 'ci/a.yaml', 'ci/c.json', 'ci/d.txt', 'tasks.YML').map(({source, notation}) => [source, notation])).toEqual([
    ['ci/a.yaml', 'yaml'],
    ['ci/b.yml', 'yaml'],
    ['ci/c.json', 'yaml'],
    ['ci/d.txt', 'lines'],
    ['tasks.YML', 'yaml']
  ])
})

test('its source is the path as it was given, its file relative to the workspace', () => {
  expect(texts('./ci/../ci/b.yml')).toEqual([{source: './ci/../ci/b.yml', file: 'ci/b.yml', notation: 'yaml', text: '- b'}])
})

test('a glob finds list files only, sorted, each once', () => {
  expect(texts('ci/*', 'ci/b.yml').map(({source}) => source)).toEqual(['ci/a.yaml', 'ci/b.yml', 'ci/c.json', 'ci/d.txt'])
})

describe('the encoding of a file', () => {
  test.each([
    ['utf16le', Buffer.from('\uFEFF- ä', 'utf16le')],
    ['utf16be', Buffer.from('\uFEFF- ä', 'utf16le').swap16()],
    ['utf8', Buffer.from('\uFEFF- ä')]
  ])('is recognized by its byte order mark: %s', (name, bytes) => {
    write(`${name}.yml`, bytes)
    expect(texts(`${name}.yml`)[0]?.text).toBe('- ä')
  })

  test('is UTF-8 without one', () => {
    write('latin.yml', Buffer.from('- ä', 'latin1'))
    expect(mistakes('latin.yml')).toEqual(['tasks-file:1:1: expected a text in UTF-8, got other bytes in "latin.yml"'])
  })
})

test('all mistakes in the patterns are reported at once', () => {
  expect(mistakes('ci/bb.yml', 'ci/e.md', 'ci', 'none/*.yml', 'ci/b.yml')).toEqual([
    'tasks-file:1:1: no such file "ci/bb.yml", did you mean "ci/b.yml"?',
    'tasks-file:2:1: expected a .yml, .yaml, .json, .txt file, got "ci/e.md"',
    'tasks-file:3:1: expected a .yml, .yaml, .json, .txt file, got the folder "ci"; "ci/*.yml" takes all in it',
    'tasks-file:4:1: no .yml, .yaml, .json, .txt file matches "none/*.yml"'
  ])
})

test('a file that is far too large is not read', () => {
  write('large.txt', Buffer.alloc(17 * 1024 * 1024, 'x'))
  expect(mistakes('large.txt')).toEqual(['tasks-file:1:1: "large.txt" has 17,825,792 bytes, and 8 MiB is the limit of a list'])
})
