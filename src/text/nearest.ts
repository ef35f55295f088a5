import {distance} from 'fastest-levenshtein'

/**
 * The known name most similar to `name`, ignoring case, or `undefined`: at most a third of its letters may differ, but two edits are always allowed
 * (`evn` finds `env`). Ties go to the name that shares most letters, since letters are swapped more often than replaced.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase()
  let best: {name: string; edits: number; shared: number} | undefined
  for (const candidate of known) {
    const lower = candidate.toLowerCase()
    const most = Math.min(best?.edits ?? Number.POSITIVE_INFINITY, Math.max(2, Math.floor(candidate.length / 3)), candidate.length - 1)
    // The difference in length is a lower bound of the distance.
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

/** `, did you mean "x"?` for the nearest known name, or empty. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const found = nearest(name, known)
  return found === undefined ? '' : `, did you mean "${found}"?`
}
