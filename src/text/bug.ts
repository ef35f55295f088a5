/** Where somebody tells of a bug. */
const where = 'please report it with this text'

/** What is said of something that was thrown and is nobody's fault but ours: one line, with the place in the program. */
export function describeBug(error: unknown): string {
  const {message, stack} = errorOf(error)
  const place = stack?.split('\n').find(line => /^\s+at /.test(line))
  return `this is a bug of pwsh-pool, ${where}: ${message.replaceAll(/\s+/g, ' ')}${place === undefined ? '' : ` (${place.trim()})`}`
}

/** What is said of something that was thrown and that nothing could deal with: what the system refused, or a bug of ours. */
export function describeFault(error: unknown): string {
  return isSystemError(error) ? `the system refused something that pwsh-pool cannot do without: ${error.message}` : describeBug(error)
}

function errorOf(error: unknown): {readonly message: string; readonly stack?: string | undefined} {
  if (typeof error !== 'object' || error === null || !('message' in error)) return {message: String(error)}
  const {message, stack} = error as {readonly message: unknown; readonly stack?: unknown}
  return {message: String(message), stack: typeof stack === 'string' ? stack : undefined}
}

/** Whether the system refused something: a full disk, a limit, missing rights. That is no bug, and its message says what. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error
}
