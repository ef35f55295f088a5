import type {Row, RunModel, Status} from './run-model.ts'

/** Filters of the list, as words in the page's address. */
export const statusFilters = ['failed', 'flaky', 'slow', 'success', 'allowed', 'cancelled', 'skipped', 'kept', 'running'] as const

/** One of them. */
export type StatusFilter = (typeof statusFilters)[number]

/** Orders of the list. */
export const sortOrders = ['failures', 'list', 'duration', 'start', 'name'] as const

/** One of them. */
export type SortOrder = (typeof sortOrders)[number]

/** Which tasks the list shows, and how. */
export interface Filter {
  readonly search: string
  /** Shown statuses; all if empty. */
  readonly statuses: readonly StatusFilter[]
  /** The only group that is shown; `undefined` for all. */
  readonly group: string | undefined
  /** The only shard that is shown, from 0; `undefined` for all. */
  readonly shard: number | undefined
  readonly sort: SortOrder
  readonly isGrouped: boolean
}

/** The filter when the page opens. */
export const wholeList: Filter = {search: '', statuses: [], group: undefined, shard: undefined, sort: 'failures', isGrouped: true}

/** Whether a filter includes this task. */
export function hasStatus(row: Row, filter: StatusFilter): boolean {
  switch (filter) {
    case 'failed':
      return row.isFailed
    case 'flaky':
      return row.isFlaky
    case 'slow':
      return row.isSlow
    case 'allowed':
      return row.task.allowed
    case 'success':
    case 'cancelled':
    case 'skipped':
    case 'running':
    case 'kept':
      return (row.status as Status | 'kept') === filter
  }
}

/** The tasks that a filter includes, in its order. */
export function filteredRows({rows}: Pick<RunModel, 'rows'>, filter: Filter): readonly Row[] {
  const words = filter.search
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '')
  const shown = rows.filter(
    row =>
      (filter.statuses.length === 0 || filter.statuses.some(status => hasStatus(row, status))) &&
      (filter.group === undefined || row.plan?.group === filter.group) &&
      (filter.shard === undefined || row.shard === filter.shard) &&
      words.every(word => row.searchText.includes(word))
  )
  return shown.sort(comparisons[filter.sort])
}

const rank = (row: Row): number =>
  row.isFailed ? 0 : row.task.allowed ? 1 : row.isFlaky ? 2 : row.status === 'cancelled' ? 3 : row.status === 'running' ? 4 : 5

const byPosition = (a: Row, b: Row): number => a.position - b.position

const comparisons: Readonly<Record<SortOrder, (a: Row, b: Row) => number>> = {
  list: byPosition,
  failures: (a, b) => rank(a) - rank(b) || byPosition(a, b),
  duration: (a, b) => b.task.durationMs - a.task.durationMs || byPosition(a, b),
  start: (a, b) => (a.startedAt ?? Number.POSITIVE_INFINITY) - (b.startedAt ?? Number.POSITIVE_INFINITY) || byPosition(a, b),
  name: (a, b) => a.task.name.localeCompare(b.task.name, 'en', {numeric: true}) || byPosition(a, b)
}

/** A line of the list: a task, or a group that can be folded. */
export type ListLine =
  | {readonly kind: 'task'; readonly row: Row; readonly isMember: boolean}
  | {readonly kind: 'group'; readonly group: string; readonly rows: readonly Row[]; readonly isFolded: boolean}

/**
 * The lines of the list. A group is listed at the position of its first task. `toggled`: groups that the reader has folded or unfolded. Other groups
 * are folded if they have more than `openUpTo` members and no failure, and no search is active.
 */
export function listLines(rows: readonly Row[], filter: Filter, toggled: ReadonlySet<string>): readonly ListLine[] {
  if (!filter.isGrouped) return rows.map(row => ({kind: 'task', row, isMember: false}))
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = row.plan?.group
    if (group == null) continue
    const members = groups.get(group)
    if (members === undefined) groups.set(group, [row])
    else members.push(row)
  }
  const lines: ListLine[] = []
  const done = new Set<string>()
  for (const row of rows) {
    const group = row.plan?.group
    const members = group == null ? undefined : groups.get(group)
    if (group == null || members === undefined || members.length < 2) {
      lines.push({kind: 'task', row, isMember: false})
      continue
    }
    if (done.has(group)) continue
    done.add(group)
    const isSearch = filter.search !== '' || filter.statuses.length > 0 || filter.group !== undefined
    const isFolded = (members.length > openUpTo && !isSearch && !members.some(({isFailed}) => isFailed)) !== toggled.has(group)
    lines.push({kind: 'group', group, rows: members, isFolded})
    if (!isFolded) for (const member of members) lines.push({kind: 'task', row: member, isMember: true})
  }
  return lines
}

/** Groups with more tasks are folded at first. */
export const openUpTo = 20
