// Prints the notes of a release: the section of CHANGELOG.md for the tag that is given, such as v1.2.3. Fails if there is nothing to release under
// that name: package.json has another version, or the section is missing, empty, or has no date yet. Needs no packages.
import {readFileSync} from 'node:fs'

const tag = process.argv[2] ?? ''
const notes = notesOf(tag)
if (typeof notes === 'string') console.log(notes)
else {
  console.error(notes.mistake)
  process.exitCode = 1
}

/**
 * @param {string} tag
 * @returns {string | {mistake: string}}
 */
function notesOf(tag) {
  if (!/^v\d+\.\d+\.\d+$/.test(tag)) return {mistake: `expected a tag such as v1.2.3, got "${tag}"`}
  const {version} = JSON.parse(read('package.json'))
  if (tag !== `v${version}`) return {mistake: `package.json has the version ${version}, and the tag is ${tag}`}
  const sections = read('CHANGELOG.md').split(/^## /m).slice(1)
  const section = sections.find(text => text.startsWith(`${version} - `))
  if (section === undefined) return {mistake: `CHANGELOG.md has no section "## ${version} - "`}
  const title = section.slice(0, section.indexOf('\n'))
  if (!/ - \d{4}-\d{2}-\d{2}$/.test(title))
    return {mistake: `CHANGELOG.md: expected the date of the release, such as 2026-12-31, in "## ${title}"`}
  const text = section.slice(title.length).trim()
  return text === '' ? {mistake: `CHANGELOG.md says nothing of ${version}`} : text
}

/** @param {string} name a file of the project */
function read(name) {
  return readFileSync(new URL(`../${name}`, import.meta.url), 'utf8').replaceAll('\r\n', '\n')
}
