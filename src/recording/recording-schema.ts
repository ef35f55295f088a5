import {z} from 'zod'

/** Version of the recording format; increased when readers of the old format would break. */
export const recordingVersion = 1

/** Names of the files in a recording. Logs are `logs/<number of the task>.<attempt>.log`. */
export const recordingFiles = {manifest: 'recording.json', report: 'report.json', plan: 'plan.json', timings: 'timings.json'} as const

/** File name of a log, with the numbers of task and attempt, from 1. */
export const logFile = /^logs\/(\d{1,9})\.(\d{1,9})\.log$/

const position = z.int().nonnegative()
const text = z.string()
const span = z.object({worker: z.int().nonnegative(), from: z.number(), to: z.number()})

/** `recording.json`. */
export const manifestSchema = z.object({
  version: z.literal(recordingVersion),
  logs: z.array(z.object({task: position, attempt: z.int().positive(), isFailed: z.boolean(), length: position, leftOut: position})),
  /** Why logs are missing. */
  logsLeftOut: text.nullable()
})

/** `plan.json`. */
export const planSchema = z.object({
  tasks: z.array(
    z
      .object({
        group: text.nullable(),
        parameters: z.array(text),
        arguments: position,
        env: z.array(text),
        needs: z.array(position),
        when: z.enum(['success', 'failure', 'always']),
        locks: z.array(z.object({name: text, room: z.int().positive()})),
        isolation: z.enum(['process', 'runspace', 'none', 'thread']),
        shell: text,
        timeoutMs: z.number().nonnegative(),
        place: text
      })
      .nullable()
  ),
  boots: z.array(span),
  waits: z.array(span)
})
