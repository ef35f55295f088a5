import {mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {runs} from '../../support/runs.ts'
import {ListReader} from '../lists.ts'

const lists = new ListReader()
const write = (file: string, content: string | Uint8Array) => writeFileSync(path.join(lists.workspace, file), content)
const maps = (list: string) => lists.tasks(list).map(({item}) => Object.fromEntries(item as Map<string, unknown>))
const items = (list: string) => lists.tasks(list).map(({item}) => item)

describe('foreach takes its items from a file', () => {
  test('of CSV, whose header names the keys, all of them texts', () => {
    write('hosts.csv', 'name,port,note\nweb1,80,\nweb2,007,"a, ""b""\nc"\n')
    expect(maps('- {run: x, foreach: hosts.csv}')).toEqual([
      {name: 'web1', port: '80', note: ''},
      {name: 'web2', port: '007', note: 'a, "b"\nc'}
    ])
    expect(lists.tasks('- {run: x, foreach: hosts.csv, name: "check $_.name", parameters: {Port: $_.port}}')).toMatchObject([
      {name: 'check web1', parameters: new Map([['Port', '80']])},
      {name: 'check web2', parameters: new Map([['Port', '007']])}
    ])
    expect(lists.tasks('- {run: ./check.ps1, foreach: hosts.csv}').map(({name}) => name)[0]).toBe('./check.ps1 (web1, 80)')
  })

  test.each([
    ['with a byte order mark and Windows line ends', Buffer.from('\uFEFFname,n\r\na,1\r\n\r\nb,2')],
    ['in UTF-16, as Windows PowerShell writes it', Buffer.from('\uFEFFname,n\r\na,1\r\nb,2\r\n', 'utf16le')],
    [
      'of Export-Csv, with its line of the type',
      Buffer.from('#TYPE System.Management.Automation.PSCustomObject\r\n"name","n"\r\n"a","1"\r\n"b","2"\r\n')
    ],
    ['with blank lines and other line ends', Buffer.from('name,n\n\n\na,1\rb,2\r\n\n')]
  ])('of CSV %s', (_, content) => {
    write('rows.CSV', content)
    expect(maps('- {run: x, foreach: rows.CSV}')).toEqual([
      {name: 'a', n: '1'},
      {name: 'b', n: '2'}
    ])
  })

  test('of CSV with a header alone: none', () => {
    write('none.csv', 'name,port\n')
    expect(items('- {run: x, foreach: none.csv}')).toEqual([])
  })

  test('of lines: those that are neither blank nor comments', () => {
    write('computers.txt', '# in building A\nweb1\r\n\n  web2  \n\t# web3\nweb#4')
    expect(items('- {run: x, foreach: computers.txt}')).toEqual(['web1', 'web2', 'web#4'])
  })

  test('of JSON and YAML: the list in it, with its types', () => {
    write('servers.json', '[\n\t{"name": "a", "port": 80, "on": true},\n\t"b"\n]\n')
    write('servers.yml', '# two\n- {name: a, port: 80, on: true}\n- b\n')
    write('nothing.yaml', '# none yet\n')
    for (const file of ['servers.json', 'servers.yml']) {
      expect(items(`- {run: x, foreach: ${file}}`)).toEqual([
        new Map<string, unknown>([
          ['name', 'a'],
          ['port', 80n],
          ['on', true]
        ]),
        'b'
      ])
    }
    expect(items('- {run: x, foreach: nothing.yaml}')).toEqual([])
  })

  test('relative to the workspace, as `file` is, and in a list that a script makes', () => {
    mkdirSync(path.join(lists.workspace, 'data'), {recursive: true})
    write('data/list.txt', 'a\nb')
    const inApp = {workingDirectory: path.join(lists.workspace, 'app')}
    expect(lists.tasks('- {run: x, foreach: data/list.txt}', inApp).map(({item}) => item)).toEqual(['a', 'b'])
    expect(lists.tasks('[{"run": "x", "foreach": "data/list.txt"}, {"run": "y", "foreach": "data/list.txt"}]')).toHaveLength(4)
  })

  test('of 300 rows: one task for each, in the order of the file, and one group', () => {
    write('many.csv', ['host,region', ...Array.from({length: 300}, (_, index) => `host-${index},r${index % 7}`)].join('\r\n'))
    const tasks = lists.tasks(
      '- {id: ask, run: ./Get-Answer.ps1, foreach: many.csv, name: "ask $_.host", lock: $_.region}\n- {run: y, needs: ask}'
    )
    expect(tasks).toHaveLength(301)
    expect(tasks.slice(0, 300).map(({name, id}) => `${name} ${id}`)).toEqual(
      Array.from({length: 300}, (_, index) => `ask host-${index} ask_${index + 1}`)
    )
    expect(tasks[299]).toMatchObject({
      group: 'ask',
      item: new Map([
        ['host', 'host-299'],
        ['region', 'r5']
      ]),
      locks: [{name: 'r5'}]
    })
    expect(tasks[300]?.needs[0]?.tasks).toHaveLength(300)
  })
})

describe('of any table', () => {
  const cell = fc.string({unit: fc.constantFrom('a', ' ', ',', '"', '\n', '\r\n', 'é', '😀', '#', "'", '$_'), maxLength: 6})
  const end = fc.constantFrom('\n', '\r\n')

  test('the values are those that were written, and what is wrong in one is told with its row', () => {
    const table = fc
      .integer({min: 2, max: 4})
      .chain(width =>
        fc.array(fc.array(cell, {minLength: width, maxLength: width}), {minLength: 1, maxLength: 6}).map(rows => ({width, rows}))
      )
    fc.assert(
      fc.property(table, end, fc.nat(5), fc.boolean(), ({width, rows}, lineEnd, which, hasMark) => {
        const header = Array.from({length: width}, (_, column) => `c${column}`)
        const quoted = (value: string) => (/[",\r\n]/.test(value) || value === '' ? `"${value.replaceAll('"', '""')}"` : value)
        const lines = [header, ...rows].map(row => row.map(quoted).join(','))
        write('any.csv', `${hasMark ? '\uFEFF' : ''}${lines.join(lineEnd)}${lineEnd}`)
        expect(maps('- {run: x, foreach: any.csv}')).toEqual(
          rows.map(row => Object.fromEntries(row.map((value, column) => [`c${column}`, value])))
        )
        const wrong = which % rows.length
        const before = lines
          .slice(0, wrong + 1)
          .join(lineEnd)
          .split('\n').length
        const broken = lines.with(wrong + 1, `${lines[wrong + 1]},more`)
        write('any.csv', broken.join(lineEnd))
        expect(lists.mistakes('- {run: x, foreach: any.csv}')).toEqual([
          `any.csv:${before + 1}:1: expected ${width} values, as the header has names, got ${width + 1}`
        ])
      }),
      {numRuns: runs(200)}
    )
  })
})

/** A file of items, a list that uses it, and all that is said. */
type Row = readonly [file: string, content: string, fields: string, ...mistakes: string[]]

const duration = 'expected a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none)'

describe('a file of items that is wrong', () => {
  test.each<Row>([
    ['empty.csv', '', '', 'empty.csv:1:1: expected a CSV with a header, which names the keys of the items, got no line'],
    [
      'short.csv',
      'a,b\n1,2\n3\n4,5,6',
      '',
      'short.csv:3:1: expected 2 values, as the header has names, got 1',
      'short.csv:4:1: expected 2 values, as the header has names, got 3'
    ],
    ['open.csv', 'a,b\n1,2\n3,"x\ny\n', '', 'open.csv:3:1: the CSV is wrong in the row that begins here: a quote is never closed'],
    [
      'after.csv',
      'a,b\n"1"x,2\n',
      '',
      'after.csv:2:1: the CSV is wrong in the row that begins here: a comma or the end of the line has to follow a closing quote (a quote in a value is written twice)'
    ],
    [
      'quote.csv',
      'a,b\n\n1,5" disk\n',
      '',
      'quote.csv:3:1: the CSV is wrong in the row that begins here: a value with a quote in it has to be in quotes, and the quote written twice'
    ],
    ['twice.csv', 'a,b,a\n1,2,3', '', 'twice.csv:1:1: the header has the name "a" twice'],
    ['case.csv', 'Name,name\n1,2', '', 'case.csv:1:1: the header has the names "Name" and "name", which is one key to PowerShell'],
    ['unnamed.csv', 'a,,c\n1,2,3', '', 'unnamed.csv:1:1: expected a name in each column of the header, got none in column 2'],
    ['value.csv', 'name,limit\na,5m\nb,soon\n', 'timeout: $_.limit', `value.csv:3:1: timeout: ${duration}, got "soon"`],
    [
      'key.csv',
      'name,limit\na,5m\n',
      'timeout: $_.limt',
      'tasks:1:39: timeout: item 1 of foreach (key.csv:2:1) has no key "limt", did you mean "limit"?'
    ],
    [
      'map.json',
      '{"name": "a"}',
      '',
      'map.json:1:1: expected a list of items, got a map; of one object PowerShell makes a list with ConvertTo-Json -AsArray'
    ],
    ['text.yml', 'a', '', 'text.yml:1:1: expected a list of items, got "a"'],
    ['broken.yml', '- a\n- b: [1\n', '', 'broken.yml:3:1: expected "]" before this, and the lines up to it indented'],
    ['same.yml', '- {a: 1,\n   a: 2}', '', 'same.yml:2:4: duplicate key "a", first at 1:4'],
    ['value.yml', '- {limit: 5m}\n- {limit: soon}', 'timeout: $_.limit', `value.yml:2:11: timeout: ${duration}, got "soon"`],
    ['case.json', '[{"A": 1, "a": 2}]', '', 'case.json:1:11: foreach: "a" and "A" differ in case only, which is one key to PowerShell']
  ])('%s', (file, content, fields, ...mistakes) => {
    write(file, content)
    expect(lists.mistakes(`- {run: x, foreach: ${file}${fields && `, ${fields}`}}`)).toEqual(mistakes)
  })

  test('is read once, and told once, however many entries name it', () => {
    write('bad.csv', 'a,b\n1\n')
    expect(lists.mistakes('- {run: x, foreach: bad.csv}\n- {run: y, foreach: bad.csv}\n- {run: z, foreach: ./bad.csv}')).toEqual([
      'bad.csv:2:1: expected 2 values, as the header has names, got 1'
    ])
  })

  test.each(['many.txt', 'many.csv'])('with more items than a list can have tasks: %s', file => {
    write(file, 'a\n'.repeat(100_002))
    expect(lists.mistakes(`- {run: x, foreach: ${file}}`)).toEqual([
      `${file}:${file === 'many.txt' ? 100_001 : 1}:1: the file has more than 100,000 items, which is the limit of tasks in a list; split it, or let each task do several of them`
    ])
  })

  test('too large, no text, no file, or a glob', () => {
    write('large.csv', Buffer.alloc(8 * 1024 * 1024 + 1, 'a'))
    write('bytes.csv', Buffer.from([0x61, 0xff, 0xfe, 0x0a]))
    write('hosts.txt', 'a')
    mkdirSync(path.join(lists.workspace, 'folder.csv'))
    const mistakes = (foreach: string) => lists.mistakes(`- {run: x, foreach: ${foreach}}`)
    expect(mistakes('large.csv')).toEqual([
      'tasks:1:21: foreach: "large.csv" has 8,388,609 bytes, and 8 MiB is the limit of a file of items'
    ])
    expect(mistakes('bytes.csv')).toEqual(['tasks:1:21: foreach: expected a text in UTF-8, got other bytes in "bytes.csv"'])
    expect(mistakes('hots.txt')).toEqual(['tasks:1:21: foreach: no such file "hots.txt", did you mean "hosts.txt"?'])
    expect(mistakes('"*.txt"')).toEqual(['tasks:1:21: foreach: no such file "*.txt"; foreach takes one file, and no glob'])
    expect(mistakes('folder.csv')[0]).toContain('got the folder "folder.csv"')
    expect(mistakes('hosts.xml')).toEqual([
      'tasks:1:21: foreach: expected a list of items, or the path of a .csv, .txt, .json or .yml file of them, got "hosts.xml"'
    ])
    expect(mistakes('made-by-another.csv, needs: a')[0]).toBe(
      'tasks:1:21: foreach: no such file "made-by-another.csv"; it is read with the list, before any task has run'
    )
  })
})
