import TestSequencer from '@jest/test-sequencer'

// Its types are those of the CommonJS file, where `default` is a property; a module gets the class itself.
const Sequencer = /** @type {typeof TestSequencer.default} */ (/** @type {unknown} */ (TestSequencer))

/**
 * The files that take longest, the longest first: `npm run verify` names them at its end. They begin first, so that the last files are short and no
 * processor waits for one. All others follow in the order of Jest, by the time of their last run or by size.
 */
const slowest = [
  'worker/worker-golden.pwsh.test.ts',
  'workforce/warm-workforce.pwsh.test.ts',
  'worker/warm-golden.pwsh.test.ts',
  'worker/warm-polluters.pwsh.test.ts',
  'workforce/ended-tasks.pwsh.test.ts',
  'end-to-end/shown-when-written.pwsh.test.ts',
  'workforce/workforce.pwsh.test.ts',
  'end-to-end/action.pwsh.test.ts',
  'end-to-end/list-script.pwsh.test.ts',
  'runner-contract/cancellation.pwsh.test.ts',
  'runner-contract/log.pwsh.test.ts',
  'task-list/any-text.test.ts',
  'task-list/limits.test.ts',
  'end-to-end/long-runs.test.ts'
]

/** Jest's order of test files, with the slowest first. */
export default class SlowestFirst extends Sequencer {
  /** @override @param {import('@jest/test-result').Test[]} tests */
  async sort(tests) {
    const sorted = await super.sort(tests)
    return sorted.toSorted((a, b) => rank(a.path) - rank(b.path))
  }
}

/** @param {string} file */
function rank(file) {
  const place = slowest.findIndex(name => file.replaceAll('\\', '/').endsWith(`/__tests__/${name}`))
  return place === -1 ? slowest.length : place
}
