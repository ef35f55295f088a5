import {existsSync} from 'node:fs'
import {describe, expect, test} from '@jest/globals'
import {resultOf, runAction} from '../support/action-run.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

/* What the runner finds in the files of a step that runs many tasks: docs/runner-contract.md has the facts behind each test. */
const workspace = temporaryFolder()

/** PowerShell that writes these lines to a file of the task's, as UTF-8. */
function write(variable: string, ...lines: readonly string[]): string {
  return `[IO.File]::AppendAllText($env:${variable}, "${lines.join('`n')}\`n")`
}

const encoded = (variable: string, text: string, encoding: string): string =>
  `[IO.File]::WriteAllText($env:${variable}, "${text}", [Text.Encoding]::${encoding})`

interface Result {
  readonly id: string
  readonly status: string
  readonly error: string | null
}

describe('the files of a step that runs many tasks', () => {
  test('have nothing of a file that the runner would fail the step for: that is the failure of its task alone', async () => {
    const wrong = {
      text: write('GITHUB_OUTPUT', 'before=1', 'no pair at all'),
      noName: write('GITHUB_OUTPUT', 'before=1', '=x'),
      noEnd: write('GITHUB_ENV', 'BEFORE=1', 'VALUE<<EOF', 'never ended'),
      blocked: write('GITHUB_ENV', 'BEFORE=1', 'node_options=--inspect'),
      scheme: write('GITHUB_ARTIFACTS', 'app.zip', 'ftp://x')
    }
    const tasks = [
      ...Object.entries(wrong).map(([id, run]) => ({id, name: id, run})),
      {id: 'right', name: 'right', run: write('GITHUB_OUTPUT', 'key=value')}
    ]
    const run = await runAction({tasks: JSON.stringify(tasks), isolation: 'none'}, workspace)
    const results: Result[] = JSON.parse(run.outputs.results ?? '')
    expect(results.map(({id, status}) => [id, status])).toEqual([...Object.keys(wrong).map(id => [id, 'failure']), ['right', 'success']])
    expect(results.map(({error}) => error?.split(': ', 1)[0])).toEqual([
      'GITHUB_OUTPUT line 2',
      'GITHUB_OUTPUT line 2',
      'GITHUB_ENV line 2',
      'GITHUB_ENV line 2',
      'GITHUB_ARTIFACTS line 2',
      undefined
    ])
    const {applied, view} = resultOf(run)
    expect([applied.hasFailed, applied.errors, applied.env, applied.artifacts]).toEqual([false, [], {}, []])
    expect(applied.outputs).toMatchObject({key: 'value', failed: '5'})
    expect(applied.outputs).not.toHaveProperty('before')
    expect(view.hasFailed).toBe(false)
  })

  test('have what all tasks asked for, in declared order, whatever encoding and notation they used', async () => {
    const tasks = [
      {
        id: 'first',
        name: 'first',
        // Ends last, and is declared first.
        run: `Start-Sleep -Milliseconds 500; ${write('GITHUB_OUTPUT', 'who=first', 'only<<X', 'a', 'b', 'X')}; ${write('GITHUB_PATH', '/first', '/both')}; ${write('GITHUB_STATE', 'secret=mine')}`
      },
      {id: 'second', name: 'second', run: `${write('GITHUB_OUTPUT', 'WHO=second')}; ${write('GITHUB_PATH', '/both', '/second')}`},
      {id: 'utf16', name: 'utf16', run: encoded('GITHUB_ENV', 'WIDE=grüße', 'Unicode')},
      {id: 'mark', name: 'mark', run: encoded('GITHUB_ENV', 'MARKED=1', 'UTF8')},
      {id: 'own', name: 'own', run: write('GITHUB_OUTPUT', 'result=mine')},
      {id: 'artifacts', name: 'artifacts', run: write('GITHUB_ARTIFACTS', '# mine', 'README.md')}
    ]
    const run = await runAction({tasks: JSON.stringify(tasks), 'max-parallel': '3'}, workspace)
    const {applied, view, conclusion} = resultOf(run)
    expect([conclusion, applied.errors]).toEqual(['success', []])
    expect(applied.outputs).toMatchObject({who: 'second', only: 'a\nb', result: 'success'})
    expect(applied.env).toEqual({WIDE: 'grüße', MARKED: '1'})
    expect(applied.paths).toEqual(['/first', '/both', '/second'])
    expect(applied.artifacts).toEqual(['README.md'])
    expect(applied.state).toEqual({})
    expect(view.issues.warning.map(({message}) => message)).toEqual([
      'The output "result" is the action\'s own: what the task "own" wrote to it is left out',
      'The output "who" has different values from the tasks "first" and "second": that of "second", declared last, is used'
    ])
    const delimiters = [...run.files.GITHUB_OUTPUT.matchAll(/<<(ghadelimiter_.*)$/gm)].map(([, delimiter]) => delimiter)
    expect(new Set(delimiters).size).toBe(Object.keys(applied.outputs).length)
  })

  test('have a summary that the runner takes, however much tasks write to theirs', async () => {
    const page = (id: string) => ({
      id,
      name: id,
      run: `[IO.File]::WriteAllText($env:GITHUB_STEP_SUMMARY, "# ${id}\`n" + ('x' * 79 + "\`n") * 7000)`
    })
    const run = await runAction({tasks: JSON.stringify([page('one'), page('two')])}, workspace)
    const {applied} = resultOf(run)
    expect(applied.errors).toEqual([])
    expect(applied.summary).toMatch(/^## ✅ 2 tasks done\n/)
    expect(applied.summary).toContain('\n# one\n')
    expect(applied.summary).toMatch(/> Left out because the page is full: the summary of \*\*two\*\*\.\n$/)
  })

  test('have no masked value where they are shown, and values as they are where they are handed on', async () => {
    const run = await runAction(
      {
        tasks: JSON.stringify([
          `'::add-mask::hidden-value'; ${write('GITHUB_OUTPUT', 'key=hidden-value')}; ${write('GITHUB_STEP_SUMMARY', 'is hidden-value')}`
        ])
      },
      workspace
    )
    const {applied} = resultOf(run)
    expect(run.files.GITHUB_STEP_SUMMARY).toContain('is ***')
    expect(run.outputs.results).not.toContain('hidden-value')
    expect(applied.outputs.key).toBe('hidden-value')
  })

  const withFullDevice = existsSync('/dev/full') ? test : test.skip
  withFullDevice('that cannot be written are warnings; the others are written, and the verdict stands', async () => {
    const tasks = JSON.stringify([`${write('GITHUB_OUTPUT', 'key=1')}; ${write('GITHUB_ENV', 'STAGE=one')}`])
    const run = await runAction({tasks}, workspace, {GITHUB_OUTPUT: '/dev/full', GITHUB_STEP_SUMMARY: '/dev/full'})
    const {applied, view} = resultOf(run)
    expect(run.exitCode).toBe(0)
    expect(applied.env).toEqual({STAGE: 'one'})
    expect(view.issues.warning.map(({message}) => message.replace(/ENOSPC.*/s, 'ENOSPC'))).toEqual([
      'The outputs could not be written: ENOSPC',
      'The job summary could not be written: ENOSPC',
      'GITHUB_OUTPUT could not be written, what the tasks wrote to it is lost: ENOSPC'
    ])
  })
})
