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
async function asNobody<T>(act: () => T | Promise<T>): Promise<T> {
  if (!isRoot) return act()
  process.seteuid?.(nobody)
  try {
    return await act()
  } finally {
    process.seteuid?.(0)
  }
}

beforeEach(async () => {
  chmodSync(parent, 0o777)
  folder = path.join(parent, `folder ${number++}`)
  await asNobody(() => {
    mkdirSync(folder)
    mkdirSync(path.join(folder, 'a'))
    writeFileSync(path.join(folder, 'a', 'b'), 'x')
  })
})

describe('removePath', () => {
  test('removes a file, a folder with all in it, and what is not there', async () => {
    expect(await removePath(path.join(folder, 'a', 'b'))).toBe(true)
    expect(await removePath(folder)).toBe(true)
    expect(await removePath(folder)).toBe(true)
    expect(existsSync(folder)).toBe(false)
  })

  onUnix.each([0o000, 0o500, 0o300])('removes a folder that its owner may not change, of mode %o', async mode => {
    await asNobody(async () => {
      chmodSync(path.join(folder, 'a'), mode)
      expect(await removePath(folder)).toBe(true)
    })
    expect(existsSync(folder)).toBe(false)
  })

  asRoot('removes what it can around what it cannot, and says that something is left', async () => {
    await asNobody(() => {
      mkdirSync(path.join(folder, 'c'))
      writeFileSync(path.join(folder, 'c', 'd'), 'x')
    })
    for (const part of ['a', 'a/b']) chownSync(path.join(folder, part), 0, 0)
    expect(await asNobody(() => removePath(folder))).toBe(false)
    expect(readdirSync(folder, {recursive: true, encoding: 'utf8'}).sort()).toEqual(['a', 'a/b'])
  })

  onUnix('removes a link, and leaves what it leads to', async () => {
    const outside = path.join(parent, 'outside')
    mkdirSync(outside, {recursive: true})
    writeFileSync(path.join(outside, 'kept'), 'x')
    await asNobody(async () => {
      symlinkSync(outside, path.join(folder, 'a', 'link'))
      chmodSync(path.join(folder, 'a'), 0o500)
      expect(await removePath(folder)).toBe(true)
    })
    expect(readdirSync(outside)).toEqual(['kept'])
  })

  test('lets time go on meanwhile, however many files there are', async () => {
    for (let i = 0; i < 2000; i++) writeFileSync(path.join(folder, String(i)), '')
    let turns = 0
    const turning = setInterval(() => turns++)
    await removePath(folder)
    clearInterval(turning)
    expect(turns).toBeGreaterThan(0)
    expect(existsSync(folder)).toBe(false)
  })
})
