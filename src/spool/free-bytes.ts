/**
 * Frees the memory of bytes at once, if they are all of their `ArrayBuffer`; nobody may use them afterwards. The garbage collector of Node 24 lets more
 * than 100 MB pile up before it frees such memory. Does nothing on Node 20, which has no `transfer`.
 */
export function freeBytes({buffer, byteLength}: Uint8Array): void {
  const memory: ArrayBufferLike & {readonly transfer?: (length: number) => unknown} = buffer
  if (memory.byteLength === byteLength) memory.transfer?.(0)
}
