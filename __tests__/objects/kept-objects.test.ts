import {existsSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {expect, test} from '@jest/globals'
import {keepObjects, maxObjectBytes, readObjects} from '../../src/objects/kept-objects.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const target = path.join(folder, 'kept')

function kept(text: string) {
  const file = path.join(folder, 'objects')
  writeFileSync(file, text)
  const objects = keepObjects(file, target)
  return {count: objects.count, leftOut: objects.leftOut, values: readObjects(objects)}
}

test('has the objects that a worker wrote, and how many it left out', () => {
  expect(kept('0000000007\n1\n"a"\n{"b":null}\n')).toEqual({count: 3, leftOut: 7, values: [1n, 'a', new Map([['b', null]])]})
})

test.each([
  ['half an object at its end, of a task that was ended', '0000000000\n1\n{"a":', {count: 1, leftOut: 1, values: [1n]}],
  ['lines that are no objects', '0000000000\n1\nhello\n\n[[\n2\n', {count: 2, leftOut: 3, values: [1n, 2n]}],
  ['another beginning', 'hello\n1\n', {count: 0, leftOut: 0, values: []}],
  ['nothing', '', {count: 0, leftOut: 0, values: []}]
])('takes a file with %s', (_, text, expected) => {
  expect(kept(text)).toEqual(expected)
})

test('takes no more than a task may keep, whatever was written to the file', () => {
  const {count, leftOut} = kept(`0000000000\n${'1\n'.repeat(maxObjectBytes)}`)
  expect([count, leftOut]).toEqual([maxObjectBytes / 2, 0])
})

test('takes what is no file as no objects, and replaces what an earlier attempt emitted', () => {
  kept('0000000000\n1\n')
  expect(existsSync(target)).toBe(true)
  const place = path.join(folder, 'folder')
  mkdirSync(place)
  expect(keepObjects(place, target)).toMatchObject({count: 0, leftOut: 0})
  expect(existsSync(target)).toBe(false)
  expect(keepObjects(path.join(folder, 'missing'), target)).toMatchObject({count: 0})
})

test('follows no link to what never ends', () => {
  if (process.platform === 'win32') return
  const link = path.join(folder, 'link')
  symlinkSync('/dev/zero', link)
  expect(keepObjects(link, target)).toMatchObject({count: 0})
})
