import {createContext} from 'preact'
import {useContext} from 'preact/hooks'
import {type Route, routeHash} from './route.ts'
import type {RunModel} from './run-model.ts'

/** State that all parts of the page share. */
export interface PageState {
  readonly model: RunModel
  readonly route: Route
  /** Changes the route. Adds an entry to the browser's history unless `isReplaced`. */
  readonly go: (change: Partial<Route>, options?: {readonly isReplaced?: boolean}) => void
}

/** The context of the state; read it with `usePage`. */
export const PageContext = createContext<PageState | undefined>(undefined)

/** The state of the page. */
export function usePage(): PageState {
  const state = useContext(PageContext)
  if (state === undefined) throw new Error('outside of the page')
  return state
}

/** The address of a task's page, or of the list for `undefined`. */
export function linkTo(route: Route, task: string | undefined): string {
  return routeHash({...route, task, attempt: undefined, line: undefined})
}
