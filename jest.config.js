import {availableParallelism} from 'node:os'

/** @type {import('jest').Config} */
const shared = {
  clearMocks: true,
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['babel-jest', {presets: ['@babel/preset-typescript']}]
  }
}

/** @type {import('jest').Config} */
export default {
  collectCoverageFrom: ['src/**/*.ts'],
  coverageProvider: 'v8',
  // Tests wait for processes of their own, and some for what those are given to end: one more than there are processors keeps these busy.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  // Real processes on a busy machine: this is when a test hangs, not how long one takes.
  testTimeout: 120_000,
  testSequencer: '<rootDir>/__tests__/support/slowest-first.mjs',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
      testPathIgnorePatterns: ['\\.(?:pwsh|browser)\\.test\\.ts$']
    },
    {
      ...shared,
      displayName: 'powershell',
      testMatch: ['<rootDir>/__tests__/**/*.pwsh.test.ts'],
      globalSetup: '<rootDir>/__tests__/support/global-setup.mjs'
    },
    {
      ...shared,
      displayName: 'browser',
      testMatch: ['<rootDir>/__tests__/**/*.browser.test.ts'],
      globalSetup: '<rootDir>/__tests__/support/browser-setup.mjs',
      globalTeardown: '<rootDir>/__tests__/support/browser-teardown.mjs'
    }
  ]
}
