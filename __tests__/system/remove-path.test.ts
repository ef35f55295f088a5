import {chmodSync, chownSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {beforeEach, describe, expect, test} from '@jest/globals'
import {removePath} from '../../src/system/remove-path.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const parent = temporaryFolder()
const nobody = 65534
const isRoot = process.getuid?.() === 0
const asRoot = isRoot ? test : test.skip
const onUnix = process.platform === 'win32' ? test.skip : test
let folder: string
let number = 0

/** Root can do everything: what fails others is tried as another user. */
function asNobody<T>(act: () => T): T {
  if (!isRoot) return act()
  process.seteuid?.(nobody)
  try {
    return act()
  } finally {
    process.seteuid?.(0)
  }
}

beforeEach(() => {
  chmodSync(parent, 0o777)
  folder = path.join(parent, `folder ${number++}`)
  asNobody(() => {
    mkdirSync(folder)
    mkdirSync(path.join(folder, 'a'))
    writeFileSync(path.join(folder, 'a', 'b'), 'x')
  })
})

describe('removePath', () => {
  test('removes a file, a folder with all in it, and what is not there', () => {
    expect(removePath(path.join(folder, 'a', 'b'))).toBe(true)
    expect(removePath(folder)).toBe(true)
    expect(removePath(folder)).toBe(true)
    expect(existsSync(folder)).toBe(false)
  })

  onUnix.each([0o000, 0o500, 0o300])('removes a folder that its owner may not change, of mode %o', mode => {
    asNobody(() => {
      chmodSync(path.join(folder, 'a'), mode)
      expect(removePath(folder)).toBe(true)
    })
    expect(existsSync(folder)).toBe(false)
  })

  asRoot('removes what it can around what it cannot, and says that something is left', () => {
    asNobody(() => {
      mkdirSync(path.join(folder, 'c'))
      writeFileSync(path.join(folder, 'c', 'd'), 'x')
    })
    for (const part of ['a', 'a/b']) chownSync(path.join(folder, part), 0, 0)
    expect(asNobody(() => removePath(folder))).toBe(false)
    expect(readdirSync(folder, {recursive: true, encoding: 'utf8'}).sort()).toEqual(['a', 'a/b'])
  })

  onUnix('removes a link, and leaves what it leads to', () => {
    const outside = path.join(parent, 'outside')
    mkdirSync(outside, {recursive: true})
    writeFileSync(path.join(outside, 'kept'), 'x')
    asNobody(() => {
      symlinkSync(outside, path.join(folder, 'a', 'link'))
      chmodSync(path.join(folder, 'a'), 0o500)
      expect(removePath(folder)).toBe(true)
    })
    expect(readdirSync(outside)).toEqual(['kept'])
  })
})
