import {useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState} from 'preact/hooks'
import type {PageLog} from '../src/pages/page-data.ts'
import {loadLog} from './load-data.ts'
import {findLines, type LogLine, type LogRow, logLines, logRows, type StyledText, styledLine, styledPart} from './log-lines.ts'
import {usePage} from './page-context.ts'
import {routeHash} from './route.ts'
import type {Row} from './run-model.ts'
import {isTyping} from './task-list.tsx'
import {count, size} from './words.ts'

/** Height of a row, as in the style sheet, in pixels. */
const rowHeight = 18

/** Rows that are drawn above and below the visible ones. */
const spare = 20

/** Longest row, in UTF-16 units, even if lines are not wrapped. */
const longestRow = 2000

/** The most annotations that are listed. */
const mostAnnotations = 50

interface LogViewProps {
  readonly row: Row
  readonly log: PageLog
  readonly attempt: number
}

/** The log of an attempt. */
export function LogView({row, log, attempt}: LogViewProps) {
  const [text, setText] = useState<string | undefined>(undefined)
  const [failure, fail] = useState<string | undefined>(undefined)
  useEffect(() => {
    let isWanted = true
    loadLog(log).then(
      loaded => isWanted && setText(loaded),
      (error: unknown) => isWanted && fail(error instanceof Error ? error.message : String(error))
    )
    return () => {
      isWanted = false
    }
  }, [log])
  if (failure !== undefined) return <p class="note">The log is damaged and cannot be shown: {failure}</p>
  return text === undefined ? (
    <p class="note">The log is being unpacked…</p>
  ) : (
    <LoadedLog row={row} log={log} attempt={attempt} text={text} />
  )
}

function LoadedLog({row, log, attempt, text}: LogViewProps & {readonly text: string}) {
  const {route, go} = usePage()
  const [isWrapped, wrap] = useState(true)
  const [isRaw, showRaw] = useState(false)
  const [search, setSearch] = useState('')
  const [hit, setHit] = useState(0)
  const [copied, setCopied] = useState<string | undefined>(undefined)
  const [columns, setColumns] = useState(120)
  const searchField = useRef<HTMLInputElement>(null)
  const lines = useMemo(() => logLines(text), [text])
  const rows = useMemo(() => logRows(lines, isWrapped ? columns : longestRow), [lines, columns, isWrapped])
  const found = useMemo(() => findLines(lines, search), [lines, search])
  const annotations = useMemo(() => lines.flatMap((line, i) => (isAnnotation(line) ? [{line, i}] : [])), [lines])
  const target = found.length > 0 ? found[Math.min(hit, found.length - 1)] : route.line === undefined ? undefined : route.line - 1
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== '/' || isTyping(event)) return
      event.preventDefault()
      searchField.current?.focus()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  const linkOf = (line: number) => routeHash({...route, attempt: row.task.attempts.length > 1 ? attempt : undefined, line: line + 1})
  const step = (by: number) => setHit(now => (Math.min(now, found.length - 1) + by + found.length) % Math.max(1, found.length))
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied('Copied'),
      () => {
        showRaw(true)
        setCopied('Select it below')
      }
    )
  }
  return (
    <section class="part log" aria-label="Log">
      {annotations.length > 0 && (
        <div class="annotations">
          <h3>{count(annotations.length, 'annotation')}</h3>
          <ul>
            {annotations.slice(0, mostAnnotations).map(({line, i}) => (
              <li key={i}>
                <a class={`kind-${line.kind}`} href={linkOf(i)}>
                  {annotationText(line)}
                </a>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div class="controls">
        <h3>Log</h3>
        <span class="muted">
          {count(lines.length, 'line')}, {size(log.length)}
          {log.leftOut > 0 && `; ${size(log.leftOut)} in its middle are left out`}
        </span>
        <input
          ref={searchField}
          type="search"
          placeholder="Search the log ( / )"
          aria-label="Search the log"
          value={search}
          onInput={event => {
            setSearch(event.currentTarget.value)
            setHit(0)
          }}
          onKeyDown={event => {
            if (event.key === 'Enter' && found.length > 0) step(event.shiftKey ? -1 : 1)
            if (event.key === 'Escape' && search !== '') {
              event.preventDefault()
              setSearch('')
            }
          }}
        />
        <output class="found">
          {search === '' ? '' : found.length === 0 ? 'not found' : `${Math.min(hit, found.length - 1) + 1} of ${found.length} lines`}
        </output>
        <button type="button" aria-label="Previous line found" disabled={found.length === 0} onClick={() => step(-1)}>
          ↑
        </button>
        <button type="button" aria-label="Next line found" disabled={found.length === 0} onClick={() => step(1)}>
          ↓
        </button>
        <label>
          <input type="checkbox" checked={isWrapped} onChange={event => wrap(event.currentTarget.checked)} /> Wrap
        </label>
        <label>
          <input type="checkbox" checked={isRaw} onChange={event => showRaw(event.currentTarget.checked)} /> Raw
        </label>
        <button type="button" onClick={copy}>
          {copied ?? 'Copy'}
        </button>
      </div>
      {isRaw ? (
        <textarea class="raw" readOnly aria-label="Log as it was printed" value={text} />
      ) : (
        <Rows
          lines={lines}
          rows={rows}
          isWrapped={isWrapped}
          target={target}
          search={search}
          linkOf={linkOf}
          onColumns={setColumns}
          onLine={line => go({attempt: row.task.attempts.length > 1 ? attempt : undefined, line: line + 1}, {isReplaced: true})}
        />
      )}
    </section>
  )
}

const isAnnotation = ({kind}: LogLine): boolean => kind === 'error' || kind === 'warning' || kind === 'notice'
const annotationText = ({text, kind}: LogLine): string =>
  `${kind}: ${text
    .replace(/^\s*::\w+[^:]*::/, '')
    .replaceAll('%0A', ' ')
    .slice(0, 500)}`

interface RowsProps {
  readonly lines: readonly LogLine[]
  readonly rows: readonly LogRow[]
  readonly isWrapped: boolean
  /** The line to scroll to, from 0. */
  readonly target: number | undefined
  readonly search: string
  readonly linkOf: (line: number) => string
  readonly onColumns: (columns: number) => void
  readonly onLine: (line: number) => void
}

function Rows({lines, rows, isWrapped, target, search, linkOf, onColumns, onLine}: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const ruler = useRef<HTMLSpanElement>(null)
  const [view, setView] = useState({top: 0, height: 600})
  const pieces = useMemo(() => new Map<number, readonly StyledText[]>(), [lines])
  const digits = String(lines.length).length
  /** What was visible last, so that it stays visible when rows are wrapped anew. */
  const seen = useRef<{target: number | undefined; topLine: number; hasTarget: boolean}>({target: undefined, topLine: 0, hasTarget: false})
  const current = useRef({rows, target})
  const read = useCallback(() => {
    const element = scroller.current
    if (element === null) return
    const {scrollTop, clientHeight} = element
    setView({top: scrollTop, height: clientHeight})
    const {rows, target} = current.current
    const at = target === undefined ? -1 : rowOf(rows, target) * rowHeight
    seen.current = {
      target,
      topLine: rows[Math.floor(scrollTop / rowHeight)]?.line ?? 0,
      hasTarget: at >= scrollTop && at + rowHeight <= scrollTop + clientHeight
    }
  }, [])
  useLayoutEffect(() => {
    const element = scroller.current
    current.current = {rows, target}
    if (element === null) return
    if (target !== undefined && (target !== seen.current.target || seen.current.hasTarget)) {
      const at = rowOf(rows, target) * rowHeight
      if (at < element.scrollTop || at + rowHeight > element.scrollTop + element.clientHeight) {
        element.scrollTop = Math.max(0, at - element.clientHeight / 3)
      }
    } else element.scrollTop = rowOf(rows, seen.current.topLine) * rowHeight
    read()
  }, [rows, target, read])
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const measure = () => {
      read()
      const width = (ruler.current?.getBoundingClientRect().width ?? 0) / 10 || 7.2
      onColumns(Math.max(20, Math.floor((element.clientWidth - (digits + 3) * width - 16) / width)))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    element.addEventListener('scroll', read, {passive: true})
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', read)
    }
  }, [digits, onColumns, read])
  const first = Math.max(0, Math.floor(view.top / rowHeight) - spare)
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / rowHeight) + spare)
  const piecesOf = (line: number): readonly StyledText[] => {
    const known = pieces.get(line)
    if (known !== undefined) return known
    const own = lines[line]
    const made = own === undefined ? [] : styledLine(own)
    if (pieces.size > 2000) pieces.clear()
    pieces.set(line, made)
    return made
  }
  return (
    <div class={`rows${isWrapped ? ' wrapped' : ''}`} ref={scroller} tabIndex={0} role="region" aria-label="Lines of the log">
      <span class="ruler" ref={ruler} aria-hidden="true">
        0000000000
      </span>
      <div class="all" style={{height: `${rows.length * rowHeight + 8}px`}}>
        {rows.slice(first, last).map((part, i) => (
          <div
            key={first + i}
            class={`row kind-${lines[part.line]?.kind ?? 'text'}${part.line === target ? ' target' : ''}`}
            style={{top: `${(first + i) * rowHeight}px`}}
          >
            {part.from === 0 ? (
              <a
                class="number"
                href={linkOf(part.line)}
                aria-label={`Line ${part.line + 1}`}
                style={{width: `${digits + 1}ch`}}
                onClick={event => {
                  event.preventDefault()
                  onLine(part.line)
                }}
              >
                {part.line + 1}
              </a>
            ) : (
              <span class="number" style={{width: `${digits + 1}ch`}} />
            )}
            <span class="text">
              {styledPart(piecesOf(part.line), part).map((piece, j) => (
                <Styled key={j} piece={piece} search={search} />
              ))}
            </span>
          </div>
        ))}
      </div>
    </div>
  )
}

function rowOf(rows: readonly LogRow[], line: number): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle]?.line ?? 0) < line) low = middle + 1
    else high = middle
  }
  return low
}

function Styled({piece, search}: {readonly piece: StyledText; readonly search: string}) {
  const {text, classes, color, background} = piece
  const content = marked(text, search)
  if (classes.length === 0 && color === undefined && background === undefined) return <>{content}</>
  return (
    <span class={classes.join(' ')} style={{color, background}}>
      {content}
    </span>
  )
}

function marked(text: string, search: string) {
  if (search === '') return text
  const [lower, wanted] = [text.toLowerCase(), search.toLowerCase()]
  // If lower case changes the length, positions do not match.
  if (lower.length !== text.length || !lower.includes(wanted)) return text
  const parts = []
  let at = 0
  for (let next = lower.indexOf(wanted); next >= 0; next = lower.indexOf(wanted, at)) {
    parts.push(text.slice(at, next), <mark key={next}>{text.slice(next, next + wanted.length)}</mark>)
    at = next + wanted.length
  }
  return [...parts, text.slice(at)]
}
