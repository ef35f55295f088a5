// Checks that each folder of src/ knows the folders that folders.mjs lists for it, and no other; and that none has grown too large.
import {folders, inBrowser, limits, restricted} from './folders.mjs'
import {pageSources, sources, valuesOf} from './imports.mjs'

const all = sources()
const names = folders.map(({name}) => name)
const mistakes = [
  ...all
    .filter(({folder}) => !names.includes(folder))
    .map(({file, folder}) => `src/${file}: scripts/folders.mjs has no folder "${folder}"`),
  ...folders.flatMap(({name, knows}, place) => [
    ...knows
      .filter(known => !names.slice(0, place).includes(known))
      .map(known => `scripts/folders.mjs: "${name}" knows "${known}", which does not stand above it`),
    ...folderMistakes(name, knows)
  ]),
  ...pageMistakes()
]
if (mistakes.length > 0) {
  console.error(mistakes.join('\n'))
  process.exitCode = 1
} else console.log(`Checked the imports of ${all.length} files in ${folders.length} folders, and of page/.`)

/**
 * What would bring more of src/ into the browser than is meant for it, or a module of Node.
 * @returns {string[]}
 */
function pageMistakes() {
  const page = pageSources()
  const shared = inBrowser.map(name => valuesOf(`src/${name}`))
  const used = new Set(page.flatMap(({values}) => values))
  return [
    ...[...page, ...shared].flatMap(({file, values}) =>
      values
        .filter(value => value.startsWith('node:') || (value.startsWith('src/') && !inBrowser.includes(value.slice('src/'.length))))
        .map(value => `${file} imports ${value}, which is not to run in a browser: import types only (inBrowser in scripts/folders.mjs)`)
    ),
    ...shared.filter(({file}) => !used.has(file)).map(({file}) => `scripts/folders.mjs: page/ does not import "${file}"`)
  ]
}

/**
 * @param {string} name
 * @param {readonly string[]} knows
 * @returns {string[]}
 */
function folderMistakes(name, knows) {
  const own = all.filter(({folder}) => folder === name)
  const known = new Set(own.flatMap(({imports}) => imports.map(({folder}) => folder)))
  const share = own.reduce((sum, {lines}) => sum + lines, 0) / all.reduce((sum, {lines}) => sum + lines, 0)
  return [
    ...own.flatMap(({file, imports}) =>
      imports.flatMap(({specifier, folder}) => {
        const only = restricted.get(specifier)
        if (only !== undefined && !only.includes(name)) return [`src/${file}: only ${only.join(' and ')} may import ${specifier}`]
        if (folder === undefined || folder === name || knows.includes(folder)) return []
        return [`src/${file} imports ${specifier}: "${name}" is not to know "${folder}" (scripts/folders.mjs)`]
      })
    ),
    ...knows.filter(folder => !known.has(folder)).map(folder => `scripts/folders.mjs: "${name}" does not import "${folder}"`),
    ...(own.length === 0 ? [`scripts/folders.mjs: there is no src/${name}`] : []),
    ...(own.length > limits.files ? [`src/${name}: ${own.length} files, ${limits.files} at most`] : []),
    ...(share > limits.share ? [`src/${name}: ${Math.round(share * 100)} % of all lines, ${limits.share * 100} at most`] : [])
  ]
}
