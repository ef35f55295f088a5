import {linkTo, usePage} from './page-context.ts'
import {slowestRows} from './run-model.ts'
import {duration, nameOf, recordedText, sign, tone} from './words.ts'

/** The tasks that took longest, each with the change against its recorded duration. */
export function Slowest() {
  const {model, route} = usePage()
  const rows = slowestRows(model)
  if (rows.length === 0) return null
  return (
    <section class="slowest" aria-label="Slowest">
      <h2>Slowest</h2>
      <ul>
        {rows.map(row => {
          const recorded = recordedText(row)
          return (
            <li key={row.position}>
              <a class={tone(row)} href={linkTo(route, row.task.id)}>
                <span aria-hidden="true">{sign(row.status)} </span>
                <bdi>{nameOf(row)}</bdi>
              </a>{' '}
              <b>{duration(row.task.durationMs)}</b>
              {recorded !== undefined && <span class="muted"> ({recorded})</span>}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
