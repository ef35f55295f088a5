import type {ComponentChildren} from 'preact'
import {useEffect, useMemo} from 'preact/hooks'
import type {AttemptReport} from '../src/report/report-schema.ts'
import {filteredRows} from './filter.ts'
import {LogView} from './log-view.tsx'
import {linkTo, usePage} from './page-context.ts'
import type {Row} from './run-model.ts'
import {isTyping} from './task-list.tsx'
import {visibleText} from './visible-text.ts'
import {count, duration, nameOf, recordedText, sign, statusText, tone} from './words.ts'

/** The page of one task. */
export function TaskView({row}: {readonly row: Row}) {
  const {model, route, go} = usePage()
  const {task, plan} = row
  const {filter} = route
  const rows = useMemo(() => filteredRows(model, filter), [model, filter])
  const at = rows.indexOf(row)
  const neighbors = [rows[at - 1], rows[at + 1]] as const
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const next = {ArrowLeft: neighbors[0], ArrowRight: neighbors[1]}[event.key]
      if (next === undefined || isTyping(event) || (event.target as HTMLElement).closest('.log') !== null) return
      go({task: next.task.id, attempt: undefined, line: undefined}, {isReplaced: true})
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
  useEffect(() => scrollTo(0, 0), [row])
  const number = route.attempt ?? task.attempts.at(-1)?.number
  const attempt = task.attempts.find(one => one.number === number)
  const log = row.logs.find(one => one.attempt === number)
  const outputs = Object.entries(task.outputs)
  const recorded = recordedText(row)
  return (
    <main class="task">
      <nav class="trail" aria-label="Tasks">
        <a href={linkTo(route, undefined)}>← All tasks</a>
        <span class="neighbors">
          {neighbors.map((neighbor, i) =>
            neighbor === undefined ? null : (
              <a key={i} href={linkTo(route, neighbor.task.id)} title={`${nameOf(neighbor)} (arrow ${i === 0 ? 'left' : 'right'})`}>
                {i === 0 ? '‹ previous' : 'next ›'}
              </a>
            )
          )}
        </span>
      </nav>
      <h2 class={tone(row)}>
        <span aria-hidden="true">{sign(row.status)} </span>
        <bdi>{nameOf(row)}</bdi>
      </h2>
      <p class="result">
        <b class={tone(row)}>{statusText(row)}</b>
        {task.attempts.length > 0 && ` in ${duration(task.durationMs)}`}
        {recorded !== undefined && ` (${recorded})`}
        {row.isSlow && ' · among the slowest of this run'}
      </p>
      {task.error !== null && <p class="error">{visibleLines(task.error)}</p>}
      <dl class="facts">
        <Fact name="Id">{visibleText(task.id)}</Fact>
        {plan?.group != null && (
          <Fact name="Group">
            <a href={groupLink(plan.group)}>
              <bdi>{visibleText(plan.group)}</bdi>
            </a>
          </Fact>
        )}
        {row.startedAt !== undefined && <Fact name="Started">{duration(row.startedAt - model.from)} after the run began</Fact>}
        {row.shard !== undefined && <Fact name="Shard">{row.shard + 1}</Fact>}
        {plan !== undefined && <Fact name="In the list">{visibleText(plan.place)}</Fact>}
        {plan !== undefined && plan.parameters.length > 0 && <Fact name="Parameters">{plan.parameters.map(visibleText).join(', ')}</Fact>}
        {plan !== undefined && plan.arguments > 0 && <Fact name="Arguments">{count(plan.arguments, 'value')}</Fact>}
        {plan !== undefined && plan.env.length > 0 && <Fact name="Variables">{plan.env.map(visibleText).join(', ')}</Fact>}
        {plan !== undefined && plan.locks.length > 0 && (
          <Fact name="Locks">
            {plan.locks.map(({name, room}) => visibleText(name) + (room > 1 ? ` (room for ${room})` : '')).join(', ')}
          </Fact>
        )}
        {plan !== undefined && plan.when !== 'success' && <Fact name="When">{plan.when}</Fact>}
        {plan !== undefined && <Fact name="Isolation">{plan.isolation}</Fact>}
        {plan !== undefined && plan.shell !== 'pwsh' && <Fact name="Shell">{visibleText(plan.shell)}</Fact>}
        {plan !== undefined && plan.timeoutMs > 0 && <Fact name="Timeout">{duration(plan.timeoutMs)} an attempt</Fact>}
        {task.objects !== null && row.objects === undefined && (
          <Fact name="Objects">{count(task.objects.count, 'object')}, not on this page</Fact>
        )}
        {task.fingerprint !== null && <Fact name="Fingerprint">{task.fingerprint}</Fact>}
      </dl>
      <Relatives title="Needs" rows={row.needs} />
      <Relatives title="Needed by" rows={row.dependents} />
      {task.attempts.length > 1 && <Attempts row={row} shown={number} />}
      {outputs.length > 0 && (
        <details class="part" open={outputs.length <= 20}>
          <summary>{count(outputs.length, 'output')}</summary>
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Value</th>
              </tr>
            </thead>
            <tbody>
              {outputs.map(([name, value]) => (
                <tr key={name}>
                  <th scope="row">
                    <bdi>{visibleText(name)}</bdi>
                  </th>
                  <td class="value">
                    {visibleLines(value)}
                    {task.maskedOutputs.includes(name) && <span class="muted"> (holds a secret, which is masked)</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
      <Objects row={row} />
      {task.summary !== null && task.summary !== '' && (
        <details class="part">
          <summary>Its own summary, as Markdown</summary>
          <pre tabIndex={0}>{visibleLines(task.summary)}</pre>
        </details>
      )}
      {log !== undefined && attempt !== undefined ? (
        <LogView key={`${log.block}/${log.offset}`} row={row} log={log} attempt={attempt.number} />
      ) : (
        <MissingLog row={row} attempt={attempt} />
      )}
    </main>
  )

  function groupLink(group: string): string {
    const whole = {...route, task: undefined, attempt: undefined, line: undefined, filter: {...filter, group}}
    return linkTo(whole, undefined)
  }
}

function Fact({name, children}: {readonly name: string; readonly children: ComponentChildren}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Most related tasks that are shown before the rest is folded. */
const mostRelatives = 30

function Relatives({title, rows}: {readonly title: string; readonly rows: readonly Row[]}) {
  const {route} = usePage()
  if (rows.length === 0) return null
  const links = rows.map(relative => (
    <li key={relative.position}>
      <a class={tone(relative)} href={linkTo(route, relative.task.id)}>
        <span aria-hidden="true">{sign(relative.status)} </span>
        <bdi>{nameOf(relative)}</bdi>
      </a>
    </li>
  ))
  return (
    <section class="part relatives" aria-label={title}>
      <h3>{title}</h3>
      <ul>{links.slice(0, mostRelatives)}</ul>
      {links.length > mostRelatives && (
        <details>
          <summary>{links.length - mostRelatives} more</summary>
          <ul>{links.slice(mostRelatives)}</ul>
        </details>
      )}
    </section>
  )
}

function Attempts({row, shown}: {readonly row: Row; readonly shown: number | undefined}) {
  const {model, go} = usePage()
  return (
    <section class="part" aria-label="Attempts">
      <h3>Attempts</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Attempt</th>
            <th scope="col">Result</th>
            <th scope="col">Started</th>
            <th scope="col">Duration</th>
            <th scope="col">Worker</th>
          </tr>
        </thead>
        <tbody>
          {row.task.attempts.map(attempt => (
            <tr key={attempt.number} class={attempt.number === shown ? 'shown' : undefined}>
              <th scope="row">
                <button
                  type="button"
                  aria-pressed={attempt.number === shown}
                  onClick={() => go({attempt: attempt.number, line: undefined}, {isReplaced: true})}
                >
                  {attempt.number}
                </button>
              </th>
              <td class={attempt.status === 'success' ? 'success' : 'failed'}>{attemptText(attempt)}</td>
              <td>{duration(Date.parse(attempt.startedAt) - model.from)}</td>
              <td>{duration(attempt.durationMs)}</td>
              <td>{attempt.worker}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function attemptText({status, reason, exitCode, details}: AttemptReport): string {
  if (status === null) return 'not ended'
  if (reason === 'exit-code' || reason === 'exit') return status === 'success' && exitCode === 0 ? 'succeeded' : `exit code ${exitCode}`
  if (reason === 'timeout') return `timed out after ${duration(details?.timeoutMs ?? 0)}`
  return visibleText(details?.message ?? details?.signal ?? reason ?? status)
}

/** The objects that a task emitted. */
function Objects({row}: {readonly row: Row}) {
  const {objects} = row
  if (objects === undefined) return null
  const {columns, rows, count: all, leftOut} = objects
  return (
    <details class="part" open>
      <summary>
        {count(all, 'object')}
        {all > rows.length && `, the first ${rows.length} of them`}
        {leftOut > 0 && `; ${leftOut.toLocaleString('en')} more were not kept`}
      </summary>
      {/* What scrolls is reached by keyboard. */}
      <div class="wide" tabIndex={0} role="region" aria-label="Objects">
        <table>
          <thead>
            <tr>
              {columns.map((column, i) => (
                <th key={i} scope="col">
                  <bdi>{visibleText(column)}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, i) => (
              <tr key={i}>
                {cells.map((cell, j) => (
                  <td key={j} class="value">
                    {visibleLines(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

function MissingLog({row, attempt}: {readonly row: Row; readonly attempt: AttemptReport | undefined}) {
  const {model} = usePage()
  if (attempt === undefined) {
    const isKept = row.status === 'kept'
    return <p class="note">{isKept ? 'It succeeded in an earlier run, whose log is not here.' : 'It never ran, so it has no log.'}</p>
  }
  const {lastLines} = row.task
  const isLast = attempt === row.task.attempts.at(-1)
  return (
    <section class="part" aria-label="Log">
      <p class="note">{missingText(row, model.logsLeftOut)}</p>
      {isLast && lastLines.length > 0 && (
        <>
          <h3>Its last lines</h3>
          <pre tabIndex={0}>{lastLines.map(visibleText).join('\n')}</pre>
        </>
      )}
    </section>
  )
}

function missingText({plan}: Row, logsLeftOut: string | null): string {
  if (plan === undefined) return 'This page has no log of it: only its report is known, and no recording.'
  return logsLeftOut === null ? 'It printed nothing.' : `It printed nothing, or this page has no room for its log. ${logsLeftOut}`
}

/** Text of several lines, in which special characters are visible. */
const visibleLines = (text: string): string =>
  text
    .split(/\r\n|\n|\r/)
    .map(visibleText)
    .join('\n')
