import {describe, expect, test} from '@jest/globals'
import {originOf} from '../../src/history/run-origin.ts'

describe('originOf', () => {
  test.each([
    ['GitHub', {GITHUB_REPOSITORY: 'o/r', GITHUB_SHA: 'abc'}],
    ['GitLab', {CI_PROJECT_PATH: 'o/r', CI_COMMIT_SHA: 'abc'}],
    ['Azure Pipelines', {BUILD_REPOSITORY_NAME: 'o/r', BUILD_SOURCEVERSION: 'abc'}]
  ])('knows repository and commit on %s', (_, environment) => {
    expect(originOf(environment)).toEqual({repository: 'o/r', commit: 'abc', run: null})
  })

  test('knows which attempt of a run it is on GitHub', () => {
    const environment = {GITHUB_REPOSITORY: 'o/r', GITHUB_SHA: 'abc', GITHUB_RUN_ID: '77', GITHUB_RUN_ATTEMPT: '2'}
    expect(originOf(environment).run).toEqual({id: '77', attempt: 2})
    expect(originOf({...environment, GITHUB_RUN_ATTEMPT: 'x'}).run).toBeNull()
  })

  test('knows neither where one is missing or blank', () => {
    const unknown = {repository: null, commit: null}
    expect(originOf({})).toEqual(unknown)
    expect(originOf({GITHUB_REPOSITORY: 'o/r', GITHUB_SHA: ''})).toEqual(unknown)
  })
})
