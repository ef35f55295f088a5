import {spawnSync} from 'node:child_process'
import {cpSync, mkdtempSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {globSync} from 'tinyglobby'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const root = path.join(import.meta.dirname, '..', '..')
const read = (where: string, file: string): string => readFileSync(path.join(where, file), 'utf8')

/** Whose repository this is, which stands wherever `uses:` does. */
const owner = /github\.com\/(?<owner>[^/]+)\//.exec(JSON.parse(read(root, 'package.json')).repository.url)?.groups?.owner ?? ''
const ignore = ['**/node_modules', '.git', '.pwsh', 'lib', 'coverage', 'demo-output', '**/*.png']
const files = globSync('**', {cwd: root, dot: true, ignore})
const namesOwner = files.filter(file => new RegExp(`\\b${owner}/`).test(read(root, file)))

/** A copy of all in the project that is not code, and of the script. */
function copyProject(): string {
  const project = mkdtempSync(path.join(folder, 'project-'))
  for (const place of ['.github', 'docs', 'examples', 'schema', 'scripts/set-owner.mjs', ...files.filter(file => !file.includes('/'))]) {
    cpSync(path.join(root, place), path.join(project, place), {recursive: true})
  }
  return project
}

function setOwner(project: string, name: string) {
  const {status, stdout, stderr} = spawnSync(process.execPath, ['scripts/set-owner.mjs', name], {cwd: project, encoding: 'utf8'})
  return {status, stderr, files: stdout.split('\n').filter(line => line !== '')}
}

describe('set-owner', () => {
  test('replaces the owner in every file of the project that names it, and can do so again', () => {
    expect(namesOwner).toEqual(expect.arrayContaining(['README.md', 'package.json', '.github/CODEOWNERS', 'examples/workflows/tests.yml']))
    const project = copyProject()
    const before = new Map(namesOwner.map(file => [file, read(project, file)]))

    const first = setOwner(project, 'Ada-Lovelace-42')
    expect(first).toMatchObject({status: 0, stderr: ''})
    expect(first.files.toSorted()).toEqual(namesOwner.toSorted())
    for (const file of namesOwner) {
      expect(read(project, file)).toBe(before.get(file)?.replaceAll(new RegExp(`\\b${owner}(?=/)`, 'g'), 'Ada-Lovelace-42'))
    }

    expect(setOwner(project, owner)).toEqual(first)
    for (const file of namesOwner) expect(read(project, file)).toBe(before.get(file))
  })

  test.each(['', '-ada', 'ada-', 'a--b', 'a b', 'a/b', '$&', 'a'.repeat(40), 'ädä'])(
    'refuses what cannot be an account, and changes nothing: %j',
    name => {
      const project = copyProject()
      expect(setOwner(project, name)).toMatchObject({status: 1, files: [], stderr: expect.stringMatching(/^set-owner: expected the name/)})
      expect(read(project, 'package.json')).toBe(read(root, 'package.json'))
    }
  )
})
