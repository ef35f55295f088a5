import {spawnSync} from 'node:child_process'
import {readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {PowerShell} from '../../src/model/event.ts'
import type {Value} from '../../src/model/task.ts'
import {powershellLiteral} from '../../src/powershell/powershell-literal.ts'
import {anyValue, hostileParts} from '../support/any-value.ts'
import {powershellAtHand} from '../support/powershell.ts'
import {runs} from '../support/runs.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const describeValue = readFileSync(path.join(import.meta.dirname, '..', 'fixtures', 'describe-value.ps1'), 'utf8')
let powershell: PowerShell

beforeAll(async () => {
  powershell = await powershellAtHand()
})

/** What PowerShell says of each value, by way of a file as a task's is. */
function asPowershellSees(values: readonly Value[]): string[] {
  const file = path.join(folder, 'values.ps1')
  writeFileSync(file, [describeValue, ...values.map(value => `Describe (${powershellLiteral(value)})`)].join('\n'))
  const arguments_ = [...powershell.leadingArguments, '-NoLogo', '-NoProfile', '-NonInteractive', '-File', file]
  const {stdout, stderr} = spawnSync(powershell.command, arguments_, {encoding: 'utf8', maxBuffer: 2 ** 28})
  expect(stderr).toBe('')
  return stdout.trimEnd().split(/\r?\n/)
}

/** The values that PowerShell saw differently. */
function misunderstood(sent: readonly Value[]): {sent: string; seen: string | undefined}[] {
  const seen = asPowershellSees(sent)
  expect(seen).toHaveLength(sent.length)
  return sent.map((value, i) => ({sent: description(value), seen: seen[i]})).filter(pair => pair.sent !== pair.seen)
}

/** The same line for a value here. */
function description(value: Value): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return `bool:${value ? 'True' : 'False'}`
  if (typeof value === 'bigint') return `${integerType(value)}:${value}`
  if (typeof value === 'number')
    return `double:${Buffer.from(new Float64Array([value]).buffer)
      .readBigUInt64LE()
      .toString(16)
      .padStart(16, '0')}`
  if (typeof value === 'string') return `string:${units(value)}`
  if (value instanceof Map)
    return `map:{${[...value]
      .map(([key, item]) => `${units(key)}=${description(item)}`)
      .sort()
      .join(';')}}`
  return `array:[${(value as readonly Value[]).map(description).join(',')}]`
}

const units = (text: string): string =>
  Array.from({length: text.length}, (_, i) => text.charCodeAt(i).toString(16).padStart(4, '0')).join('')

function integerType(value: bigint): string {
  if (BigInt.asIntN(32, value) === value) return 'int'
  return BigInt.asIntN(64, value) === value ? 'long' : 'bigint'
}

describe('powershellLiteral', () => {
  test.each<[Value, string]>([
    [null, '$null'],
    [true, '$true'],
    [5n, "[int]'5'"],
    [2n ** 31n, "[long]'2147483648'"],
    [2n ** 63n, "[bigint]::Parse('9223372036854775808',[cultureinfo]::InvariantCulture)"],
    [1, "[double]'1'"],
    ['plain $text "quoted"', `'plain $text "quoted"'`],
    ["it's", "(-join('it',[char]39,'s'))"],
    ['', "''"],
    [[], '@()'],
    [['only'], "@(,'only')"],
    [['a', [1n]], "@('a',@(,[int]'1'))"],
    [new Map<string, Value>([['key', null]]), "@{'key'=$null}"]
  ])('writes %p as %s', (value, literal) => {
    expect(powershellLiteral(value)).toBe(literal)
  })

  test('is always one line of printable ASCII, whatever the value', () => {
    fc.assert(
      fc.property(anyValue(), value => {
        expect(powershellLiteral(value)).toMatch(/^[ -~]+$/)
      }),
      {numRuns: runs(400)}
    )
  })

  test('brings the edges back from PowerShell equal in value and type', () => {
    const integers = [
      0n,
      -1n,
      2n ** 31n - 1n,
      -(2n ** 31n),
      2n ** 31n,
      -(2n ** 31n) - 1n,
      2n ** 63n - 1n,
      -(2n ** 63n),
      2n ** 63n,
      10n ** 400n,
      -(10n ** 40n)
    ]
    const doubles = [0, -0, 1, 1e21, 1e-7, 0.1, Number.MAX_VALUE, Number.MIN_VALUE, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    const texts = [
      ...hostileParts,
      ...hostileParts.map(part => `a${part}b`),
      hostileParts.join(''),
      'x'.repeat(100_000),
      '\n'.repeat(5000),
      '-Name',
      '$null',
      ' lead',
      'trail '
    ]
    const lists: Value[] = [[], [null], [[]], [[[1n]]], [[1n, 2n]], [null, null], [true, [false, []]]]
    const maps = [
      new Map(),
      new Map<string, Value>(hostileParts.map((part, i) => [`${part}${i}`, part])),
      new Map([['__proto__', new Map([['constructor', 1n]])]])
    ]
    const edges: Value[] = [null, true, false, ...integers, ...doubles, ...texts, ...lists, ...maps, nested(90)]
    expect(misunderstood(edges)).toEqual([])
  })

  test('brings any value back from PowerShell equal in value and type', () => {
    const seed = Number(process.env.PWSH_POOL_SEED ?? Date.now())
    const sample = fc.sample(anyValue(), {seed, numRuns: runs(300)})
    expect({seed, misunderstood: misunderstood(sample)}).toEqual({seed, misunderstood: []})
  })
})

function nested(depth: number): Value {
  return depth === 0 ? 'bottom' : depth % 2 === 0 ? [nested(depth - 1)] : new Map([['down', nested(depth - 1)]])
}
