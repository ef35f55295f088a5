import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import type {EmittedObjects} from '../model/event.ts'
import type {Value} from '../model/task.ts'
import {readAtMost} from '../system/bounded-read.ts'
import {parseJson} from './json-value.ts'

/** The size limit of the objects of one task, in bytes. `objects.ps1` has the same limit. */
export const maxObjectBytes = 1024 * 1024

const header = /^\d{10}\n/

/**
 * Moves the objects that `objects.ps1` wrote for an attempt from the worker's `file` to `target`, and replaces those of an earlier attempt. The task
 * can write to `file` too, and may have been ended in the middle of a line: lines that are no object are dropped and counted. Throws file system
 * errors of `target`.
 */
export function keepObjects(file: string, target: string): EmittedObjects {
  rmSync(target, {force: true})
  const read = readAtMost(file, maxObjectBytes + 11)
  const text = read.ok ? Buffer.from(read.value.bytes).toString() : ''
  if (!header.test(text)) return {count: 0, leftOut: 0, file: target}
  const lines = text.slice(11).split('\n')
  const half = lines.pop() ?? ''
  const objects = lines.filter(line => parseJson(line) !== undefined)
  const broken = lines.length - objects.length + (half === '' ? 0 : 1)
  if (objects.length > 0) writeFileSync(target, objects.map(line => `${line}\n`).join(''))
  return {count: objects.length, leftOut: Number(text.slice(0, 10)) + broken, file: target}
}

/** The objects, in the order in which they were emitted. Throws file system errors. */
export function readObjects({count, file}: EmittedObjects): readonly Value[] {
  if (count === 0) return []
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, count)
  return lines.flatMap(line => {
    const value = parseJson(line)
    return value === undefined ? [] : [value]
  })
}
