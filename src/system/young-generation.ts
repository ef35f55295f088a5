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
