import {distance} from 'fastest-levenshtein'

/**
 * The known name that `name` was most likely meant to be, or `undefined` if none is near: at most a third of its letters apart
 * (two edits are always allowed, so that `evn` finds `env`), without regard to case. Of those that are equally near, the one that
 * shares most letters with it, since letters are swapped more often than they are mistaken.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase()
  let best: {name: string; edits: number; shared: number} | undefined
  for (const candidate of known) {
    const lower = candidate.toLowerCase()
    const most = Math.min(best?.edits ?? Number.POSITIVE_INFINITY, Math.max(2, Math.floor(candidate.length / 3)), candidate.length - 1)
    // Names are at least as far apart as their lengths, which takes no time to tell.
    if (Math.abs(lower.length - wanted.length) > most) continue
    const edits = distance(wanted, lower)
    if (edits > most) continue
    const shared = sharedLetters(wanted, lower)
    if (best === undefined || edits < best.edits || (edits === best.edits && shared > best.shared)) best = {name: candidate, edits, shared}
  }
  return best?.name
}

function sharedLetters(a: string, b: string): number {
  return [...a].filter(letter => b.includes(letter)).length
}

/** `, did you mean "x"?` for the nearest known name, or nothing where none is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const found = nearest(name, known)
  return found === undefined ? '' : `, did you mean "${found}"?`
}
