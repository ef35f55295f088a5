import {z} from 'zod'
import {exitCodeLimits} from '../../model/exit-code.ts'
import type {Isolation, Lock, Resume, RetryCause, RetryPolicy, When} from '../../model/task.ts'
import {durationRule, parseDuration} from '../../text/duration.ts'
import {compilePattern} from '../../text/pattern.ts'
import {parseSlow, slowRule} from '../../text/slow-limit.ts'

// Every `error` below is the rule that a message states: `timeout: expected <error>, got "5 mins"`.

/** Text. Numbers and booleans keep their spelling, so `PORT: 8080` needs no quotes. */
export const text = z.union([z.string().min(1, {error: 'text'}), z.number(), z.boolean()], {error: 'text'})

/** A path or glob, or a list of them. */
export const files = z.union([text, z.array(text).min(1, {error: 'at least one path or glob'})], {
  error: 'a path or glob, or a list of them'
})

/** Script text, not blank. */
export const script = z.union([z.string().regex(/\S/, {error: 'script text'}), z.number(), z.boolean()], {error: 'script text'})

const idRule = 'letters (of any script), digits, _ and -, beginning with a letter or _'

/** An explicit id. */
export const id = z
  .string({error: idRule})
  .refine(given => /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(given), {error: idRule})
  // For editors, since some of them do not support \p.
  .meta({pattern: '^[A-Za-z_\\u0080-\\uffff][A-Za-z0-9_\\-\\u0080-\\uffff]*$'})

// For editors; the message for a wrong one comes from parseDuration.
const durationPattern = '^(\\d+(\\.\\d+)?|(?=\\d)(\\d+h)?(\\d+m)?(\\d+(\\.\\d+)?s)?(\\d+ms)?)$'

/** A duration, in milliseconds. */
export const duration = z
  .union([z.string().meta({pattern: durationPattern}), z.number().meta({minimum: 0})], {error: durationRule})
  .transform((given, context) => {
    const parsed = parseDuration(String(given))
    if (parsed.ok) return parsed.value
    context.issues.push({code: 'custom', input: given, message: parsed.error})
    return z.NEVER
  })

/** The time after which a running task is reported as slow. */
export const slow = z
  .union([z.string().meta({pattern: `^(\\d{1,9}(\\.\\d{1,9})?x)$|${durationPattern}`}), z.number().meta({minimum: 0})], {error: slowRule})
  .transform((given, context) => {
    const parsed = parseSlow(String(given))
    if (parsed.ok) return parsed.value
    context.issues.push({code: 'custom', input: given, message: parsed.error})
    return z.NEVER
  })

const flagRule = 'true or false'

/** `true` or `false`. */
export const flag = z.boolean({error: flagRule})

const whenRule = 'success, failure or always'

export const when = z.enum(['success', 'failure', 'always'] satisfies When[], {error: whenRule})

/** Which shards a task runs in when the list is split. */
export const shard = z.enum(['each'], {error: 'each'})

const resumeRule = 'auto or never'

export const resume = z.enum(['auto', 'never'] satisfies Resume[], {error: resumeRule})

const isolationRule = 'process, runspace, none or thread'

export const isolation = z.enum(['process', 'runspace', 'none', 'thread'] satisfies Isolation[], {error: isolationRule})

/** One text, or a list of them. */
export const texts = z.union([text, z.array(text)], {error: 'text or a list of texts'})

/** One id, or a list of them. */
export const ids = z.union([z.string(), z.array(z.string({error: 'an id'}))], {error: 'an id or a list of ids'})

const matrixListRule = 'a list of at least one value'

const variableRule = 'text, a number, true, false, or null to remove the variable'

/** Environment variables by name. */
export const env = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()], {error: variableRule}), {
  error: 'a map of variables'
})

/** Any values by name. */
export const values = z.record(z.string(), z.unknown(), {error: 'a map of values by parameter name'})

/** The items of an entry, or the path of a file that holds them. */
export const foreach = z.union([z.array(z.unknown()), z.string().min(1).meta({pattern: '\\.[A-Za-z]+$'})], {
  error: 'a list of items, or the path of a .csv, .txt, .json or .yml file of them'
})

const combinations = z.array(z.record(z.string(), z.unknown(), {error: 'a map of values'}), {error: 'a list of maps'})

/** The lists of a matrix by name, with `include` and `exclude`. */
export const matrix = z
  .object({include: combinations.optional(), exclude: combinations.optional()}, {error: 'a map of lists'})
  .catchall(z.array(z.unknown(), {error: matrixListRule}).min(1, {error: matrixListRule}))

/** Any values in order. */
export const valueList = z.array(z.unknown(), {error: 'a list'})

const shellRule = 'pwsh, powershell, a path, or a command line with leading arguments'

/** The PowerShell to use. */
export const shell = z
  .string({error: shellRule})
  .regex(/\S/, {error: shellRule})
  .refine(given => !given.includes('{0}'), {error: `${shellRule}, without {0} (the script is not passed as a file)`, abort: true})
  .refine(given => !/^(?:bash|sh|cmd|python|node)(?:\.exe)?(?:\s|$)/i.test(given), {error: `a PowerShell (${shellRule})`})

const maxTimes = 100
const timesRule = `a whole number from 0 to ${maxTimes}`
const times = z.int({error: timesRule}).min(0, {error: timesRule}).max(maxTimes, {error: timesRule})

const maxBackoff = 100
const backoffRule = `a number from 1 to ${maxBackoff}`
const backoff = z.number({error: backoffRule}).min(1, {error: backoffRule}).max(maxBackoff, {error: backoffRule})

const causeRule = 'error, timeout, worker-lost, an exit code other than 0, or a map of match or exception'

function exitCode(error: string) {
  return z.int({error}).min(exitCodeLimits.least, {error}).max(exitCodeLimits.most, {error})
}

const failureCode = exitCode(causeRule).refine(code => code !== 0, {error: causeRule})

const matchRule = 'a regular expression (text)'

const match = z
  .union([z.string(), z.number()], {error: matchRule})
  .transform((given, context) => {
    const source = String(given)
    const pattern = compilePattern(source)
    if (pattern.ok) return source
    const message = `a regular expression without look-around and back-references (${pattern.error})`
    context.issues.push({code: 'custom', input: given, message})
    return z.NEVER
  })
  .meta({
    description:
      'A regular expression of the RE2 kind (linear time, so without look-around and back-references), searched in the last 64 KiB of each stream of a failed attempt, without colors. Case is ignored as by `-match`, and `^` and `$` are the ends of a line; `(?-i)` and `(?-m)` change that.',
    examples: ['429|Too Many Requests']
  })

const exceptionRule = 'the name of a type of exception, or a FullyQualifiedErrorId (text, without brackets)'

const exception = z
  .string({error: exceptionRule})
  .trim()
  .regex(/^[^[\]\s][^\r\n]*$/, {error: exceptionRule})
  .meta({
    description:
      'The error that nothing caught: a type that `catch` would match, base types included, with or without the namespaces in front, or the FullyQualifiedErrorId, with or without the command behind its comma.',
    examples: ['System.Net.Http.HttpRequestException']
  })

const onePartRule = 'one of match and exception'

const lookedFor = z
  .strictObject(
    {match: match.optional(), exception: exception.optional()},
    {error: ({code}) => (code === 'unrecognized_keys' ? 'match exception' : 'a map')}
  )
  .transform(({match, exception}, context): RetryCause => {
    if (match !== undefined && exception === undefined) return {match}
    if (exception !== undefined && match === undefined) return {exception}
    // An unknown part has already been reported.
    if (context.issues.length === 0) context.issues.push({code: 'custom', input: {match, exception}, message: onePartRule})
    return z.NEVER
  })

const kindsOfCause = [z.enum(['error', 'timeout', 'worker-lost'], {error: causeRule}), failureCode, lookedFor] as const
const cause = z.union(kindsOfCause, {error: causeRule})

const errorRule = 'error alone or beside timeout alone, because it stands for every failure but a timeout'

const causes = z.union(
  [
    ...kindsOfCause,
    z
      .array(cause, {error: `${causeRule}, or a list of them`})
      .min(1, {error: `one or more of: ${causeRule}`})
      .refine(list => !list.includes('error') || list.every(each => each === 'error' || each === 'timeout'), {error: errorRule})
  ],
  {error: `${causeRule}, or a list of them`}
)

const successCodeRule = `an exit code (a whole number from ${exitCodeLimits.least} to ${exitCodeLimits.most})`
const successCodesRule = 'a list of exit codes, such as [0, 3010]'

/** The exit codes that count as success. */
export const successCodes = z.array(exitCode(successCodeRule), {error: successCodesRule}).min(1, {error: successCodesRule})

const maxRoom = 1_000_000
const roomRule = `a whole number from 1 to ${maxRoom.toLocaleString('en')}`
const room = z.int({error: roomRule}).min(1, {error: roomRule}).max(maxRoom, {error: roomRule})

/** The parts of a lock. */
const lockShape = {
  room: room.optional().meta({description: 'How many tasks have it at a time. Default: 1.', examples: [5]}),
  per: z
    .enum(['all', 'machine'] satisfies Lock['per'][], {error: 'all or machine'})
    .optional()
    .meta({
      description: 'Where a list runs on several machines: whether all of them share the room, or each has as much. Default: `all`.',
      examples: ['machine']
    })
}

/** How many tasks may hold a lock at a time: a number, or a map. */
export const lock = z
  .union(
    [room, z.strictObject(lockShape, {error: ({code}) => (code === 'unrecognized_keys' ? Object.keys(lockShape).join(' ') : 'a map')})],
    {
      error: `${roomRule}, or a map of room and per`
    }
  )
  .transform((given): Pick<Lock, 'room' | 'per'> => {
    const {room = 1, per = 'all'} = typeof given === 'number' ? {room: given} : given
    return {room, per}
  })

/** Locks by name. */
export const locks = z.record(z.string(), lock)

/** The parts of a retry policy; all but `times` have a default. */
const retryShape = {
  times: times.meta({description: 'Attempts after the first.', examples: [2]}),
  delay: duration.optional().meta({description: 'Wait before the second attempt. Default: none.', examples: ['10s']}),
  backoff: backoff
    .optional()
    .meta({description: 'What the wait is multiplied by from attempt to attempt. Default: 1, which keeps it.', examples: [2]}),
  'max-delay': duration.optional().meta({description: 'The longest wait. Default: no limit.', examples: ['5m']}),
  jitter: flag.optional().meta({description: 'Shortens each wait by chance, to half of it at most. Default: false.', examples: [true]}),
  on: causes.optional().meta({
    description:
      'What is retried: `error` (a non-zero exit code or an exception), `timeout`, `worker-lost` (isolation `thread`: another task ended the worker), exit codes, `{match: …}` in what was printed last, `{exception: …}`. Default: all. Beside `error` only `timeout` may be listed.',
    examples: [['timeout', 3010, {match: '429|Too Many Requests'}, {exception: 'System.Net.Http.HttpRequestException'}]]
  }),
  not: causes.optional().meta({
    description: 'What is not retried, whatever `on` says; it takes the same.',
    examples: [[{match: 'quota exceeded'}]]
  })
}

/** Retries: a number of attempts after the first, or a map. */
export const retry = z
  .union(
    [times, z.strictObject(retryShape, {error: ({code}) => (code === 'unrecognized_keys' ? Object.keys(retryShape).join(' ') : 'a map')})],
    {error: `${timesRule}, or a map of times, delay, backoff, max-delay, jitter, on and not`}
  )
  .transform((given): RetryPolicy => {
    const policy = typeof given === 'number' ? {times: given} : given
    return {
      times: policy.times,
      delayMs: policy.delay ?? 0,
      backoff: policy.backoff ?? 1,
      maxDelayMs: policy['max-delay'] ?? Number.POSITIVE_INFINITY,
      jitter: policy.jitter ?? false,
      on: causesOf(policy.on),
      not: causesOf(policy.not) ?? []
    }
  })

function causesOf(on: RetryCause | RetryCause[] | undefined): readonly RetryCause[] | undefined {
  if (on === undefined) return undefined
  return Array.isArray(on) ? on : [on]
}
