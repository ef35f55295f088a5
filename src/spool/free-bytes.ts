/**
 * Frees the memory of bytes that nobody will use any more, if it is theirs alone. Left to the garbage collector, new memory for each chunk of much
 * output costs more than what is done with it, and Node 24 lets more than 100 MB of it pile up. Node 20 cannot do it: there it is left so.
 */
export function freeBytes({buffer, byteLength}: Uint8Array): void {
  const memory: ArrayBufferLike & {readonly transfer?: (length: number) => unknown} = buffer
  if (memory.byteLength === byteLength) memory.transfer?.(0)
}
