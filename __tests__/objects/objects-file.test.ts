import {mkdtempSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {Value} from '../../src/model/task.ts'
import {isMap, renderJson} from '../../src/objects/json-value.ts'
import {objectPreview} from '../../src/objects/object-preview.ts'
import {maxColumns, type ObjectSource} from '../../src/objects/object-rows.ts'
import {writeObjectsFile} from '../../src/objects/objects-file.ts'
import {anyValue} from '../support/any-value.ts'
import {createTask} from '../support/create-task.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const unmasked = (text: string) => text

/** A task that emitted these, which are JSON. */
function source(name: string, objects: readonly string[], item?: Value): ObjectSource {
  const file = path.join(mkdtempSync(path.join(folder, 'source-')), 'kept')
  writeFileSync(
    file,
    objects
      .map(
        object => `${object}
`
      )
      .join('')
  )
  return {task: createTask({name, item}), objects: {count: objects.length, leftOut: 0, file}}
}

function written(extension: string, sources: readonly ObjectSource[], mask = unmasked): string {
  const file = path.join(mkdtempSync(path.join(folder, 'file-')), 'new', `objects.${extension}`)
  expect(writeObjectsFile(file, sources, mask)).toEqual([])
  expect(readdirSync(path.dirname(file))).toHaveLength(1)
  return readFileSync(file, 'utf8')
}

/** Records of RFC 4180. */
function parsedCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  const cells = /("(?:[^"]|"")*"|[^",\n]*)(,|\n)/gy
  for (const [, cell = '', end] of text.matchAll(cells)) {
    rows.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)
    if (end === '\n') rows.push([])
  }
  return rows.slice(0, -1)
}

const sources = [
  source('scan (web-1)', ['{"Host":"web-1","Free":12,"Tags":["a","b"]}'], 'web-1'),
  source('scan (web-2)', ['{"host":"web-2","Note":"a, \\"b\\"\\nc"}', '"plain"', 'null'], new Map([['host', 'web-2']])),
  source('empty', [])
]

describe('the file of objects', () => {
  test('as CSV has the union of all properties in the order in which they are first seen, whatever their case', () => {
    expect(written('csv', sources)).toBe(
      [
        'task,item,Host,Free,Tags,Note,Value',
        'scan (web-1),web-1,web-1,12,"[""a"",""b""]",,',
        'scan (web-2),"{""host"":""web-2""}",web-2,,,"a, ""b""\nc",',
        'scan (web-2),"{""host"":""web-2""}",,,,,plain',
        'scan (web-2),"{""host"":""web-2""}",,,,,',
        ''
      ].join('\n')
    )
  })

  test('as JSON and as a line of JSON for each keeps types', () => {
    const lines = [
      '{"task":"scan (web-1)","item":"web-1","Host":"web-1","Free":12,"Tags":["a","b"]}',
      '{"task":"scan (web-2)","item":{"host":"web-2"},"host":"web-2","Note":"a, \\"b\\"\\nc"}',
      '{"task":"scan (web-2)","item":{"host":"web-2"},"Value":"plain"}',
      '{"task":"scan (web-2)","item":{"host":"web-2"},"Value":null}'
    ]
    expect(written('ndjson', sources)).toBe(`${lines.join('\n')}\n`)
    expect(written('json', sources)).toBe(`[\n${lines.join(',\n')}\n]\n`)
  })

  test('without objects is complete too', () => {
    expect(['csv', 'json', 'ndjson'].map(extension => written(extension, []))).toEqual(['task,item\n', '[]\n', ''])
  })

  test('has a column for each property, also for one that is called as a column is already', () => {
    expect(written('csv', [source('t', ['{"Task":1,"item":2,"":3,"a":4,"A":5}'])])).toBe('task,item,Task_2,item_2,_,a,A_2\nt,,1,2,3,4,5\n')
  })

  test('has no secret', () => {
    const mask = (text: string) => text.replaceAll('web', '***')
    for (const extension of ['csv', 'json', 'ndjson']) {
      const text = written(extension, sources, mask)
      expect(text).toContain('***-1')
      expect(text).not.toContain('web')
    }
  })

  test('is read back as it was, whatever the values', () => {
    fc.assert(
      fc.property(fc.array(anyValue(), {maxLength: 8}), values => {
        const text = written('csv', [source('t', values.map(renderJson))])
        const [columns = [], ...rows] = parsedCsv(text)
        expect(rows).toHaveLength(values.length)
        for (const [position, value] of values.entries()) {
          const cells = rows[position] ?? []
          expect(cells).toHaveLength(columns.length)
          if (!isMap(value)) continue
          // A lone half of a character is none in UTF-8.
          const shown = [...value.values()].map(part =>
            part === null ? '' : typeof part === 'string' ? Buffer.from(part).toString() : renderJson(part)
          )
          expect(cells.slice(2).filter(cell => cell !== '')).toEqual(expect.arrayContaining(shown.filter(cell => cell !== '')))
        }
        const lines = written('ndjson', [source('t', values.map(renderJson))])
          .split('\n')
          .slice(0, -1)
        expect(lines.map(line => JSON.parse(line))).toHaveLength(values.length)
      }),
      {numRuns: 50}
    )
  })

  test('has a limit of columns, and says so', () => {
    const wide = source('t', [renderJson(new Map(Array.from({length: maxColumns}, (_, i) => [`p${i}`, BigInt(i)])))])
    const file = path.join(folder, 'wide.csv')
    expect(writeObjectsFile(file, [wide], unmasked)).toEqual(['The file of "objects-file" has only the first 1,000 columns'])
    expect(readFileSync(file, 'utf8').split('\n')[0]?.split(',')).toHaveLength(maxColumns)
  })
})

test('a preview has the first rows of all tasks, and all are counted', () => {
  const many = source(
    'many',
    Array.from({length: 30}, (_, i) => `{"n":${i}}`)
  )
  const preview = objectPreview([{...many, objects: {...many.objects, leftOut: 4}}, ...sources], unmasked)
  expect(preview).toMatchObject({columns: ['task', 'item', 'n'], count: 34, leftOut: 4})
  expect(preview?.rows).toHaveLength(20)
  expect(preview?.rows[19]).toEqual(['many', '', '19'])
  expect(objectPreview([], unmasked)).toBeUndefined()
})
