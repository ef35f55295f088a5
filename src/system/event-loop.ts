/**
 * Resolves after a whole turn of the event loop. What could be read from a pipe or a socket when it was asked for has been handed on then to whoever
 * reads it, unless reading is paused: between two callbacks of `setImmediate` Node looks once at all of them, and reads up to 2 MiB of each, which is
 * more than they hold. Source: libuv, docs/src/design.rst and src/unix/stream.c (`uv__read`).
 */
export async function eventLoopTurn(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
  await new Promise(resolve => setImmediate(resolve))
}
