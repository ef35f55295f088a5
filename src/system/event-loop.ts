/**
 * Resolves after a full turn of the event loop: everything that could be read from pipes and sockets at the call has been delivered by then, unless
 * reading is paused. Between two `setImmediate` callbacks Node polls all of them once and reads up to 2 MiB of each, more than they hold.
 * Source: libuv, docs/src/design.rst and src/unix/stream.c (`uv__read`).
 */
export async function eventLoopTurn(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
  await new Promise(resolve => setImmediate(resolve))
}
