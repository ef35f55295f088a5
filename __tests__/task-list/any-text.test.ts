import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {Document} from 'yaml'
import type {Task, Value} from '../../src/model/task.ts'
import {readTaskList} from '../../src/task-list/read-task-list.ts'
import {renderMistake} from '../../src/task-list/source/mistakes.ts'
import {anyText} from '../support/any-text.ts'
import {runs} from '../support/runs.ts'
import {inline, ListReader, listContext} from './lists.ts'

/** Runs of each property. */
const numRuns = runs(100)

const lists = new ListReader()
const context = listContext(lists.workspace)

/** A list or a report: what any text has to give. */
function listOrReport(text: string): void {
  for (const notation of ['detect', 'yaml', 'lines'] as const) {
    const read = readTaskList([{...inline(text), notation}], context)
    if (read.ok) expectSound(read.value)
    else {
      expect(read.error.length).toBeGreaterThan(0)
      for (const mistake of read.error) {
        expect(renderMistake(mistake)).toMatch(/^tasks:\d+:\d+: \S/)
        expect(mistake.message).not.toMatch(/[\r\n]/)
        expect(mistake.place.line).toBeLessThanOrEqual(text.split('\n').length)
      }
    }
  }
}

/** What holds for every list that was read. */
function expectSound(tasks: readonly Task[]): void {
  expect(tasks.map(({index}) => index)).toEqual(tasks.map((_, index) => index))
  expect(new Set(tasks.map(({id}) => id.toLowerCase())).size).toBe(tasks.length)
  expect(new Set(tasks.map(({name}) => name)).size).toBe(tasks.length)
  for (const {id, name, needs} of tasks) {
    expect(id).toMatch(/^[\p{L}_][\p{L}\p{N}_-]*$/u)
    expect(name).toMatch(/^[^\p{Cc}]+$/u)
    expect(needs.flatMap(need => need.tasks).every(index => tasks[index] !== undefined)).toBe(true)
  }
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: `${_}` is the notation of the list
const word = fc.constantFrom(
  ...[
    '- ',
    '-',
    ': ',
    ':',
    '? ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '&a ',
    '*a',
    '!x ',
    '!!str ',
    '| ',
    '>-',
    '"',
    "'",
    '# ',
    '%',
    '@',
    '`',
    '\n',
    '\n  ',
    '\n    '
  ],
  ...[
    '\t',
    '\r\n',
    '---\n',
    '...\n',
    '<<: *a',
    '$_',
    '${_.a}',
    '$$_',
    '\0',
    '\uFEFF',
    '\uD800',
    '~',
    '1',
    '1.5',
    '.inf',
    'true',
    'null',
    '5m',
    'x'
  ],
  ...[
    'tasks:',
    'defaults:',
    'run: ',
    'file: ',
    'name: ',
    'id: ',
    'needs: ',
    'foreach: ',
    'env: ',
    'retry: ',
    'timeout: ',
    'parameters: ',
    'times: '
  ],
  ...['build.ps1', '*.ps1', '../', '__proto__', 'constructor', 'a', 'b', '- run: x\n  ', '- {run: x, ']
)

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the end of the words

describe('any text gives a list or a report', () => {
  test('of any characters', () => {
    fc.assert(fc.property(anyText({maxLength: 200}), listOrReport), {numRuns})
  })

  test('of bytes read as UTF-8', () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 200}), bytes => listOrReport(Buffer.from(bytes).toString('utf8'))),
      {numRuns}
    )
  })

  test('of the words of lists', () => {
    fc.assert(
      fc.property(fc.array(word, {maxLength: 40}), words => listOrReport(words.join(''))),
      {numRuns}
    )
  })

  test('of a right list with something put into it', () => {
    const list =
      'defaults: {timeout: 5m}\ntasks:\n  - ./build.ps1\n  - &a {name: t $_, run: x, foreach: [1, {k: v}], env: {A: 1}}\n  - {<<: *a, id: g}\n'
    fc.assert(
      fc.property(fc.nat(list.length), fc.nat(10), fc.array(word, {maxLength: 3}), (at, cut, words) =>
        listOrReport(list.slice(0, at) + words.join('') + list.slice(at + cut))
      ),
      {numRuns}
    )
  })
})

/** A value as a list can give it, and as yaml writes it. */
const value = fc.letrec<{value: Value}>(tie => ({
  value: fc.oneof(
    {maxDepth: 4},
    fc.constant(null),
    fc.boolean(),
    fc.bigInt({min: -(2n ** 70n), max: 2n ** 70n}),
    fc.double({noNaN: true}).filter(number => !Number.isInteger(number)),
    anyText({maxLength: 20}),
    fc.array(tie('value'), {maxLength: 4}),
    fc.dictionary(fc.string({maxLength: 8}), tie('value'), {maxKeys: 4}).map(keyed)
  )
})).value

/** As a map; keys that differ in case alone are left out. */
function keyed(record: Record<string, Value>): ReadonlyMap<string, Value> {
  const seen = new Set<string>()
  return new Map(Object.entries(record).filter(([key]) => !seen.has(key.toLowerCase()) && seen.add(key.toLowerCase())))
}

test('what yaml writes is read as it was: parameters, arguments, items', () => {
  fc.assert(
    fc.property(fc.array(value, {maxLength: 4}), fc.boolean(), (values, isFlow) => {
      const document = new Document([{run: 'x', arguments: values, parameters: {Values: values}}], {
        intAsBigInt: true,
        aliasDuplicateObjects: false
      } as object)
      const text = document.toString({collectionStyle: isFlow ? 'flow' : 'block', lineWidth: 0})
      const task = lists.task(text)
      expect(task.arguments).toEqual(values)
      expect(task.parameters).toEqual(new Map([['Values', values]]))
    }),
    {numRuns}
  )
})

test('a text that is exactly $_ becomes the item, whatever it is', () => {
  fc.assert(
    fc.property(value, item => {
      const document = new Document([{run: 'x', foreach: [item], arguments: ['$_', ['$_']]}], {
        intAsBigInt: true,
        aliasDuplicateObjects: false
      } as object)
      const task = lists.task(document.toString({lineWidth: 0}))
      expect(task.item).toEqual(item)
      expect(task.arguments).toEqual([item, [item]])
    }),
    {numRuns}
  )
})

test('plain lines are run exactly as typed', () => {
  const line = fc
    .string({unit: 'grapheme', minLength: 1, maxLength: 60})
    .filter(text => /^[^\s#\-\r\n][^\r\n]*$/.test(text) && !/[`|,{(]\s*$|@['"]\s*$/.test(text))
  fc.assert(
    fc.property(fc.array(line, {minLength: 1, maxLength: 5}), typed => {
      const read = readTaskList([{...inline(typed.join('\n')), notation: 'lines'}], context)
      expect(read.ok && read.value.map(({script}) => (script.kind === 'run' ? script.text : ''))).toEqual(typed)
    }),
    {numRuns}
  )
})

describe('large texts end in a list or a report', () => {
  // One of each kind of repetition that takes parsers of YAML long; as large as a text may be.
  const size = 8 * 1024 * 1024
  /** Each of these makes a mistake of its own in yaml, which takes six seconds for all of them: `soak` has them all. */
  const dear = new Set(['&a ', '!a '])

  test.each(['[', '- ', '{a: ', '? ', '&a ', '!a ', 'a: ', ': '])('%j over and over', unit => {
    const text = unit.repeat(Math.floor((dear.has(unit) ? Math.min(size, runs(10) * 100 * 1024) : size) / unit.length))
    expect(readTaskList([{...inline(text), notation: 'yaml'}], context).ok).toBe(false)
  })

  test('one long word', () => {
    expect(lists.tasks(`- ${'x'.repeat(size - 2)}`)).toHaveLength(1)
  })

  test('nested aliases', () => {
    const levels = Array.from({length: 40}, (_, level) => `  - &l${level + 1} [${Array(9).fill(`*l${level}`).join(', ')}]`)
    expect(lists.mistakes(`- run: x\n  arguments:\n  - &l0 [$_]\n${levels.join('\n')}`)).toHaveLength(1)
  })
})
