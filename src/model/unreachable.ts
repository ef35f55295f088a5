/** Ends a `switch` over a union: the compiler proves that no case is left. Throws if one got through all the same. */
export function unreachable(value: never): never {
  throw new Error(`Internal error: unexpected ${String(value)}`)
}
