import {closeSync, openSync, writeSync} from 'node:fs'
import type {EmittedObjects} from '../model/event.ts'
import {renderClixml} from './clixml.ts'
import {renderJson} from './json-value.ts'
import {readObjects} from './kept-objects.ts'

/** The objects of a needed task. */
export interface NeededObjects {
  /** The id in `needs`. */
  readonly id: string
  /** Position in the group, from 0; `undefined` if the need is a single task. */
  readonly position: number | undefined
  readonly objects: EmittedObjects
}

/** Limit of the objects that one task receives from all its needs, in UTF-16 units of JSON. */
const maxNeededUnits = 16 * 1024 * 1024

/**
 * Writes the objects of needed tasks for `needs-objects.ps1`, one line for each task. Objects past the limit are left out and counted. Returns the
 * file, or `undefined` if no needed task keeps objects. Throws file system errors.
 */
export function writeNeededObjects(file: string, needed: readonly NeededObjects[], limit: number = maxNeededUnits): string | undefined {
  if (needed.length === 0) return undefined
  let left = limit
  const descriptor = openSync(file, 'w')
  try {
    for (const {id, position, objects} of needed) {
      const all = left > 0 ? readObjects(objects) : []
      const end = all.findIndex(object => {
        left -= renderJson(object).length
        return left < 0
      })
      const given = end < 0 ? all : all.slice(0, end)
      const leftOut = objects.leftOut + objects.count - given.length
      writeSync(descriptor, `${[id, position ?? '', leftOut, renderClixml(given)].join('\t')}\n`)
    }
  } finally {
    closeSync(descriptor)
  }
  return file
}
