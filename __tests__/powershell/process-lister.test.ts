import {spawn} from 'node:child_process'
import {once} from 'node:events'
import path from 'node:path'
import {describe, expect, jest, test} from '@jest/globals'
import {listingControl, listingPowerShell, maxFailedLists, ProcessLister} from '../../src/powershell/process-lister.ts'
import {processControl} from '../../src/process/process-control.ts'
import {until} from '../support/until.ts'

/** So long that nothing which answers at all comes too late. */
const patient = {firstMs: 60_000, nextMs: 60_000, patienceMs: 60_000}

/** In a program that stands in for PowerShell: `answer(line)` is called for each request, whose number is its last word. */
const standIn = (answer: string) => `
  const numberOf = line => line.split(' ').at(-1)
  const list = line => \`8\\t4\\t20261130120000.000000+000\\ta.exe\\nend\\t\${numberOf(line)}\\n\`
  const answer = ${answer}
  require('readline').createInterface({input: process.stdin}).on('line', line => {
    const text = answer(line)
    if (text !== undefined) process.stdout.write(text)
  })`

/** A lister whose PowerShells do so, one after another, the last one for all that follow. */
function lister(answers: readonly string[], limits = patient) {
  const children: ReturnType<typeof spawn>[] = []
  const onGivenUp = jest.fn<(because: string) => void>()
  const start = () => {
    const child = spawn(process.execPath, ['-e', standIn(answers[children.length] ?? answers.at(-1) ?? '')])
    children.push(child)
    return child
  }
  return {lister: new ProcessLister({start, onGivenUp, limits}), children, onGivenUp}
}

const lists = 'list'
const hangs = '() => undefined'
const fails = "line => 'failed\\t' + numberOf(line) + '\\tAccess%20denied\\n'"

describe('a lister of processes', () => {
  test('starts one PowerShell, when a list is first wanted, and asks it for each', async () => {
    const {lister: ours, children} = lister([lists])
    expect(children).toEqual([])
    for (let lists = 0; lists < 3; lists++) expect((await ours.list()).map(({name}) => name)).toEqual(['a.exe'])
    expect(children).toHaveLength(1)
    ours.close()
  })

  test('lets all who ask during a list share the next one, which misses nothing that was there when they asked', async () => {
    const {lister: ours} = lister([
      "(count => line => ++count + '\\t4\\t20261130120000.000000+000\\ta.exe\\nend\\t' + numberOf(line) + '\\n')(0)"
    ])
    const asked = [ours.list(), ours.list(), ours.list()]
    expect((await Promise.all(asked)).map(([process]) => process?.pid)).toEqual([1, 2, 2])
    expect((await ours.list())[0]?.pid).toBe(3)
    ours.close()
  })

  test('passes over what is printed that is no process', async () => {
    const {lister: ours} = lister(["line => 'WARNING: a\\nend\\t999\\n' + list(line)"])
    expect((await ours.list()).map(({pid}) => pid)).toEqual([8])
    ours.close()
  })

  test.each([
    ['hangs', 'undefined', {...patient, nextMs: 20}],
    ['ends', 'process.exit(3)', patient],
    ['fails', "'failed\\t' + numberOf(line) + '\\tAccess%20denied\\n'", patient]
  ])('ends a PowerShell that %s, and asks another one the next time', async (_, then, limits) => {
    const {lister: ours, children, onGivenUp} = lister([`line => numberOf(line) === '1' ? list(line) : ${then}`, lists], limits)
    expect(await ours.list()).toHaveLength(1)
    expect(await ours.list()).toEqual([])
    expect(await ours.list()).toHaveLength(1)
    await until('the first one is over', () => children[0]?.exitCode !== null || children[0]?.signalCode !== null)
    expect(children).toHaveLength(2)
    expect(onGivenUp).not.toHaveBeenCalled()
    ours.close()
  })

  test('says once that there are no lists when two in a row have not come, and asks no more', async () => {
    const {lister: ours, children, onGivenUp} = lister([fails])
    for (let lists = 0; lists < 5; lists++) expect(await ours.list()).toEqual([])
    expect(children).toHaveLength(maxFailedLists)
    expect(onGivenUp.mock.calls).toEqual([['Access denied']])
  })

  test('keeps nobody waiting long for a list that hangs, and nobody at all who asks after that, until it has been given up', async () => {
    jest.useFakeTimers({doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date']})
    const {lister: ours, children} = lister([hangs, lists], {...patient, firstMs: 2 * patient.patienceMs})
    const nextTurn = () => new Promise<'nothing yet'>(resolve => setImmediate(() => resolve('nothing yet')))
    const first = ours.list()
    expect(await Promise.race([first, nextTurn()])).toBe('nothing yet')
    jest.advanceTimersByTime(patient.patienceMs)
    jest.useRealTimers()
    expect(await first).toEqual([])
    expect(await Promise.race([ours.list(), nextTurn()])).toEqual([])
    expect(children).toHaveLength(1)
    const [child] = children
    if (child === undefined) throw new Error('nothing was started')
    const over = once(child, 'exit')
    child.kill('SIGKILL')
    await over
    await nextTurn()
    expect(await ours.list()).toHaveLength(1)
    ours.close()
  })

  test('is made ready before a list is wanted, by a list of its own', async () => {
    const {lister: ours, children} = lister([
      "line => numberOf(line) + '\\t4\\t20261130120000.000000+000\\ta.exe\\nend\\t' + numberOf(line) + '\\n'"
    ])
    ours.prepare()
    expect(children).toHaveLength(1)
    expect((await ours.list()).map(({pid}) => pid)).toEqual([2])
    expect(children).toHaveLength(1)
    ours.close()
  })

  test('gives nothing where no PowerShell can be started', async () => {
    const onGivenUp = jest.fn<(because: string) => void>()
    const missing = new ProcessLister({start: () => spawn(path.join(import.meta.dirname, 'no-such-program')), onGivenUp, limits: patient})
    const throwing = new ProcessLister({
      start: () => {
        throw new Error('spawn EAGAIN')
      },
      onGivenUp,
      limits: patient
    })
    for (const ours of [missing, throwing]) for (let lists = 0; lists < 2; lists++) expect(await ours.list()).toEqual([])
    expect(onGivenUp.mock.calls).toEqual([[expect.stringContaining('ENOENT')], ['Error: spawn EAGAIN']])
  })

  test('has ended its PowerShell once it is closed, also while a list is wanted, and is silent about that', async () => {
    const {lister: ours, children, onGivenUp} = lister([hangs])
    const wanted = [ours.list(), ours.list()]
    const [child] = children
    if (child === undefined) throw new Error('nothing was started')
    const over = once(child, 'exit')
    ours.close()
    await over
    expect(await Promise.all(wanted)).toEqual([[], []])
    expect(await ours.list()).toEqual([])
    expect(children).toHaveLength(1)
    expect(onGivenUp).not.toHaveBeenCalled()
  })

  test('keeps no process alive', async () => {
    const waitedFor = () => process.getActiveResourcesInfo().filter(name => name === 'ProcessWrap' || name === 'PipeWrap')
    const before = waitedFor()
    const {lister: ours} = lister([lists])
    await ours.list()
    expect(waitedFor()).toEqual(before)
    ours.close()
  })
})

describe('what lists the processes of a run', () => {
  const pwsh = {command: '/pwsh', leadingArguments: ['-x'], edition: 'pwsh', version: '7.6.0'} as const

  test('is the PowerShell of the run where Windows has none of its own', () => {
    expect(listingPowerShell([pwsh], {SystemRoot: 'Q:\\none'})).toEqual(pwsh)
    const own = {command: 'Q:\\none\\System32\\WindowsPowerShell\\v1.0\\powershell.exe', leadingArguments: []}
    expect(listingPowerShell([], {SystemRoot: 'Q:\\none'})).toEqual(own)
  })

  test('needs nothing to be started on other systems', async () => {
    const {control, stop} = listingControl({...processControl, platform: 'linux'}, [], () => {})
    expect(control.listProcesses).toBe(processControl.listProcesses)
    stop()
  })

  test('says what goes wrong on Windows', async () => {
    const trouble: string[] = []
    const missing = {...pwsh, command: path.join(import.meta.dirname, 'no-such-program')}
    const {control, stop} = listingControl({...processControl, platform: 'win32'}, [missing], what => trouble.push(what))
    for (let lists = 0; lists < 3; lists++) expect(await control.listProcesses('M=1')).toEqual([])
    stop()
    expect(trouble).toEqual([expect.stringContaining('ENOENT')])
  })
})
