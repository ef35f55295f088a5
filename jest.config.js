/** @type {import('jest').Config} */
export default {
  clearMocks: true,
  collectCoverageFrom: ['src/**/*.ts'],
  coverageProvider: 'v8',
  extensionsToTreatAsEsm: ['.ts'],
  globalSetup: '<rootDir>/__tests__/helpers/global-setup.mjs',
  // Most of the time tests wait for processes of their own, so a processor is not to be kept free.
  maxWorkers: '100%',
  // Real processes on a busy machine: this is when a test hangs, not how long one takes.
  testTimeout: 120_000,
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  transform: {
    '\\.ts$': ['babel-jest', {presets: ['@babel/preset-typescript']}]
  }
}
