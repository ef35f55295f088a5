/** Ends a `switch` over a union: it compiles only if every case is handled. Throws if an unhandled value occurs at run time. */
export function unreachable(value: never): never {
  throw new Error(`Internal error: unexpected ${String(value)}`)
}
