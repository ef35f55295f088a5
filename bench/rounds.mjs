/**
 * Runs each contender once a round, in turn, so that what else the machine does falls on all of them alike.
 * @template {string} Name
 * @template Measured
 * @param {Record<Name, () => Measured>} contenders each runs once and returns what was measured, such as its milliseconds
 * @param {number} [count] rounds; the first one, which warms the disk's cache, is not counted
 * @returns {Record<Name, Measured[]>}
 */
export function rounds(contenders, count = 5) {
  const names = /** @type {Name[]} */ (Object.keys(contenders))
  /** @type {any} */
  const times = Object.fromEntries(names.map(name => [name, []]))
  for (let round = 0; round <= count; round++) {
    for (const name of names) {
      const measured = contenders[name]()
      if (round > 0) times[name].push(measured)
    }
  }
  return times
}

/** @param {readonly number[]} list */
export function median(list) {
  const sorted = [...list].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
