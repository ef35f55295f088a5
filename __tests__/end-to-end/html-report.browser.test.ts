import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import type {Browser, BrowserContextOptions, Page} from 'playwright-core'
import {noChanges} from '../../src/model/task-changes.ts'
import {plannedTasks} from '../../src/recording/run-details.ts'
import {createRecord, exited, ranFor, skippedBecause, succeeded} from '../support/create-record.ts'
import {createTask, createTasks} from '../support/create-task.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {writtenPage} from '../support/written-page.ts'

const executablePath = process.env.PWSH_POOL_CHROMIUM
const folder = temporaryFolder()
const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

// The set-up says why there is none.
const inBrowser = executablePath === undefined ? describe.skip : describe

inBrowser('the report as a page', () => {
  let browser: Browser
  let small: string

  beforeAll(async () => {
    const {chromium} = await import('playwright-core')
    browser = await chromium.launch({executablePath: executablePath ?? '', args: ['--no-sandbox']})
    small = await smallRun()
  })

  afterAll(async () => {
    await browser?.close()
  })

  /** Opens a page, and gives it to a test, which fails if it says something on the console or asks for anything but itself. */
  async function open(url: string, use: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
    const context = await browser.newContext({viewport: {width: 1280, height: 800}, ...options})
    try {
      const page = await context.newPage()
      const said: string[] = []
      page.on('console', message => said.push(`console: ${message.text()}`))
      page.on('pageerror', error => said.push(`error: ${error.message}`))
      page.on('request', request => {
        if (request.url() !== url.replace(/#.*/, '')) said.push(`request: ${request.url()}`)
      })
      await page.goto(url)
      await page.waitForSelector('h1')
      await use(page)
      expect(said).toEqual([])
    } finally {
      await context.close()
    }
  }

  // What is waited for is waited for by locators: `waitForFunction` asks the page to evaluate text, which its policy forbids.
  const names = (page: Page) => page.locator('.scroller .line .go').allInnerTexts()

  /** What axe finds wrong: rule and elements. */
  async function violations(page: Page): Promise<readonly string[]> {
    // Through the protocol: the page's own policy lets no other program in.
    const found = await page.evaluate(`(() => {${readFileSync(axeFile, 'utf8')}; return axe.run(document)})()`)
    return (found as {violations: {id: string; nodes: {target: unknown; failureSummary: string}[]}[]}).violations.map(
      ({id, nodes}) => `${id}: ${nodes.map(({target, failureSummary}) => `${target} ${failureSummary}`).join('; ')}`
    )
  }

  test('opens from a disk, says nothing on the console and asks for nothing', async () => {
    await open(small, async page => {
      expect(await page.title()).toBe('1 failed · pwsh-pool report')
      expect(await page.locator('h1').innerText()).toBe('Failed · 7 tasks')
      expect(await names(page)).toEqual(['deploy', 'flaky', 'build', '▾ tests', 'unit', 'e2e', 'lint', 'skipped'])
    })
  })

  test('narrows the list by a search, by what tasks are, and by an address', async () => {
    await open(`${small}#status=failed`, async page => {
      expect(await names(page)).toEqual(['deploy'])
      expect(await page.locator('.shown').innerText()).toBe('1 of 7 tasks, 0.5 s')
      await page.getByRole('button', {name: /^failed/}).click()
      await page.getByRole('searchbox', {name: 'Search tasks'}).fill('flak')
      expect(await names(page)).toEqual(['flaky'])
      expect(page.url()).toContain('#q=flak')
      await page.getByRole('searchbox', {name: 'Search tasks'}).fill('nothing like it')
      expect(await page.getByText('No task is like that.').isVisible()).toBe(true)
    })
  })

  test('folds groups, and sorts', async () => {
    await open(small, async page => {
      await page.getByRole('button', {name: 'tests'}).click()
      expect(await names(page)).not.toContain('unit')
      await page.getByLabel('Groups').uncheck()
      await page.getByLabel('Sort').selectOption('duration')
      expect((await names(page)).slice(0, 3)).toEqual(['e2e', 'unit', 'build'])
    })
  })

  test('opens a line of a log by its address, in color', async () => {
    await open(`${small}#task=deploy&line=400`, async page => {
      await page.waitForSelector('.row.target')
      expect(await page.locator('.row.target .text').innerText()).toBe('line 400')
      expect(await page.locator('.row.target').isVisible()).toBe(true)
      await page.locator('.rows').evaluate(element => element.scrollTo(0, 0))
      await page.waitForSelector('.fg-red')
      expect(await page.locator('.fg-red').first().innerText()).toBe('ERROR')
      expect(await page.locator('.annotations a').innerText()).toBe('error: it is broken')
      await page.getByLabel('Line 2', {exact: true}).click()
      expect(page.url()).toMatch(/#task=deploy&line=2$/)
    })
  })

  test('stays where one reads in a log when its width changes', async () => {
    await open(`${small}#task=deploy&line=400`, async page => {
      await page.waitForSelector('.row.target')
      const top = () => page.locator('.rows').evaluate(element => element.scrollTop)
      await page.setViewportSize({width: 500, height: 800})
      await page.locator('.row.target', {hasText: 'line 400'}).waitFor()
      await page.locator('.rows').evaluate(element => element.scrollTo(0, 1800))
      await page.locator('.row', {hasText: 'line 101'}).first().waitFor()
      await page.getByLabel('Wrap').uncheck()
      await page.locator('.rows:not(.wrapped)').waitFor()
      expect(await top()).toBe(1800)
    })
  })

  test('finds text in a log', async () => {
    await open(`${small}#task=deploy`, async page => {
      await page.getByRole('searchbox', {name: 'Search the log'}).fill('line 41')
      expect(await page.locator('.found').innerText()).toBe('1 of 11 lines')
      await page.keyboard.press('Enter')
      expect(await page.locator('.found').innerText()).toBe('2 of 11 lines')
      await page.waitForSelector('.row.target mark')
      expect(await page.locator('.row.target .text').innerText()).toBe('line 410')
    })
  })

  test('has the log as it was printed, to copy', async () => {
    await open(`${small}#task=deploy`, async page => {
      await page.getByLabel('Raw').check()
      expect(await page.locator('textarea').inputValue()).toBe(deployLog)
    })
  })

  test('tells all of a task: attempts, parameters, needs, dependents, outputs', async () => {
    await open(`${small}#task=flaky`, async page => {
      const text = await page.locator('main').innerText()
      for (const part of [
        'flaky',
        'Parameters\nRegion, What',
        'Needs\n✓ build',
        'Needed by\n⊘ skipped',
        'url\thttps://example.com',
        'Attempts'
      ]) {
        expect(text).toContain(part)
      }
      expect(text).not.toContain('westeurope')
      expect(await page.locator('.row > .text').first().innerText()).toBe('second')
      await page.getByRole('button', {name: '1', exact: true}).click()
      await page.getByText('first').waitFor()
      expect(page.url()).toContain('attempt=1')
      await page.getByRole('link', {name: 'build'}).click()
      expect(await page.locator('h2').innerText()).toContain('build')
    })
  })

  test('is used by keyboard alone', async () => {
    await open(small, async page => {
      await page.keyboard.press('/')
      expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Search tasks')
      await page.locator('.scroller').focus()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('j')
      expect(await page.evaluate('document.activeElement.textContent')).toBe('flaky')
      await page.keyboard.press('Enter')
      await page.waitForSelector('main.task')
      await page.keyboard.press('Escape')
      await page.waitForSelector('main.run')
      await page.locator('canvas').focus()
      await page.keyboard.press('+')
      expect(await page.getByRole('button', {name: 'All', exact: true}).isEnabled()).toBe(true)
      await page.keyboard.press('0')
      expect(await page.getByRole('button', {name: 'All', exact: true}).isDisabled()).toBe(true)
    })
  })

  test('draws the timeline, from which a bar opens its task', async () => {
    await open(small, async page => {
      const box = await page.locator('canvas').boundingBox()
      if (box === null) throw new Error('no timeline')
      await page.mouse.move(box.x + box.width * 0.6, box.y + 30)
      expect(await page.locator('.tip b').innerText()).toBe('✓ e2e')
      await page.mouse.down()
      await page.mouse.up()
      await page.waitForSelector('main.task')
      expect(page.url()).toContain('#task=e2e')
    })
  })

  test.each([
    ['light', ''],
    ['dark', ''],
    ['light', '#task=deploy'],
    ['dark', '#task=flaky']
  ] as const)('has nothing that axe finds wrong (%s%s)', async (colorScheme, hash) => {
    await open(
      small + hash,
      async page => {
        await page.waitForSelector(hash === '' ? '.line' : '.row')
        expect(await violations(page)).toEqual([])
      },
      {colorScheme}
    )
  })

  test.each(['', '#task=deploy'])('fits a phone (%s)', async hash => {
    await open(
      small + hash,
      async page => {
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
        expect(await violations(page)).toEqual([])
      },
      {viewport: {width: 360, height: 640}}
    )
  })

  test.each([
    ['light', 1280],
    ['dark', 360]
  ] as const)('names the shards of a merged run, and what is not known of one (%s, %d pixels)', async (colorScheme, width) => {
    const tasks = createTasks({id: 'a', name: 'a'}, {id: 'b', name: 'b', recorded: {medianMs: 400, samples: 5}}, {id: 'c', name: 'c'})
    const records = tasks.map((task, i) => {
      const record = ranFor(task, [{ms: 500, end: succeeded}], 100 * i)
      const shard = Math.min(i, 1)
      return {...record, shard, attempts: record.attempts.map(attempt => ({...attempt, worker: 2 * shard}))}
    })
    const record = createRecord(records)
    const [first = null] = plannedTasks(record, text => text)
    const logsLeftOut = '2 tasks (shard 2 of 2) have no log here: a report has none, and there was no recording.'
    const url = await writtenPage(folder, record, {'a/1': 'log of a'}, {tasks: [first, null, null], logsLeftOut})
    await open(
      url,
      async page => {
        expect(await page.locator('.figures').innerText()).toContain('2 shards')
        expect(await page.locator('main > .note').innerText()).toBe(logsLeftOut)
        expect(await page.locator('.slowest').innerText()).toContain('b 0.5 s (recorded 0.4 s, +25 %)')
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
        expect(await violations(page)).toEqual([])
        await page.getByLabel('Shard').selectOption('2')
        expect(await names(page)).toEqual(['b', 'c'])
        expect(page.url()).toContain('#shard=2')
        await page.locator('.scroller').getByRole('link', {name: 'b'}).click()
        const text = await page.locator('main').innerText()
        expect(text).toContain('Shard\n2')
        expect(text).toContain('This page has no log of it: only its report is known, and no recording.')
        expect(await violations(page)).toEqual([])
      },
      {colorScheme, viewport: {width, height: 800}}
    )
  })

  test('shows hostile names and logs as text', async () => {
    const texts = [
      '</script><script>alert(1)</script>',
      '<!--<script>',
      '<img src=x onerror=alert(1)>',
      '\u202egnp.exe',
      'nul\0',
      'lone\ud800',
      '&lt;b&gt;',
      '__proto__'
    ]
    const tasks = texts.map((name, index) => createTask({index, name, id: index === 7 ? '__proto__' : `task_${index}`}))
    const record = createRecord(
      tasks.map(task => ranFor(task, [{ms: 10, end: exited(1), changes: {...noChanges, outputs: new Map([['__proto__', task.name]])}}]))
    )
    const url = await writtenPage(
      folder,
      record,
      Object.fromEntries(tasks.map(({id, name}) => [`${id}/1`, `${name}\n\u001b]8;;javascript:alert(1)\u0007link\u001b]8;;\u0007`]))
    )
    await open(url, async page => {
      const shown = [
        '</script><script>alert(1)</script>',
        '<!--<script>',
        '<img src=x onerror=alert(1)>',
        '\u27e8U+202E\u27e9gnp.exe',
        'nul\u2400',
        'lone\ufffd',
        '&lt;b&gt;',
        '__proto__'
      ]
      expect(await names(page)).toEqual(shown)
      for (const [i, {id}] of tasks.entries()) {
        await page.evaluate(`location.hash = ${JSON.stringify(`#task=${id}`)}`)
        await page.locator('h2', {hasText: shown[i] ?? ''}).waitFor()
        await page.locator('.row > .text').nth(1).waitFor()
        expect(await page.locator('.row > .text').allInnerTexts()).toEqual([shown[i], 'link'])
      }
    })
  })

  test('shows a line of ten million characters', async () => {
    const task = createTask()
    const line = `begin${'x'.repeat(2_000_000)}end`
    const url = await writtenPage(folder, createRecord([ranFor(task, [{ms: 10, end: exited(1)}])]), {
      'task_0/1': `${line}\nlast\n${'y'.repeat(10_000_000)}`
    })
    await open(`${url}#task=task_0&line=1`, async page => {
      await page.waitForSelector('.row')
      expect(await page.locator('.row > .text').first().innerText()).toMatch(/^beginx+$/)
      expect(await page.locator('.row').count()).toBeLessThan(200)
      expect(await page.locator('.log .controls').innerText()).toContain('in its middle are left out')
      await page.locator('.rows').evaluate(element => element.scrollTo(0, element.scrollHeight))
      await page.locator('.rows .row:last-child > .text', {hasText: /^y/}).waitFor()
    })
  })

  test('draws only what is seen of ten thousand tasks, and reaches the last', async () => {
    const record = createRecord(
      Array.from({length: 10_000}, (_, index) =>
        ranFor(createTask({index}), [{ms: 100, end: index % 1000 === 0 ? exited(1) : succeeded}], index * 10)
      ),
      {ms: 100_100}
    )
    await open(await writtenPage(folder, record), async page => {
      expect(await page.locator('.line').count()).toBeLessThan(100)
      await page.locator('.scroller').focus()
      await page.keyboard.press('End')
      await page.locator('.go:focus', {hasText: 'task_9999'}).waitFor()
      await page.keyboard.press('Enter')
      await page.waitForSelector('main.task')
    })
  })

  test('shows a run that has not begun, and an address of nothing', async () => {
    const none = await writtenPage(folder, createRecord([skippedBecause(createTask(), {status: 'skipped', reason: 'cancelled'})]))
    await open(`${none}#task=nobody`, async page => {
      expect(await page.getByText('This run has no task with the id').isVisible()).toBe(true)
      expect(await page.locator('canvas').count()).toBe(0)
    })
  })
})

const deployLog = `\u001b[31mERROR\u001b[0m first\n::error file=a.ps1::it is broken\n${Array.from({length: 500}, (_, i) => `line ${i + 3}\n`).join('')}`

/** A run of a few tasks of all kinds. */
async function smallRun(): Promise<string> {
  const tasks = createTasks(
    {id: 'build', name: 'build'},
    {id: 'unit', name: 'unit', group: 'tests'},
    {id: 'e2e', name: 'e2e', group: 'tests'},
    {id: 'deploy', name: 'deploy'},
    {
      id: 'flaky',
      name: 'flaky',
      needs: [0],
      parameters: new Map([
        ['Region', 'westeurope'],
        ['What', 'x']
      ])
    },
    {id: 'lint', name: 'lint'},
    {id: 'skipped', name: 'skipped', needs: [4]}
  )
  const task = (index: number) => tasks[index] ?? createTask()
  const changes = {...noChanges, outputs: new Map([['url', 'https://example.com']])}
  const onSecond = (record: ReturnType<typeof ranFor>) => ({...record, attempts: record.attempts.map(attempt => ({...attempt, worker: 1}))})
  const record = createRecord(
    [
      ranFor(task(0), [{ms: 1000, end: succeeded}]),
      ranFor(task(1), [{ms: 2000, end: succeeded}], 1000),
      ranFor(task(2), [{ms: 6000, end: succeeded}], 3000),
      onSecond(ranFor(task(3), [{ms: 500, end: exited(3)}])),
      onSecond(
        ranFor(
          task(4),
          [
            {ms: 100, end: exited(1)},
            {ms: 100, end: succeeded, changes}
          ],
          1000
        )
      ),
      onSecond(ranFor(task(5), [{ms: 100, end: succeeded}], 2000)),
      skippedBecause(task(6), {status: 'skipped', reason: 'no-need-failed'})
    ],
    {ms: 9000}
  )
  return writtenPage(folder, record, {'deploy/1': deployLog, 'flaky/1': 'first\n', 'flaky/2': 'second\n', 'unit/1': 'fine\n'})
}
