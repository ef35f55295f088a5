import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {processControl} from '../../src/process/process-control.ts'
import {resultOf, runAction} from '../support/action-run.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

/*
 * What a task leaves running, through the whole action. The server writes to both of its pipes for every request, and says in a file that it is up; the
 * tests end it by its own file.
 */
const workspace = temporaryFolder()
const describeOnUnix = process.platform === 'win32' ? describe.skip : describe

const serverFile = path.join(workspace, 'server.mjs')
writeFileSync(
  serverFile,
  `import {createServer} from 'node:http'
   import {existsSync, writeFileSync} from 'node:fs'
   let requests = 0
   const server = createServer((_, response) => {
     console.log('request ' + ++requests + ' with tok-' + 'S3CRET-9')
     console.error('::error::no annotation of anybody')
     response.end('answer ' + requests)
   })
   server.listen(0, '127.0.0.1', () => writeFileSync(process.env.READY, String(server.address().port)))
   setInterval(() => { if (existsSync(process.env.READY + '.stop')) process.exit() }, 20)`
)

const wait = 'while (-not (Test-Path $env:READY) -or -not (Get-Content $env:READY)) { Start-Sleep -Milliseconds 20 }'
const start = `Start-Process $env:NODE -ArgumentList server.mjs -NoNewWindow; ${wait}; 'started'`
const ask = `$port = Get-Content $env:READY; foreach ($i in 1..6) { Invoke-RestMethod "http://127.0.0.1:$port/" }; '::add-mask::tok-S3CRET-9'`

async function runServer(name: string, inputs: Readonly<Record<string, string>>) {
  const ready = path.join(workspace, name)
  const tasks = JSON.stringify([
    {name: 'server', id: 'server', run: start},
    {name: 'client', needs: 'server', run: ask}
  ])
  try {
    const run = await runAction({tasks, ...inputs}, workspace, {READY: ready, NODE: process.execPath, LEFT_TEST: ready})
    const living = (await processControl.listProcesses(`LEFT_TEST=${ready}`)).filter(({isMarked}) => isMarked)
    return {run, result: resultOf(run), living: living.map(({name}) => name)}
  } finally {
    writeFileSync(`${ready}.stop`, '')
  }
}

describeOnUnix('a server that a task leaves running', () => {
  test.each(['grouped', 'live'])('answers later tasks, and what it prints is shown in the end, with log: %s', async log => {
    const {run, result, living} = await runServer(`kept-${log}`, {log})
    expect(result.conclusion).toBe('success')
    expect(run.log).toContain('answer 6')
    expect(living.length).toBe(1)
    const prefix = log === 'live' ? '[left by server] ' : ''
    const shown = run.log.slice(run.log.indexOf(log === 'live' ? '[left by server]' : 'left by server'))
    for (const i of [1, 2, 3, 4, 5, 6]) expect(shown).toContain(`${prefix}request ${i} with ***\n`)
    expect(run.log).not.toContain('tok-S3CRET-9 ')
    expect(run.log.split('must redirect its output').length).toBe(2)
    expect(run.log).toMatch(/left running: node \(\d+\)/)
    expect(run.hadOpenPipes).toBe(false)
    expect(result.view.issues.error).toEqual([])
  })

  test('is ended where that is asked for, and the block says so', async () => {
    const ready = path.join(workspace, 'ended')
    const run = await runAction({tasks: JSON.stringify([{name: 'server', run: start}]), leftovers: 'end'}, workspace, {
      READY: ready,
      NODE: process.execPath,
      LEFT_TEST: ready
    })
    expect(existsSync(ready)).toBe(true)
    expect(readFileSync(ready, 'utf8')).toMatch(/^\d+$/)
    expect(run.log).toMatch(/\[pwsh-pool: ended: node \(\d+\)\]/)
    expect(run.log).not.toContain('left running')
    expect((await processControl.listProcesses(`LEFT_TEST=${ready}`)).filter(({isMarked}) => isMarked)).toEqual([])
  })
})
