import {useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState} from 'preact/hooks'
import {
  type Filter,
  filteredRows,
  hasStatus,
  type ListLine,
  listLines,
  type SortOrder,
  type StatusFilter,
  sortOrders,
  statusFilters
} from './filter.ts'
import {linkTo, usePage} from './page-context.ts'
import type {Row} from './run-model.ts'
import {visibleText} from './visible-text.ts'
import {count, duration, nameOf, shardName, sign, statusText, tone} from './words.ts'

/** Height of a line of the list, as in the style sheet, in pixels. */
const lineHeight = 34

/** Lines that are drawn above and below the visible ones. */
const spare = 8

const sortWords: Readonly<Record<SortOrder, string>> = {
  failures: 'Failures first',
  list: 'As in the list',
  duration: 'Longest first',
  start: 'By start',
  name: 'By name'
}

/** The list of tasks. Only the visible part is drawn. */
export function TaskList() {
  const {model, route, go} = usePage()
  const {filter} = route
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set())
  const rows = useMemo(() => filteredRows(model, filter), [model, filter])
  const lines = useMemo(() => listLines(rows, filter, toggled), [rows, filter, toggled])
  const change = useCallback((next: Partial<Filter>) => go({filter: {...filter, ...next}}, {isReplaced: true}), [filter, go])
  const toggle = (group: string) =>
    setToggled(now => {
      const next = new Set(now)
      if (!next.delete(group)) next.add(group)
      return next
    })
  const longest = useMemo(() => model.rows.reduce((most, {task}) => Math.max(most, task.durationMs), 1), [model])
  return (
    <section class="list" aria-label="Tasks">
      <Controls filter={filter} shown={rows} change={change} />
      {lines.length === 0 ? <p class="note">No task is like that.</p> : <Lines lines={lines} longest={longest} toggle={toggle} />}
    </section>
  )
}

interface ControlsProps {
  readonly filter: Filter
  readonly shown: readonly Row[]
  readonly change: (next: Partial<Filter>) => void
}

function Controls({filter, shown, change}: ControlsProps) {
  const {model} = usePage()
  const search = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== '/' || isTyping(event)) return
      event.preventDefault()
      search.current?.focus()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  const counts = useMemo(
    () =>
      statusFilters
        .map(status => [status, model.rows.filter(row => hasStatus(row, status)).length] as const)
        .filter(([, number]) => number > 0),
    [model]
  )
  const hasGroups = useMemo(() => model.rows.some(({plan}) => plan?.group != null), [model])
  const shards = useMemo(() => [...new Set(model.rows.flatMap(({shard}) => shard ?? []))].sort((a, b) => a - b), [model])
  const toggleStatus = (status: StatusFilter) =>
    change({
      statuses: filter.statuses.includes(status) ? filter.statuses.filter(other => other !== status) : [...filter.statuses, status]
    })
  return (
    <div class="controls" role="search">
      <input
        ref={search}
        type="search"
        class="search"
        placeholder="Search names, ids, places, errors ( / )"
        aria-label="Search tasks"
        value={filter.search}
        onInput={event => change({search: event.currentTarget.value})}
      />
      <div class="chips" role="group" aria-label="Filters">
        {counts.map(([status, number]) => (
          <button
            key={status}
            type="button"
            class={`chip ${status}`}
            aria-pressed={filter.statuses.includes(status)}
            onClick={() => toggleStatus(status)}
          >
            {status} {number.toLocaleString('en')}
          </button>
        ))}
        {filter.group !== undefined && (
          <button type="button" class="chip" aria-pressed="true" onClick={() => change({group: undefined})}>
            group {visibleText(filter.group)} ✕
          </button>
        )}
      </div>
      <label>
        Sort{' '}
        <select value={filter.sort} onChange={event => change({sort: event.currentTarget.value as SortOrder})}>
          {sortOrders.map(order => (
            <option key={order} value={order}>
              {sortWords[order]}
            </option>
          ))}
        </select>
      </label>
      {shards.length > 0 && (
        <label>
          Shard{' '}
          <select
            value={filter.shard === undefined ? '' : String(filter.shard)}
            onChange={event => change({shard: event.currentTarget.value === '' ? undefined : Number(event.currentTarget.value)})}
          >
            <option value="">all</option>
            {shards.map(shard => (
              <option key={shard} value={String(shard)}>
                {shard + 1}
              </option>
            ))}
          </select>
        </label>
      )}
      {hasGroups && (
        <label>
          <input type="checkbox" checked={filter.isGrouped} onChange={event => change({isGrouped: event.currentTarget.checked})} /> Groups
        </label>
      )}
      <output class="shown">
        {shown.length === model.rows.length
          ? count(shown.length, 'task')
          : `${shown.length.toLocaleString('en')} of ${count(model.rows.length, 'task')}, ${duration(shown.reduce((sum, {task}) => sum + task.durationMs, 0))}`}
      </output>
    </div>
  )
}

/** Whether a key press is input for a form field. */
export function isTyping(event: KeyboardEvent): boolean {
  const {target} = event
  return (
    target instanceof HTMLElement &&
    (target.matches('input:not([type=checkbox]), textarea, select') || event.ctrlKey || event.metaKey || event.altKey)
  )
}

interface LinesProps {
  readonly lines: readonly ListLine[]
  readonly longest: number
  readonly toggle: (group: string) => void
}

function Lines({lines, longest, toggle}: LinesProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({top: 0, height: 800})
  const focusAt = useRef<number | undefined>(undefined)
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const read = () => setView({top: element.scrollTop, height: element.clientHeight})
    read()
    const observer = new ResizeObserver(read)
    observer.observe(element)
    element.addEventListener('scroll', read, {passive: true})
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', read)
    }
  }, [])
  const first = Math.max(0, Math.floor(view.top / lineHeight) - spare)
  const last = Math.min(lines.length, Math.ceil((view.top + view.height) / lineHeight) + spare)
  useLayoutEffect(() => {
    const at = focusAt.current
    if (at === undefined) return
    const target = scroller.current?.querySelector<HTMLElement>(`[data-line="${at}"] .go`)
    if (target == null) return
    focusAt.current = undefined
    target.focus({preventScroll: true})
  })
  const move = (event: KeyboardEvent) => {
    const step = {ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: 10, PageUp: -10, Home: -lines.length, End: lines.length}[event.key]
    if (step === undefined || isTyping(event)) return
    event.preventDefault()
    const from = Number((event.target as HTMLElement).closest<HTMLElement>('[data-line]')?.dataset.line ?? -1)
    const to = Math.max(0, Math.min(lines.length - 1, from + step))
    focusAt.current = to
    const element = scroller.current
    if (element === null) return
    if (to * lineHeight < element.scrollTop) element.scrollTop = to * lineHeight
    else if ((to + 1) * lineHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = (to + 1) * lineHeight - element.clientHeight
    setView({top: element.scrollTop, height: element.clientHeight})
  }
  return (
    <div class="table" role="table" aria-label="Tasks" aria-rowcount={lines.length + 1}>
      <div role="rowgroup">
        <div class="line head" role="row" aria-rowindex={1}>
          <span role="columnheader" class="name">
            Task
          </span>
          <span role="columnheader" class="state">
            Result
          </span>
          <span role="columnheader" class="attempts">
            Attempts
          </span>
          <span role="columnheader" class="worker">
            Worker
          </span>
          <span role="columnheader" class="duration">
            Duration
          </span>
        </div>
      </div>
      <div class="scroller" role="rowgroup" ref={scroller} tabIndex={0} onKeyDown={move}>
        <div class="all" role="presentation" style={{height: `${lines.length * lineHeight}px`}}>
          {lines.slice(first, last).map((line, i) => (
            <Line key={keyOf(line)} line={line} at={first + i} longest={longest} toggle={toggle} />
          ))}
        </div>
      </div>
    </div>
  )
}

const keyOf = (line: ListLine): string => (line.kind === 'task' ? `task ${line.row.position}` : `group ${line.group}`)

interface LineProps {
  readonly line: ListLine
  readonly at: number
  readonly longest: number
  readonly toggle: (group: string) => void
}

function Line({line, at, longest, toggle}: LineProps) {
  const {route} = usePage()
  const place = {class: 'line', role: 'row', 'data-line': at, 'aria-rowindex': at + 2, style: {top: `${at * lineHeight}px`}} as const
  if (line.kind === 'group') {
    const {group, rows, isFolded} = line
    const failed = rows.filter(({isFailed}) => isFailed).length
    return (
      <div {...place} class="line group">
        <span role="cell" class="name">
          <button type="button" class="go" aria-expanded={!isFolded} onClick={() => toggle(group)}>
            <span aria-hidden="true">{isFolded ? '▸' : '▾'}</span> <bdi>{visibleText(group)}</bdi>
          </button>
        </span>
        <span role="cell" class="state">
          {failed > 0 && <span class="failed">{failed} failed</span>} {count(rows.length, 'task')}
        </span>
        <span role="cell" class="attempts" />
        <span role="cell" class="worker" />
        <span role="cell" class="duration">
          {rows.some(({task}) => task.attempts.length > 0) && duration(rows.reduce((sum, {task}) => sum + task.durationMs, 0))}
        </span>
      </div>
    )
  }
  const {row, isMember} = line
  return (
    <div {...place} class={`line ${tone(row)}${isMember ? ' member' : ''}`}>
      <span role="cell" class="name">
        <span class="sign" aria-hidden="true">
          {sign(row.status)}
        </span>
        <a class="go" href={linkTo(route, row.task.id)} title={nameOf(row)}>
          <bdi>{nameOf(row)}</bdi>
        </a>
      </span>
      <span role="cell" class="state" title={row.task.error ?? undefined}>
        {stateText(row)}
      </span>
      <span role="cell" class="attempts">
        {row.task.attempts.length > 1 ? row.task.attempts.length : ''}
      </span>
      <span role="cell" class="worker">
        {workerText(row)}
      </span>
      <span role="cell" class="duration">
        {row.task.attempts.length > 0 && (
          <>
            <span class="share" aria-hidden="true">
              <i style={{width: `${(100 * row.task.durationMs) / longest}%`}} />
            </span>
            <span class="ms">{duration(row.task.durationMs)}</span>
          </>
        )}
      </span>
    </div>
  )
}

function workerText({shard, task}: Row): string {
  const worker = task.attempts.at(-1)?.worker
  return [shard === undefined ? undefined : shardName(shard), worker].filter(part => part !== undefined).join(' · ')
}

function stateText(row: Row): string {
  const {error} = row.task
  if (error === null) return row.isSlow ? `${statusText(row)}, slow` : statusText(row)
  return visibleText(error.split('\n', 1)[0] ?? '').slice(0, 300)
}
