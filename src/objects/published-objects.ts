import {unwritten} from '../system/write-file.ts'
import {countObjects, type ObjectSource} from './object-rows.ts'
import {writeObjectsFile} from './objects-file.ts'

/**
 * Writes the objects of all tasks to `file`, if it is given. Returns warnings: one if the file could not be written, and one if tasks emitted more
 * than the limit.
 */
export function publishObjects(
  sources: readonly ObjectSource[],
  file: string | undefined,
  mask: (text: string) => string
): readonly string[] {
  const warnings: string[] = []
  const {leftOut} = countObjects(sources)
  const [first, ...others] = sources.filter(({objects}) => objects.leftOut > 0)
  if (first !== undefined) {
    const more = others.length === 0 ? '' : ` and ${others.length} more ${others.length === 1 ? 'task' : 'tasks'}`
    warnings.push(
      `${leftOut} ${leftOut === 1 ? 'object' : 'objects'} of ${mask(first.task.name)}${more} left out: up to 1 MiB of objects of each task is kept`
    )
  }
  if (file === undefined) return warnings
  if (sources.length === 0) warnings.push('The file of "objects-file" has no objects: no task that ran has "objects: true"')
  const failures = unwritten('The file of "objects-file"', () => void warnings.push(...writeObjectsFile(file, sources, mask)))
  return [...warnings, ...failures]
}
