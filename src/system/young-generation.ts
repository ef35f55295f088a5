import {setFlagsFromString} from 'node:v8'

/**
 * Keeps the memory for what was just made as small as it is, 1 MB on a 64-bit system: V8 doubles it again and again while there is much garbage, up to
 * 64 MB in Node 24, and output that has to become text is nothing else. What survives is little here, so that collecting more often costs next to
 * nothing. To be called first: it holds from then on. V8 reads the flag when it is about to grow, and there alone.
 * Source: V8, src/heap/new-spaces.cc (`SemiSpaceNewSpace::Grow`).
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
