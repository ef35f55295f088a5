import {setFlagsFromString} from 'node:v8'

/**
 * Keeps V8's young generation at its initial size, 1 MB on a 64-bit system. V8 doubles it up to 64 MB (Node 24) under much garbage, and output that
 * becomes text is mostly garbage. Little survives here, so collecting more often costs almost nothing. Call it first: V8 reads the flag only when the
 * space is about to grow.
 * Source: V8, src/heap/new-spaces.cc (`SemiSpaceNewSpace::Grow`).
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** So many bytes of chunks are read between two collections. */
const bytesBetween = 4 * 1024 * 1024

let bytesRead = 0

/**
 * Call it with the size of each chunk that a pipe has brought. V8 frees chunks that nobody uses any more by a collection of the young generation, but lets
 * some 64 MB of them pile up first, because they lie outside its heap. So every 4 MiB this fills the young generation, which
 * `keepYoungGenerationSmall` keeps at 1 MB, with garbage. Memory that is soon used again also costs less processor time.
 * Source: V8, src/heap/heap.cc (`Heap::AllocateExternalBackingStore`); figures in docs/decisions/0007.
 */
export function collectChunks(size: number): void {
  bytesRead += size
  if (bytesRead < bytesBetween) return
  bytesRead = 0
  for (let i = 0; i < 160; i++) garbage = new Array(1000)
}

// Without a place outside the loop V8 would leave out what nothing reads.
export let garbage: readonly unknown[] = []
