import XMLBuilder from 'fast-xml-builder'
import type {RunRecord, TaskRecord} from '../model/event.ts'
import {withoutEscapeSequences} from '../text/plain-text.ts'
import type {ReportedRun} from './masked-run.ts'
import {lastOf} from './shown-text.ts'
import {isAllowed, isDone, isFailed, isFlaky, taskMs, wallMs} from './totals.ts'
import {attemptText, flakyFailureText, joined, stopText, verdictText} from './wording.ts'

/** An XML element: names of attributes begin with `@`, `#text` is the text, all others are children. */
type XmlElement = {readonly [name: string]: string | number | XmlElement | readonly XmlElement[]}

/** Limit of the last lines of all tasks together, in UTF-16 units; with thousands of failures each gets less. */
const allTailCharacters = 4 * 1024 * 1024

/** Suite name of tasks that come from no file. */
const inlineSuite = 'pwsh-pool'

/**
 * The results as JUnit XML, in the dialect of Maven Surefire, which also has attempts: a test suite for each list file, a test case for each task. A
 * task counts as skipped if it did not run to its end or if its failure was allowed. If the run was cancelled, reached a limit, or fails because of
 * flaky tasks, a test case for the run itself has an error, so the report fails whenever the run does.
 * Source: jenkinsci/xunit-plugin, junit-10.xsd; maven.apache.org/surefire, "Rerun Failing Tests".
 */
export function renderJUnitReport({record, tails}: ReportedRun): string {
  const stopped = stopText(record) ?? flakyFailureText(record)
  const {tests, failures, errors} = sumOf(totalsOf(record.tasks), stopped === undefined ? nothing : stoppedRun)
  const tailCharacters = Math.max(200, Math.floor(allTailCharacters / Math.max(1, tails.size)))
  const suites = [...byFile(record)].map(
    ([file, tasks]): XmlElement => ({
      '@name': suiteName(file),
      ...attributes({...totalsOf(tasks), time: seconds(tasks.reduce((sum, task) => sum + taskMs(task), 0))}),
      '@timestamp': new Date(record.startedAt).toISOString().slice(0, 19),
      // Viewers show annotations in this file.
      ...(file === undefined ? {} : {'@file': attributeText(file)}),
      testcase: tasks.map(task => testCase(task, lastOf(tails.get(task.task) ?? [], Number.POSITIVE_INFINITY, tailCharacters)))
    })
  )
  const builder = new XMLBuilder({ignoreAttributes: false, attributeNamePrefix: '@', format: true, suppressEmptyNode: true})
  return builder.build({
    '?xml': {'@version': '1.0', '@encoding': 'UTF-8'},
    testsuites: {
      '@name': 'pwsh-pool',
      ...attributes({tests, failures, errors, time: seconds(wallMs(record))}),
      testsuite: [...suites, ...(stopped === undefined ? [] : [runSuite(stopped, record)])]
    }
  })
}

function byFile({tasks}: RunRecord): Map<string | undefined, TaskRecord[]> {
  const files = new Map<string | undefined, TaskRecord[]>()
  for (const task of tasks) {
    const own = files.get(task.task.place.file) ?? []
    own.push(task)
    files.set(task.task.place.file, own)
  }
  return files
}

const suiteName = (file: string | undefined): string => attributeText(file ?? '') || inlineSuite

function totalsOf(tasks: readonly TaskRecord[]): Totals {
  const failures = tasks.filter(task => isFailed(task.verdict) && !isAllowed(task)).length
  return {tests: tasks.length, failures, errors: 0, skipped: tasks.filter(isSkipped).length}
}

interface Totals {
  readonly tests: number
  readonly failures: number
  readonly errors: number
  readonly skipped: number
}

const nothing: Totals = {tests: 0, failures: 0, errors: 0, skipped: 0}
const stoppedRun: Totals = {tests: 1, failures: 0, errors: 1, skipped: 0}

function sumOf(a: Totals, b: Totals): Totals {
  return {tests: a.tests + b.tests, failures: a.failures + b.failures, errors: a.errors + b.errors, skipped: a.skipped + b.skipped}
}

/** A suite with one test case for a run that was stopped. */
function runSuite(message: string, {limit, cancelled}: RunRecord): XmlElement {
  return {
    '@name': 'pwsh-pool run',
    ...attributes({...stoppedRun, time: seconds(0)}),
    testcase: {
      '@name': 'the run',
      '@classname': 'pwsh-pool run',
      '@time': seconds(0),
      error: {'@message': attributeText(message), '@type': limit?.reason ?? (cancelled ? 'cancelled' : 'flaky'), '#text': xmlText(message)}
    }
  }
}

const attributes = (values: Readonly<Record<string, string | number>>): XmlElement =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`@${name}`, value]))

const isSkipped = (record: TaskRecord): boolean => !isDone(record) || isAllowed(record)
const seconds = (ms: number): string => (ms / 1000).toFixed(3)

function testCase(record: TaskRecord, tail: readonly string[]): XmlElement {
  const {task} = record
  return {
    '@name': attributeText(task.name) || task.id,
    '@classname': suiteName(task.place.file),
    '@time': seconds(taskMs(record)),
    ...outcome(record, tail),
    ...earlierAttempts(record, tail)
  }
}

function outcome(record: TaskRecord, tail: readonly string[]): XmlElement {
  const {task, verdict, attempts} = record
  const last = attempts.at(-1)
  const text = verdictText(verdict)
  if (isSkipped(record)) {
    const message = isAllowed(record) ? `allowed failure: ${text}` : text.replace(/^skipped: /, '')
    return {skipped: {'@message': attributeText(message)}, ...(tail.length === 0 ? {} : {'system-out': xmlText(tail.join('\n'))})}
  }
  if (verdict.status === 'success') return {}
  if (verdict.status === 'kept') return {'system-out': xmlText(text)}
  const message = joined([text, last && attemptText(task, last)], ', ')
  return {failure: {'@message': attributeText(message), '@type': verdict.reason, '#text': xmlText([message, ...tail].join('\n'))}}
}

/** The failed attempts before the last one, of a task that failed or is flaky; the first one of a flaky task has its last lines. */
function earlierAttempts(record: TaskRecord, tail: readonly string[]): XmlElement {
  const {task, verdict, attempts} = record
  const isInFlaky = isFlaky(record)
  const isInFailed = isFailed(verdict) && !isAllowed(record)
  const earlier = attempts.slice(0, -1).filter(({end}) => isInFailed || end.reason !== 'worker-lost')
  if (earlier.length === 0 || !(isInFlaky || isInFailed)) return {}
  const elements = earlier.map((attempt, position) => {
    const message = joined([verdictText(attempt.end), attemptText(task, attempt)], ', ')
    const lines = isInFlaky && position === 0 && tail.length > 0 ? {'system-out': xmlText(tail.join('\n'))} : {}
    return {'@message': attributeText(message), '@type': attempt.end.reason, stackTrace: xmlText(message), ...lines}
  })
  return {[isInFlaky ? 'flakyFailure' : 'rerunFailure']: elements}
}

// XML parsers turn each white space character in an attribute into a space anyway.
function attributeText(text: string): string {
  return xmlText(text).replace(/\s+/g, ' ').trim()
}

// Source: w3.org/TR/xml, 2.2 Characters: a document with any other character is not XML, even if it is escaped.
function xmlText(text: string): string {
  return withoutEscapeSequences(text).replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
}
