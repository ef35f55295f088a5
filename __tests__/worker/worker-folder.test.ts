import fs from 'node:fs'
import path from 'node:path'
import {expect, test} from '@jest/globals'
import {createTaskFiles} from '../../src/file-commands/task-files.ts'
import {WorkerFolder} from '../../src/worker/worker-folder.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const parent = temporaryFolder()
let made = 0
const onUnix = process.platform === 'win32' ? test.skip : test

test.each(['temporaryFolder', 'filesFolder'] as const)(
  'a folder that a task has left as it was is there for the next one: %s',
  async name => {
    const folder = new WorkerFolder(path.join(parent, String(made++)))
    const {ino} = fs.statSync(folder[name])
    expect(await folder.empty()).toBe(true)
    expect(fs.statSync(folder[name]).ino).toBe(ino)
  }
)

onUnix.each([
  ['a link to a folder elsewhere', (own: string, elsewhere: string) => [fs.rmdirSync(own), fs.symlinkSync(elsewhere, own)]],
  ['another folder', (own: string, elsewhere: string) => [fs.rmdirSync(own), fs.renameSync(elsewhere, own)]],
  ['a read-only folder', (own: string) => [fs.chmodSync(own, 0o500)]],
  ['one that everybody may write into', (own: string) => [fs.chmodSync(own, 0o777)]],
  ['a file', (own: string) => [fs.rmdirSync(own), fs.writeFileSync(own, '')]],
  ['nothing', (own: string) => [fs.rmdirSync(own)]]
])('a folder in whose place a task has left %s is made anew', async (_, leave) => {
  for (const name of ['temporaryFolder', 'filesFolder'] as const) {
    const folder = new WorkerFolder(path.join(parent, String(made++)))
    const own = folder[name]
    const {mode} = fs.statSync(own)
    const elsewhere = fs.mkdtempSync(path.join(parent, 'elsewhere-'))
    const inElsewhere = fs.statSync(elsewhere).ino
    leave(own, elsewhere)
    expect(await folder.empty()).toBe(true)
    const now = fs.lstatSync(own)
    expect({isFolder: now.isDirectory(), mode: now.mode}).toEqual({isFolder: true, mode})
    expect(now.ino).not.toBe(fs.existsSync(elsewhere) ? inElsewhere : undefined)
    expect(() => createTaskFiles(folder.filesFolder)).not.toThrow()
    if (fs.existsSync(elsewhere)) expect(fs.readdirSync(elsewhere)).toEqual([])
  }
})

test('what was written for a task, and what it has left beside that, is gone for the next one', async () => {
  const folder = new WorkerFolder(path.join(parent, String(made++)))
  for (const file of [folder.taskFile, folder.objectsFile, path.join(folder.path, 'other')]) fs.writeFileSync(file, 'x')
  fs.mkdirSync(path.join(folder.path, 'a', 'b'), {recursive: true})
  expect(await folder.empty()).toBe(true)
  expect(fs.readdirSync(folder.path).toSorted()).toEqual(['files', 'temp'])
})

onUnix('nothing is removed from a folder that a task has put in its place, and no other task uses it', async () => {
  const folder = new WorkerFolder(path.join(parent, String(made++)))
  const elsewhere = fs.mkdtempSync(path.join(parent, 'elsewhere-'))
  for (const name of ['task.ps1', 'mine']) fs.writeFileSync(path.join(elsewhere, name), 'x')
  fs.renameSync(folder.path, `${folder.path}-moved`)
  fs.symlinkSync(elsewhere, folder.path)
  expect(await folder.empty()).toBe(false)
  expect(fs.readdirSync(elsewhere).toSorted()).toEqual(['mine', 'task.ps1'])
})
