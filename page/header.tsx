import {hasStatus, type StatusFilter} from './filter.ts'
import {linkTo, usePage} from './page-context.ts'
import {routeHash} from './route.ts'
import {visibleText} from './visible-text.ts'
import {count, duration} from './words.ts'

const verdicts = {success: 'Succeeded', failure: 'Failed', cancelled: 'Cancelled'} as const

const limits = {
  'total-timeout': 'The run was stopped: its total timeout was over.',
  'no-worker': 'The run was stopped: PowerShell could not be started.',
  'setup-timeout': 'The run was stopped: modules and setup took longer than "setup-timeout".',
  internal: 'The run was stopped by a fault of pwsh-pool.'
} as const

const counted: readonly (readonly [StatusFilter, string, string])[] = [
  ['failed', 'failed', 'failed'],
  ['allowed', 'failed (allowed)', 'allowed'],
  ['flaky', 'flaky', 'flaky'],
  ['success', 'succeeded', 'success'],
  ['kept', 'kept', 'kept'],
  ['cancelled', 'cancelled', 'cancelled'],
  ['skipped', 'skipped', 'skipped'],
  ['running', 'not ended', 'running']
]

/** The verdict of the run, its counts and figures. */
export function Header() {
  const {model, route} = usePage()
  const {report, rows} = model
  const shards = new Set(rows.flatMap(({shard}) => shard ?? [])).size
  const verdict = report.result === null ? 'Not ended' : verdicts[report.result]
  return (
    <header class={`verdict ${report.result ?? 'running'}`}>
      <h1>
        <a href={linkTo(route, undefined)} title="All tasks">
          {verdict}
          <span class="of"> · {count(rows.length, 'task')}</span>
        </a>
      </h1>
      <nav class="counts" aria-label="Tasks by status">
        {counted.map(([filter, word, tone]) => {
          const number = rows.filter(row => hasStatus(row, filter)).length
          if (number === 0) return null
          const isOn = route.task === undefined && route.filter.statuses.length === 1 && route.filter.statuses[0] === filter
          const hash = routeHash({
            task: undefined,
            attempt: undefined,
            line: undefined,
            filter: {...route.filter, statuses: isOn ? [] : [filter]}
          })
          return (
            <a key={filter} href={hash} class={`count ${tone}`} aria-current={isOn ? 'true' : undefined}>
              <b>{number.toLocaleString('en')}</b> {word}
            </a>
          )
        })}
      </nav>
      <p class="figures">
        <time dateTime={report.startedAt}>{shownTime(report.startedAt)}</time>
        {` · ${duration(report.durationMs)}`}
        {` · sum of tasks ${duration(report.taskDurationMs)}`}
        {report.speedUp >= 1 && ` · speed-up ${report.speedUp.toFixed(1)}x`}
        {` · ${report.maxParallel} at a time, ${Math.round(report.poolUse * 100)} % busy`}
        {report.powershells.map(({edition, version}) => ` · ${edition} ${visibleText(version)}`).join('')}
        {shards > 1 && ` · ${count(shards, 'shard')}`}
        {report.shard !== null && ` · shard ${report.shard.index + 1} of ${report.shard.count}`}
        {report.repository !== null && ` · ${visibleText(report.repository)}`}
        {report.commit !== null && ` · ${visibleText(report.commit).slice(0, 10)}`}
      </p>
      {report.limit !== null && <p class="limit">{limits[report.limit]}</p>}
    </header>
  )
}

function shownTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
}
