import path from 'node:path'
import type {Environment} from '../model/environment.ts'
import {escapeMarkdown} from '../text/markdown.ts'

/** The location of the HTML report. */
export interface PagePlace {
  /** Absolute; `undefined` if there is none. */
  readonly htmlReport?: string | undefined
  /** Absolute; paths below it are shown relative to it. */
  readonly workspace?: string | undefined
}

/** The line of the job summary that tells readers how to open the HTML report, as Markdown; empty if there is none. */
export function pageNote({htmlReport, workspace}: PagePlace, environment: Environment): string {
  if (htmlReport === undefined) return ''
  const file = `<code>${escapeMarkdown(shownPath(htmlReport, workspace))}</code>`
  const {GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run} = environment
  if (!server || !repository || !run) return `Timeline and logs: open ${file} in a browser.`
  const artifacts = `[artifacts of this run](${encodeURI(`${server}/${repository}/actions/runs/${run}`)}#artifacts)`
  return `Timeline and logs: ${file}, to be opened in a browser. If a later step uploads it, it is among the ${artifacts}.`
}

function shownPath(file: string, workspace: string | undefined): string {
  const relative = workspace === undefined ? file : path.relative(workspace, file)
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative.split(path.sep).join('/')
}
