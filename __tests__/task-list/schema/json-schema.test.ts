import {readFileSync} from 'node:fs'
import {describe, expect, test} from '@jest/globals'
import {parse} from 'yaml'
import {z} from 'zod'
import {type JsonSchema, taskListJsonSchema} from '../../../src/task-list/schema/json-schema.ts'
import {ListReader} from '../lists.ts'

const schema = taskListJsonSchema()
const definitions = schema.definitions as Record<string, JsonSchema>
// zod does not read a choice of `required`, which is looked at on its own.
const {oneOf, ...task} = definitions.task ?? {}
const readable: unknown = {...schema, definitions: {...definitions, task}}
const validator = z.fromJSONSchema(readable as Parameters<typeof z.fromJSONSchema>[0])
const accepts = (text: string): boolean => validator.safeParse(parse(text)).success
const lists = new ListReader()

test('the schema that is published is the one that the code makes', () => {
  const published = readFileSync(new URL('../../../schema/task-list.schema.json', import.meta.url), 'utf8')
  expect(published).toBe(`${JSON.stringify(schema, undefined, 2)}\n`)
})

describe.each(['task', 'defaults'])('every field of %s', name => {
  const fields = Object.entries(definitions[name]?.properties ?? {})

  test('has a description and examples', () => {
    const bare = fields.filter(([, {description = '', examples = []}]) => description === '' || examples.length === 0)
    expect(fields.length).toBeGreaterThan(7)
    expect(bare).toEqual([])
  })

  test('takes its own examples', () => {
    for (const [field, {examples = []}] of fields) {
      for (const example of examples) {
        const list = name === 'task' ? [{run: 'x', [field]: example}] : {defaults: {[field]: example}, tasks: []}
        if (field !== 'file') expect([field, validator.safeParse(list).success]).toEqual([field, true])
      }
    }
  })
})

test('the parts of retry have descriptions and examples too', () => {
  const choices = definitions.task?.properties?.retry?.anyOf as readonly JsonSchema[]
  const parts = Object.values(choices.find(({properties}) => properties !== undefined)?.properties ?? {})
  expect(parts).toHaveLength(7)
  expect(parts.every(({description = '', examples = []}) => description !== '' && examples.length > 0)).toBe(true)
})

test('a task has one of run and file', () => {
  expect(oneOf).toEqual([{required: ['run']}, {required: ['file']}])
})

describe('an editor and the action agree', () => {
  test.each([
    '[]',
    '- ./build.ps1',
    '- {run: x, name: 2024, env: {A: 1, B: true, C: null}, timeout: 1h30m}',
    '- {file: build.ps1, parameters: {a: [1, {b: c}]}, arguments: [x]}',
    '- {run: x, foreach: [5m], timeout: $_, retry: {times: "$_.n"}}',
    'defaults: {retry: {times: 1, on: [timeout, 5]}, lock: [a]}\ntasks: [x]',
    'locks: {sql: 1, port: {room: 2, per: machine}}\ntasks: [x]',
    '- {run: x, matrix: {os: [a, {b: 1}], include: [{os: c, d: 1}], exclude: [{os: a}]}}',
    '- {file: [build.ps1, test.ps1, "!build.ps1"]}'
  ])('on what is right: %s', text => {
    expect(accepts(text)).toBe(true)
  })

  test.each([
    'text',
    '- 5',
    '- ""',
    '- {run: x, paramters: {}}',
    '- {run: x, timeout: 5 mins}',
    '- {run: x, timeout: -1}',
    '- {run: x, id: a b}',
    '- {run: x, retry: 1.5}',
    '- {run: x, retry: {delay: 5}}',
    '- {run: x, when: sometimes}',
    '- {run: x, continue-on-error: yes}',
    '- {run: x, env: {A: [1]}}',
    '- {run: x, arguments: a}',
    'defaults: {run: x}\ntasks: []',
    'defaults: {}',
    'tasks: []\ntimeout: 5',
    'locks: {sql: 0}\ntasks: []',
    'locks: {sql: {per: job}}\ntasks: []',
    'locks: [sql]\ntasks: []',
    '- {run: x, matrix: [a]}',
    '- {run: x, matrix: {os: a}}',
    '- {run: x, matrix: {os: []}}',
    '- {run: x, matrix: {os: [a], include: {os: b}}}',
    '- {run: x, foreach: 5}',
    '- {run: x, foreach: hosts}',
    '- {file: []}'
  ])('on what is wrong: %s', text => {
    expect(accepts(text)).toBe(false)
    expect(lists.mistakes(`---\n${text}`)).not.toEqual([])
  })
})
