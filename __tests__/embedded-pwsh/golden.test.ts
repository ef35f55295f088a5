import {beforeAll, describe, expect, test} from '@jest/globals'
import {findPwsh} from '../../scripts/find-pwsh.mjs'
import {forEach, type GoldenScript, goldenScripts, type Observation, observe, type Reference, runProcess} from '../helpers/golden.ts'
import {embeddedExceptions} from './golden-exceptions.ts'

const {path: pwsh, kind} = await findPwsh()
const version = (await runProcess(pwsh, ['-Version'], {cwd: import.meta.dirname})).stdout.toString().replace('PowerShell', '').trim()

// Other platforms and versions word their errors otherwise: there the verdict and the exit code are what must be equal.
const compares = kind === 'embedded' || (process.platform === 'linux' && version.startsWith('7.6.')) ? 'bytes' : 'verdict'
const exceptions = kind === 'embedded' ? embeddedExceptions : {}

/**
 * By the true exit code in any case. As a step runs them, pool/worker-golden.test.ts runs them all, in a worker; here only where there is much
 * time, as in `npm run soak`.
 */
const references: readonly Reference[] = process.env.PWSH_POOL_RUNS === undefined && kind !== 'on-path' ? ['r2'] : ['r1', 'r2']

/** Windows has no Unix shell for the scripts to call. */
const scripts = goldenScripts.filter(
  ({script, tags}) => process.platform !== 'win32' || !(tags.includes('native') || /\b(sh|cat|rmdir|chmod) /.test(script))
)

/** What is compared of an observation: by a step's way to run it, and where a signal was recorded, only whether it succeeded. */
function compared(observation: Observation, isExact: boolean): unknown {
  if (compares === 'bytes') return observation
  const code = typeof observation.exitCode === 'number' ? observation.exitCode & 255 : 1
  return isExact ? {code} : {succeeded: code === 0}
}

describe(`the golden scripts, by ${compares}`, () => {
  const differences = new Map<string, {expected: unknown; observed: unknown}[]>()

  beforeAll(async () => {
    await forEach(scripts, async golden => {
      for (const reference of references) {
        const found = await differs(golden, reference)
        if (found !== undefined) differences.set(golden.id, [...(differences.get(golden.id) ?? []), found])
      }
    })
  }, 600_000)

  async function differs(golden: GoldenScript, reference: Reference) {
    const isExact = reference === 'r2' && typeof golden.r2.exitCode === 'number'
    const expected = compared(golden[reference], isExact)
    const observed = compared(await observe(pwsh, version, golden, reference), isExact)
    return JSON.stringify(expected) === JSON.stringify(observed) ? undefined : {expected, observed}
  }

  test.each(scripts.map(({id}) => id).filter(id => !(id in exceptions)))('%s does what it did when it was recorded', id => {
    const found = differences.get(id) ?? []
    expect(found.map(({observed}) => observed)).toEqual(found.map(({expected}) => expected))
  })

  if (kind === 'embedded') {
    test.each(Object.entries(embeddedExceptions))('%s still differs: the embedded PowerShell %s', id => {
      expect(differences.get(id) ?? []).not.toEqual([])
    })

    test('at least 145 scripts are equal to the byte', () => {
      expect(goldenScripts.length - differences.size).toBeGreaterThanOrEqual(145)
    })
  }
})
