import {spawnSync} from 'node:child_process'
import {copyFileSync, mkdirSync, mkdtempSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const script = path.join(import.meta.dirname, '..', '..', 'scripts', 'release-notes.mjs')

/** What the script says of a tag, in a project with this change log and version 1.2.3. */
function notesOf(tag: string, changelog: string) {
  const project = mkdtempSync(path.join(folder, 'project-'))
  mkdirSync(path.join(project, 'scripts'))
  copyFileSync(script, path.join(project, 'scripts', 'release-notes.mjs'))
  writeFileSync(path.join(project, 'package.json'), JSON.stringify({type: 'module', version: '1.2.3'}))
  writeFileSync(path.join(project, 'CHANGELOG.md'), changelog)
  const {status, stdout, stderr} = spawnSync(process.execPath, ['scripts/release-notes.mjs', tag], {cwd: project, encoding: 'utf8'})
  return {status, stdout, stderr}
}

const changelog = `# Changelog

## 1.3.0 - unreleased

- later

## 1.2.3 - 2026-12-31

### Added

- this

## 1.2.2 - 2026-12-01

- earlier
`

describe('the notes of a release', () => {
  test.each([
    ['\n', changelog],
    ['\r\n', changelog.replaceAll('\n', '\r\n')]
  ])('are the section of its version, with lines that end in %j', (_, text) => {
    expect(notesOf('v1.2.3', text)).toEqual({status: 0, stdout: '### Added\n\n- this\n', stderr: ''})
  })

  test.each([
    ['a tag without v', '1.2.3', changelog, 'expected a tag such as v1.2.3, got "1.2.3"'],
    ['another version', 'v1.3.0', changelog, 'package.json has the version 1.2.3, and the tag is v1.3.0'],
    ['no section', 'v1.2.3', '## 1.2.30 - 2026-12-31\n\n- x\n', 'CHANGELOG.md has no section "## 1.2.3 - "'],
    [
      'no date',
      'v1.2.3',
      '## 1.2.3 - unreleased\n\n- x\n',
      'expected the date of the release, such as 2026-12-31, in "## 1.2.3 - unreleased"'
    ],
    ['an empty section', 'v1.2.3', '## 1.2.3 - 2026-12-31\n\n## 1.2.2 - 2026-12-01\n\n- x\n', 'CHANGELOG.md says nothing of 1.2.3']
  ])('are refused for %s', (_, tag, text, mistake) => {
    expect(notesOf(tag, text)).toEqual({status: 1, stdout: '', stderr: expect.stringContaining(`${mistake}\n`)})
  })
})
