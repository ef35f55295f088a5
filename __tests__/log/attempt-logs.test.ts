import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {attemptLogs, logFileName} from '../../src/log/attempt-logs.ts'
import {Masker} from '../../src/text/masker.ts'
import {exited, planOf, powershell, printed, ranFor} from '../support/create-record.ts'
import {createTask} from '../support/create-task.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()

async function writeLogs(target: string, masker: Masker, ...outputs: string[]): Promise<string[]> {
  const warnings: string[] = []
  const task = createTask({id: 'con'})
  const read = attemptLogs(target, masker, async text => {
    warnings.push(text)
  })
  await read({type: 'run-started', plan: planOf([task]), tasks: [task], powershells: [powershell], maxParallel: 1})
  const {attempts} = ranFor(
    task,
    outputs.map(() => ({ms: 1, end: exited(1)}))
  )
  for (const [i, attempt] of attempts.entries())
    await read({type: 'attempt-ended', task, attempt, output: printed(outputs[i] ?? ''), retryInMs: undefined})
  return warnings
}

describe('attemptLogs', () => {
  test('writes one file for each attempt, masked, in a folder that it makes', async () => {
    const masker = new Masker()
    masker.add('s3cret')
    const target = path.join(folder, 'new', 'logs')
    expect(await writeLogs(target, masker, 'one s3cret\r\n', 'two')).toEqual([])
    expect(readdirSync(target)).toEqual(['1-con.1.log', '1-con.2.log'])
    expect(readFileSync(path.join(target, '1-con.1.log'), 'utf8')).toBe('one ***\r\n')
    expect(readFileSync(path.join(target, '1-con.2.log'), 'utf8')).toBe('two')
  })

  test('says once that nothing can be written', async () => {
    const file = path.join(folder, 'file')
    writeFileSync(file, '')
    const warnings = await writeLogs(path.join(file, 'logs'), new Masker(), 'one', 'two')
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(`cannot be written to ${path.join(file, 'logs')}`)
  })

  test('names files so that they sort as the tasks do and are not too long', () => {
    expect(logFileName(createTask({index: 6, id: `x${'y'.repeat(300)}`}), 12, 5000)).toBe(`0007-x${'y'.repeat(99)}.12.log`)
  })
})
