import {distance} from 'fastest-levenshtein'

/**
 * The known name that `name` was most likely meant to be, or `undefined` if none is near: at most a third of its letters apart
 * (at least one edit is always allowed, so that `evn` finds `env`), without regard to case.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase()
  let best: {name: string; edits: number} | undefined
  for (const candidate of known) {
    const edits = distance(wanted, candidate.toLowerCase())
    if (edits <= Math.max(2, Math.floor(candidate.length / 3)) && edits < candidate.length && (best === undefined || edits < best.edits)) {
      best = {name: candidate, edits}
    }
  }
  return best?.name
}

/** `, did you mean "x"?` for the nearest known name, or nothing where none is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const found = nearest(name, known)
  return found === undefined ? '' : `, did you mean "${found}"?`
}
