import {type Filter, sortOrders, statusFilters, wholeList} from './filter.ts'

/** What the page shows, as encoded after `#` in its address. */
export interface Route {
  /** Id of the open task. */
  readonly task: string | undefined
  /** Number of the shown attempt, from 1; `undefined` for the last one. */
  readonly attempt: number | undefined
  /** Line of its log, from 1. */
  readonly line: number | undefined
  readonly filter: Filter
}

/** Parses an address such as `#task=deploy_2&line=40`. Unknown parts are ignored. */
export function parseRoute(hash: string): Route {
  const values = new URLSearchParams(hash.replace(/^#/, ''))
  const sort = sortOrders.find(known => known === values.get('sort'))
  const statuses = (values.get('status') ?? '').split(',')
  return {
    task: values.get('task') ?? undefined,
    attempt: wholeNumber(values.get('attempt'), 1),
    line: wholeNumber(values.get('line'), 1),
    filter: {
      search: values.get('q') ?? '',
      statuses: statusFilters.filter(status => statuses.includes(status)),
      group: values.get('group') ?? undefined,
      shard: fromOne(wholeNumber(values.get('shard'), 1)),
      sort: sort ?? wholeList.sort,
      isGrouped: values.get('grouped') !== 'false'
    }
  }
}

/** The address of a route, which begins with `#`. */
export function routeHash({task, attempt, line, filter}: Route): string {
  const values: readonly (readonly [string, string | number | undefined])[] = [
    ['task', task],
    ['attempt', attempt],
    ['line', line],
    ['q', filter.search || undefined],
    ['status', filter.statuses.join(',') || undefined],
    ['group', filter.group],
    ['shard', filter.shard === undefined ? undefined : filter.shard + 1],
    ['sort', filter.sort === wholeList.sort ? undefined : filter.sort],
    ['grouped', filter.isGrouped ? undefined : 'false']
  ]
  const search = new URLSearchParams(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])))
  return `#${search.toString().replaceAll('%2C', ',')}`
}

/** In addresses, shards are counted from 1. */
const fromOne = (number: number | undefined): number | undefined => (number === undefined ? undefined : number - 1)

function wholeNumber(text: string | null, least: number): number | undefined {
  const number = text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined
  return number !== undefined && number >= least ? number : undefined
}
