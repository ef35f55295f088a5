/** Request at the end of a bug message. */
const where = 'please report it with this text'

/** An exception that is a bug in pwsh-pool, as one line with its place in the program. */
export function describeBug(error: unknown): string {
  const {message, stack} = errorOf(error)
  const place = stack?.split('\n').find(line => /^\s+at /.test(line))
  return `this is a bug of pwsh-pool, ${where}: ${message.replaceAll(/\s+/g, ' ')}${place === undefined ? '' : ` (${place.trim()})`}`
}

/** An uncaught exception as one line: a system error by its message, anything else as a bug. */
export function describeFault(error: unknown): string {
  return isSystemError(error) ? `the system refused something that pwsh-pool cannot do without: ${error.message}` : describeBug(error)
}

function errorOf(error: unknown): {readonly message: string; readonly stack?: string | undefined} {
  if (typeof error !== 'object' || error === null || !('message' in error)) return {message: String(error)}
  const {message, stack} = error as {readonly message: unknown; readonly stack?: unknown}
  return {message: String(message), stack: typeof stack === 'string' ? stack : undefined}
}

/** Whether this is a system error (full disk, limit, missing rights), which is no bug and explains itself. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error
}
