// npm run set-owner NAME: makes this the repository of the GitHub account NAME, in every file that names it. Who it belongs to until then stands
// in package.json, so it can be run again. Needs no packages.
import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'

const root = new URL('..', import.meta.url)
/** Files and folders that may name the repository. */
const places = [
  '.github',
  'docs',
  'examples',
  'schema',
  'action.yml',
  'package.json',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'README.md',
  'SECURITY.md'
]
const textFile = /(?:^|\/)CODEOWNERS$|\.(?:json|md|yml)$/

const name = process.argv[2] ?? ''
// As GitHub has it: letters, digits and single hyphens between them, at most 39 of them.
if (!/^(?=.{1,39}$)[a-z\d]+(?:-[a-z\d]+)*$/i.test(name)) {
  console.error(`set-owner: expected the name of a GitHub account (letters, digits, single hyphens inside, at most 39), got "${name}"`)
  process.exitCode = 1
} else setOwner(name)

/** @param {string} owner */
function setOwner(owner) {
  /** @type {{repository: {url: string}}} */
  const {repository} = JSON.parse(read('package.json'))
  const before = /github\.com\/(?<owner>[^/]+)\/pwsh-pool\.git$/.exec(repository.url)?.groups?.owner
  if (before === undefined)
    throw new Error(`package.json: the repository is ${repository.url}, and is expected to end in github.com/OWNER/pwsh-pool.git`)
  const named = new RegExp(String.raw`(?<![\w-])${before}(?=/(?:pwsh-pool|maintainers)\b)`, 'g')
  for (const path of places.flatMap(filesOf)) {
    const text = read(path)
    const changed = text.replaceAll(named, owner)
    if (changed === text) continue
    writeFileSync(new URL(path, root), changed)
    console.log(path)
  }
}

/**
 * A file, or all text files of a folder, relative to the project.
 * @param {string} path
 * @returns {string[]}
 */
function filesOf(path) {
  if (statSync(new URL(path, root)).isFile()) return [path]
  const files = readdirSync(new URL(path, root), {recursive: true, encoding: 'utf8'})
  return files.map(file => `${path}/${file.replaceAll('\\', '/')}`).filter(file => textFile.test(file))
}

/** @param {string} path */
function read(path) {
  return readFileSync(new URL(path, root), 'utf8')
}
