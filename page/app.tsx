import {useCallback, useEffect, useMemo, useState} from 'preact/hooks'
import {Header} from './header.tsx'
import {PageContext, type PageState} from './page-context.ts'
import {parseRoute, type Route, routeHash} from './route.ts'
import type {RunModel} from './run-model.ts'
import {Slowest} from './slowest.tsx'
import {TaskList} from './task-list.tsx'
import {TaskView} from './task-view.tsx'
import {Timeline} from './timeline.tsx'
import {nameOf} from './words.ts'

/** The whole page: the run and its list, or one task. */
export function App({model}: {readonly model: RunModel}) {
  const [route, setRoute] = useState<Route>(() => parseRoute(location.hash))
  useEffect(() => {
    const read = () => setRoute(parseRoute(location.hash))
    addEventListener('hashchange', read)
    addEventListener('popstate', read)
    return () => {
      removeEventListener('hashchange', read)
      removeEventListener('popstate', read)
    }
  }, [])
  const go = useCallback((change: Partial<Route>, {isReplaced = false} = {}) => {
    setRoute(now => {
      const next = {...now, ...change}
      const hash = routeHash(next)
      if (hash !== location.hash) history[isReplaced ? 'replaceState' : 'pushState'](null, '', hash)
      return next
    })
  }, [])
  const state = useMemo((): PageState => ({model, route, go}), [model, route, go])
  const row = route.task === undefined ? undefined : model.byId.get(route.task)
  useEffect(() => {
    const {result, counts} = model.report
    const failed = counts.failure + counts['timed-out']
    const verdict = failed > 0 ? `${failed} failed` : (result ?? 'running')
    document.title = row === undefined ? `${verdict} · pwsh-pool report` : `${nameOf(row)} · pwsh-pool report`
  }, [model, row])
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || route.task === undefined) return
      go({task: undefined, attempt: undefined, line: undefined})
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [route.task, go])
  return (
    <PageContext.Provider value={state}>
      <Header />
      {row !== undefined ? (
        <TaskView key={row.task.id} row={row} />
      ) : (
        <main class="run">
          {route.task !== undefined && <p class="note">This run has no task with the id “{route.task}”.</p>}
          {model.logsLeftOut !== null && <p class="note">{model.logsLeftOut}</p>}
          <Timeline />
          <Slowest />
          <TaskList />
        </main>
      )}
    </PageContext.Provider>
  )
}
