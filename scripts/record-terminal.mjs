// Records how the command looks in a terminal, with tmux: docs/terminal/*.txt, and docs/terminal/*.html of those in color, for pictures.
import {spawnSync} from 'node:child_process'
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {findPwsh} from './find-pwsh.mjs'
import {root} from './set-up.mjs'

const session = `pwsh-pool-${process.pid}`
const target = path.join(root, 'docs', 'terminal')
const pictures = path.join(root, 'demo-output')
const {path: shell} = await findPwsh()
mkdirSync(pictures, {recursive: true})

await inTerminal({columns: 100, rows: 30}, async terminal => {
  terminal.type('pwsh-pool tasks.yml --max-parallel 14')
  await terminal.until(
    screen => /^✗ test clock/m.test(screen) && /\b(?:[4-9]|1\d)\/30 done/.test(screen) && (screen.match(/^▸/gm) ?? []).length >= 8
  )
  terminal.record('running')
  terminal.press('C-c')
  await terminal.until(screen => screen.includes('Interrupted:'))
  terminal.record('interrupted')
  await terminal.until(screen => screen.includes(' cancelled, '))
  terminal.record('interrupted-end')
})
await inTerminal({columns: 60, rows: 16}, async terminal => {
  terminal.type('pwsh-pool tasks.yml --max-parallel 20')
  await terminal.until(screen => screen.includes('… and ') && screen.includes(' 1 failed'))
  terminal.record('narrow')
  terminal.press('C-c')
  await terminal.until(screen => screen.includes(' cancelled, '))
})
await inTerminal({columns: 100, rows: 30}, async terminal => {
  terminal.type(
    'pwsh-pool tasks.yml --max-parallel 30 --only "test clock" "test events" > out.txt; head -n 4 out.txt; echo …; tail -n 12 out.txt'
  )
  await terminal.until(screen => screen.includes('sum of tasks'))
  terminal.record('piped')
})

/** @typedef {{type(line: string): void, press(key: string): void, until(holds: (screen: string) => boolean): Promise<void>, record(name: string): void}} Terminal */

/**
 * @param {{columns: number, rows: number}} size
 * @param {(terminal: Terminal) => Promise<void>} use
 */
async function inTerminal({columns, rows}, use) {
  const folder = path.join(pictures, 'terminal')
  rmSync(folder, {recursive: true, force: true})
  mkdirSync(folder, {recursive: true})
  writeFileSync(path.join(folder, 'tasks.yml'), readFileSync(path.join(target, 'tasks.yml')))
  const command = `pwsh-pool() { "${process.execPath}" "${path.join(root, 'dist', 'cli.js')}" --shell "${shell}" "$@"; }; PS1='$ '; clear`
  tmux('new-session', '-d', '-s', session, '-x', String(columns), '-y', String(rows), '-c', folder, 'bash --norc')
  try {
    tmux('send-keys', '-t', session, command, 'Enter')
    await sleep(1000)
    await use({
      type: line => tmux('send-keys', '-t', session, line, 'Enter'),
      press: key => tmux('send-keys', '-t', session, key),
      until: async holds => {
        for (let left = 2400; !holds(tmux('capture-pane', '-p', '-t', session)); left--) {
          if (left === 0) throw new Error('The terminal does not show what was waited for')
          await sleep(100)
        }
      },
      record: name => {
        const screen = tmux('capture-pane', '-p', '-e', '-t', session)
        writeFileSync(path.join(target, `${name}.txt`), `${tmux('capture-pane', '-p', '-t', session).trimEnd()}\n`)
        writeFileSync(path.join(pictures, `terminal-${name}.html`), page(screen.trimEnd()))
      }
    })
  } finally {
    tmux('kill-session', '-t', session)
  }
}

/** @param {string[]} args */
function tmux(...args) {
  const {status, stdout, stderr, error} = spawnSync('tmux', args, {encoding: 'utf8'})
  if (status !== 0) throw new Error(error?.message ?? stderr)
  return stdout
}

/** @param {string} screen with the colors of its text */
function page(screen) {
  const colors = new Map([
    ['31', '#ff7b72'],
    ['32', '#3fb950'],
    ['33', '#d29922']
  ])
  const style = {color: '', opacity: ''}
  const escaped = screen.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const body = escaped.replace(new RegExp(`${'\u001B'}\\[([\\d;]*)m`, 'g'), (_, /** @type {string} */ codes) => {
    for (const code of codes.split(';')) {
      const color = colors.get(code)
      if (color !== undefined) style.color = color
      if (['', '0', '39'].includes(code)) style.color = ''
      if (code === '2') style.opacity = '.65'
      if (['', '0', '22'].includes(code)) style.opacity = ''
    }
    return `</span><span style="color: ${style.color || 'inherit'}; opacity: ${style.opacity || 1}">`
  })
  return `<!doctype html><meta charset="utf-8"><style>body {margin: 0; background: #0d1117; color: #e6edf3}
pre {margin: 0; padding: 18px 22px; font: 14px/1.35 "DejaVu Sans Mono", monospace}</style><pre><span>${body}</span></pre>\n`
}
