import {z} from 'zod'

/** Version of the report format; increased when readers of the old format would break. */
export const reportSchemaVersion = 1

const milliseconds = z.int().nonnegative()
const time = z.iso.datetime()
const exitCode = z.int().nullable().describe('`null` where there is none: the task never ran, or was ended from outside.')
const status = z.enum(['success', 'failure', 'timed-out', 'cancelled', 'skipped', 'kept'])
const amount = z.int().nonnegative()

const hash = z.string().regex(/^[0-9a-f]{32}$/)

const attemptReasons = [
  'exit',
  'exit-code',
  'killed',
  'wrong-file',
  'not-started',
  'worker-lost',
  'no-worker',
  'internal',
  'timeout',
  'total-timeout',
  'cancelled',
  'fail-fast'
] as const

const detailsSchema = z
  .object({
    message: z.string().describe('In words, for `wrong-file`, `not-started`, `worker-lost`, `no-worker` and `internal`.'),
    signal: z.string().describe('The signal, for `killed`.'),
    timeoutMs: milliseconds.describe('The limit, for `timeout`, `total-timeout` and `setup-timeout`.'),
    failedStarts: amount.describe('How often PowerShell ended in a row before a task began, for `no-worker`.'),
    failedTasks: amount.describe('How many tasks had failed for good, for `fail-fast` after several.'),
    ranAt: time.describe('The start of the run in which it ran, for `kept`.'),
    durationMs: milliseconds.describe('The sum of its attempts then, for `kept`.'),
    task: z.string().describe('The id of the task that is the cause, for `fail-fast`, `no-worker` and `need-did-not-succeed`.')
  })
  .partial()
  .nullable()
  .describe('What a reason leaves open; `null` where it leaves nothing open.')

const matchedSchema = z
  .object({
    list: z.enum(['on', 'not']).describe('`on`: another attempt follows. `not`: none does.'),
    kind: z.enum(['match', 'exception']),
    text: z.string().describe('What was printed, up to 1000 characters of it, or the type or id of the error.')
  })
  .nullable()
  .describe('What `retry` found in it by `match` or `exception`; `null` if that decided nothing.')

const attemptSchema = z
  .object({
    number: z.int().positive().describe('From 1.'),
    worker: z.int().nonnegative().describe('The slot in which it ran, 0 to `maxParallel` - 1.'),
    startedAt: time,
    endedAt: time.nullable().describe('`null` while it runs.'),
    durationMs: milliseconds.describe('Until now, while it runs.'),
    status: status.exclude(['skipped', 'kept']).nullable().describe('`null` while it runs.'),
    reason: z.enum(attemptReasons).nullable().describe('What ended it; `null` while it runs.'),
    exitCode,
    details: detailsSchema,
    matched: matchedSchema
  })
  .describe('One attempt of a task.')

const taskSchema = z
  .object({
    id: z.string().describe('As `needs` and outputs know it.'),
    name: z.string().describe('For people.'),
    status: status
      .nullable()
      .describe(
        'How it ended: `failure` and `timed-out` are failures, `skipped` tasks never ran, `kept` ones had succeeded in an earlier run. `null` before that.'
      ),
    reason: z
      .enum([...attemptReasons, ...(['need-did-not-succeed', 'no-need-failed', 'setup-timeout', 'kept'] as const)])
      .nullable()
      .describe('Tells the ways to a status apart; `null` before it has ended.'),
    exitCode,
    durationMs: milliseconds.describe('The sum of all attempts, without the waits between them.'),
    flaky: z.boolean().describe('Whether it succeeded after an attempt that failed by itself.'),
    allowed: z.boolean().describe('Whether it failed and was allowed to by `continue-on-error`.'),
    error: z.string().nullable().describe('What went wrong, in words; `null` for a success, and before it has ended.'),
    details: detailsSchema,
    outputs: z
      .record(z.string(), z.string())
      .describe('What its last attempt wrote to GITHUB_OUTPUT, in the run it is kept from where it is kept.'),
    maskedOutputs: z.array(z.string()).describe('Names of outputs that hold a secret, which is `***` here.'),
    objects: z
      .object({count: amount.describe('Kept ones.'), leftOut: amount.describe('Ones that found no room, or could not be read.')})
      .nullable()
      .describe('What its last attempt emitted as objects; `null` for a task that keeps none, or has not run.'),
    setsEnvironment: z.boolean().describe('Whether it wrote to GITHUB_ENV or GITHUB_PATH. What it wrote is not in the report.'),
    summary: z
      .string()
      .nullable()
      .describe('What its last attempt wrote to GITHUB_STEP_SUMMARY; `null` if it is left out because those before it have taken 900 KiB.'),
    lastLines: z
      .array(z.string())
      .describe('The last lines of its output if it did not succeed; those of its first failed attempt if it is flaky.'),
    file: z.string().nullable().describe('The list file, relative to the workspace; `null` for a list that is in no file.'),
    mayFail: z.boolean().describe('Whether it has `continue-on-error`.'),
    maxAttempts: z.int().positive().describe('How many attempts it could have.'),
    key: z
      .string()
      .describe(
        'The same in every version of the list that has the task: its `id`; for a member of a group the group’s id, `#`, and a hash of its item and file; for one of several tasks that would have the same default id that id, `#`, and a hash of what it runs; and `#2` and so on behind that of equal ones.'
      ),
    position: amount.describe('In the list before it is cut into shards, from 0.'),
    inEachShard: z.boolean().describe('Whether it runs in several shards (`shard: each`).'),
    shard: amount.nullable().describe('In a merged report, the shard that ran the task as shown here, from 0; `null` otherwise.'),
    recorded: z
      .object({medianMs: z.number().nonnegative(), samples: z.int().positive()})
      .nullable()
      .describe('The durations that `timings-file` had of it before this run: their median and their number; `null` if it had none.'),
    fingerprint: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .nullable()
      .describe(
        'Changes when what the task runs changes: see SECURITY.md for what it is made of. `null` if it has none: `resume: never`, a secret in what it runs, a script that was not there.'
      ),
    attempts: z.array(attemptSchema).describe('In order; empty for a skipped task, and for one that has not begun.')
  })
  .describe('One task.')

/** The JSON report of a run. Values that tasks announced as secret are `***` in it. */
export const reportSchema = z
  .object({
    schemaVersion: z.literal(reportSchemaVersion),
    result: z
      .enum(['success', 'failure', 'cancelled'])
      .nullable()
      .describe('`failure` if a task failed that may not, or something that had to run did not; `null` while the run goes on.'),
    limit: z
      .enum(['total-timeout', 'no-worker', 'setup-timeout', 'internal'])
      .nullable()
      .describe(
        'The limit of the run that was reached, which fails it whatever its tasks may; `internal` for a bug of pwsh-pool; `null` for none.'
      ),
    limitDetails: detailsSchema,
    repository: z.string().nullable().describe('Of the run, as CI names it; `null` if unknown.'),
    commit: z.string().nullable().describe('The commit that was checked out; `null` if unknown.'),
    run: z
      .object({id: z.string(), attempt: z.int().positive()})
      .nullable()
      .describe('The run of the workflow by its id, and which attempt of it this was; `null` if unknown.'),
    startedAt: time,
    endedAt: time.nullable().describe('`null` while the run goes on, for good if it was killed.'),
    hashes: z
      .strictObject({
        list: hash.describe(
          'Of each task, in declared order, before the list is cut into shards: its key, script text or file, parameters, arguments, item, needs, `when`, `lock`, `shard`. Not of names, `env`, folders, shells, limits and inputs, so no value of a variable is in it; of each script text and value it has 16 bits.'
        ),
        timings: hash.nullable().describe('Of the recorded durations that the plan used, by key; `null` if none of the tasks has any.'),
        plan: hash.nullable().describe('Of the number of shards and the tasks of each; `null` without `shard`.')
      })
      .describe(
        'The first half of SHA-256. Two runs had the same list, timings or plan if these are equal, whatever their platforms, locales, line ends and workspaces.'
      ),
    listed: amount.describe('Tasks in the list, before it is cut into shards.'),
    shard: z
      .strictObject({
        index: amount.describe('From 0.'),
        count: z.int().positive().describe('Of all shards.'),
        sizes: z.array(amount).describe('The number of tasks in each shard, by index.')
      })
      .nullable()
      .describe('The part of the list that this run had; `null` for the whole.'),
    durationMs: milliseconds.describe('Wall time, until now while the run goes on.'),
    taskDurationMs: milliseconds.describe('The sum over all tasks.'),
    speedUp: z.number().nonnegative().describe('`taskDurationMs` by `durationMs`.'),
    poolUse: z.number().min(0).max(1).describe('The share of the time of all slots in which a task ran.'),
    maxParallel: z.int().positive(),
    powershells: z
      .array(z.object({edition: z.enum(['pwsh', 'powershell']), version: z.string()}))
      .describe('Each PowerShell that was used.'),
    counts: z
      .object({success: amount, failure: amount, 'timed-out': amount, cancelled: amount, skipped: amount, kept: amount})
      .describe('How many tasks have each status. Those that have not ended are none of these.'),
    flaky: amount.describe('How many of the successes came after an attempt that failed.'),
    flakyMode: z.enum(['pass', 'warn', 'fail']).describe('What flaky tasks mean for the run: with `fail` they fail it.'),
    tasks: z.array(taskSchema).describe('In declared order.')
  })
  .describe('What a run of pwsh-pool did.')

/** A parsed JSON report. */
export type RunReport = z.infer<typeof reportSchema>

/** A task in the report. */
export type TaskReport = z.infer<typeof taskSchema>

/** Details of a verdict or a limit that `reason` does not give. */
export type DetailsReport = z.infer<typeof detailsSchema>

/** An attempt in the report. */
export type AttemptReport = z.infer<typeof attemptSchema>

/** The JSON Schema (draft 7) of reports. It allows additional properties, because later reports of the same version may have some. */
export function reportJsonSchema(): object {
  const {$schema, ...schema} = z.toJSONSchema(reportSchema, {
    target: 'draft-7',
    override: ({jsonSchema}) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    }
  })
  return {$schema, title: 'pwsh-pool report', ...schema}
}
