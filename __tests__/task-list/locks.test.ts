import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {Lock} from '../../src/model/task.ts'
import type {TaskListText} from '../../src/task-list/read-task-list.ts'
import {runs} from '../support/runs.ts'
import {inline, ListReader, listContext, mistakesOf, tasksOf} from './lists.ts'

const lists = new ListReader()
const context = listContext(lists.workspace)
const file = (name: string, text: string): TaskListText => ({source: name, file: name, notation: 'yaml', text})

/** The locks of all tasks of a list, in order. */
const locksIn = (text: string): Lock[] => lists.tasks(text).flatMap(({locks}) => locks)

describe('a lock', () => {
  test('has room for one where the list says nothing', () => {
    expect(locksIn('- {run: x, lock: sql}')).toEqual([{name: 'sql', variable: 'PWSH_POOL_LOCK_SQL', room: 1, per: 'all'}])
  })

  test('has the room that stands at the top of the list, as a number or in a map', () => {
    const list =
      'locks: {sql: 1, graph: 5, port: {room: 2, per: machine}, api: {per: machine}}\ntasks: [{run: x, lock: [sql, graph, port, api]}]'
    expect(locksIn(list).map(({room, per}) => [room, per])).toEqual([
      [1, 'all'],
      [5, 'all'],
      [2, 'machine'],
      [1, 'machine']
    ])
  })

  test('has it for `defaults` and for what `foreach` inserts', () => {
    const list = 'locks: {eu: 2, db: 3}\ndefaults: {lock: db}\ntasks: [x, {run: y, foreach: [eu, us], lock: $_}]'
    expect(locksIn(list).map(({name, room}) => [name, room])).toEqual([
      ['db', 3],
      ['eu', 2],
      ['us', 1]
    ])
  })

  test('has it in all files of a list, before and after the one that says it, and two may say the same', () => {
    const texts = [
      file('a.yml', '- {run: x, lock: graph}'),
      file('b.yml', 'locks: {graph: 5}\ntasks: []'),
      file('c.yml', 'locks: {graph: {room: 5}}\ntasks: [{run: y, lock: graph}]')
    ]
    const [first, second] = tasksOf(texts, context).flatMap(({locks}) => locks)
    expect(first?.room).toBe(5)
    expect(second).toBe(first)
  })

  test('may be one that no task has', () => {
    expect(lists.mistakes('locks: {graph: 5}\ntasks: [x]')).toEqual([])
    expect(lists.mistakes('locks: {}\ntasks: [x]')).toEqual([])
    expect(lists.mistakes('locks:\ntasks: [x]')).toEqual([])
  })

  test('may have any name that its variable tells from the others', () => {
    const list = 'locks: {__proto__: 2, constructor: 3}\ntasks: [{run: x, lock: [__proto__, constructor, toString]}]'
    expect(locksIn(list).map(({room}) => room)).toEqual([2, 3, 1])
  })
})

describe('the variable of a lock', () => {
  test.each([
    ['graph', 'GRAPH'],
    ['sql-server 1', 'SQL_SERVER_1'],
    ['db.eu/west:1433', 'DB_EU_WEST_1433'],
    ['8080', '8080'],
    ['größe', 'GRÖSSE'],
    ['gro\u0308ße', 'GRÖSSE'],
    ['数据', '数据'],
    ['🔒', '_']
  ])('of %s is in upper case, with _ for what is no letter or digit: %s', (name, variable) => {
    const [task] = tasksOf([inline(JSON.stringify([{run: 'x', lock: name}]))], context)
    expect(task?.locks.map(lock => lock.variable)).toEqual([`PWSH_POOL_LOCK_${variable}`])
  })

  test('is one that PowerShell reads without braces, and no two locks of a list have the same', () => {
    const names = fc.uniqueArray(
      fc.string({unit: fc.constantFrom('a', 'A', 'ß', 'S', 's', '-', '_', '1', '数', '🔒', 'é', 'e\u0301'), minLength: 1, maxLength: 3}),
      {minLength: 1, maxLength: 6}
    )
    fc.assert(
      fc.property(names, given => {
        const list = [inline(JSON.stringify(given.map(name => ({run: 'x', lock: name}))))]
        const mistakes = mistakesOf(list, context)
        if (mistakes.length > 0) {
          expect(mistakes.every(mistake => mistake.includes('would both have the variable'))).toBe(true)
          return
        }
        const variables = tasksOf(list, context).flatMap(({locks}) => locks.map(({variable}) => variable))
        expect(new Set(variables).size).toBe(given.length)
        for (const variable of variables) expect(variable).toMatch(/^PWSH_POOL_LOCK_[\p{L}\p{Nd}_]+$/u)
      }),
      {numRuns: runs(200)}
    )
  })
})

describe('is wrong', () => {
  test('of two files that give a lock different rooms, the second', () => {
    const texts = [file('a.yml', 'locks:\n  graph: 5\ntasks: []'), file('b.yml', 'locks:\n  sql: 1\n  graph: 3\ntasks: []')]
    expect(mistakesOf(texts, context)).toEqual(['b.yml:3:3: locks: "graph" has room for 3 here, and room for 5 at a.yml:2:3'])
    const machines = [file('a.yml', 'locks: {port: 1}\ntasks: []'), file('b.yml', 'locks: {port: {per: machine}}\ntasks: []')]
    expect(mistakesOf(machines, context)).toEqual([
      'b.yml:1:9: locks: "port" has room for 1 on each machine here, and room for 1 at a.yml:1:9'
    ])
  })

  test('of two locks with one variable, the second, wherever they stand', () => {
    const same = (name: string, other: string, at: string, variable: string) =>
      `"${name}", and "${other}" at ${at}, would both have the variable PWSH_POOL_LOCK_${variable}; if they are one lock, write it in one way`
    expect(lists.mistakes('- {run: x, lock: sql-1}\n- {run: y, lock: [b, SQL_1]}')).toEqual([
      `tasks:2:22: lock: ${same('SQL_1', 'sql-1', 'tasks:1:18', 'SQL_1')}`
    ])
    expect(lists.mistakes('locks: {sql: 1, SQL: 2}\ntasks: []')).toEqual([`tasks:1:17: locks: ${same('SQL', 'sql', 'tasks:1:9', 'SQL')}`])
    expect(lists.mistakes('locks: {Sql: 2}\ntasks: [{run: x, lock: sql}, {run: y, lock: sql}]')).toEqual([
      `tasks:2:24: lock: ${same('sql', 'Sql', 'tasks:1:9', 'SQL')}`
    ])
    const texts = [file('a.yml', '- {run: x, lock: db}'), file('b.yml', 'defaults: {lock: DB}\ntasks: [y, z]')]
    expect(mistakesOf(texts, context)).toEqual([`b.yml:1:18: lock: ${same('DB', 'db', 'a.yml:1:18', 'DB')}`])
  })

  test('in a list that a script makes: its entries cannot give a lock room', () => {
    const entries: TaskListText = {
      source: 'tasks-script',
      file: undefined,
      notation: 'entries',
      text: '- {"run": "x", "locks": {"graph": 5}}'
    }
    expect(mistakesOf([entries], context)).toEqual([
      'tasks-script: entry 1: unknown field "locks", which belongs at the top of a list in YAML, beside "tasks"; a task has "lock"'
    ])
  })
})
