import {z} from 'zod'
import {maxDurationMs, maxDurations, maxKeyLength, maxTimedTasks} from './timings.ts'

/** Version of the timings format; increased when readers of the old format would break. */
export const timingsSchemaVersion = 1

const taskSchema = z
  .strictObject({
    key: z.string().min(1).max(maxKeyLength).describe('As the JSON report has it.'),
    seen: z.iso.datetime().describe('When a run last had the task. After 30 days it is left out.'),
    durations: z
      .array(z.int().nonnegative().max(maxDurationMs))
      .max(maxDurations)
      .describe('Of its last successful attempts, measured in the pool, in milliseconds; the oldest first.')
  })
  .describe('One task.')

/** The contents of a timings file. */
export const timingsSchema = z
  .strictObject({
    schemaVersion: z.literal(timingsSchemaVersion),
    tasks: z.array(taskSchema).max(maxTimedTasks).describe('In the ordinal order of their keys, each once.')
  })
  .describe('How long the tasks of a list took: what the input `timings-file` reads and writes.')

/** The JSON Schema (draft 7) of a timings file. */
export function timingsJsonSchema(): object {
  const {$schema, ...schema} = z.toJSONSchema(timingsSchema, {target: 'draft-7'})
  return {$schema, title: 'pwsh-pool timings', ...schema}
}
