import {createColors} from 'picocolors'

/** Functions that color a text, or return it unchanged without colors. */
export type Colors = ReturnType<typeof createColors>

/**
 * Whether to use colors: decided by `NO_COLOR` (https://no-color.org), then by `FORCE_COLOR` (https://force-color.org); otherwise `true` in a
 * terminal that is not `dumb`.
 */
export function wantsColors(environment: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const {NO_COLOR, FORCE_COLOR, TERM} = environment
  if (NO_COLOR) return false
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return isTerminal && TERM !== 'dumb'
}

/** Colors if wanted, otherwise identity functions. */
export function colorsFor(isWanted: boolean): Colors {
  return createColors(isWanted)
}

/** Colors a line by the sign at its start. */
export function inColorOfSign(line: string, colors: Colors): string {
  switch (line.charAt(0)) {
    case '✓':
      return colors.green(line)
    case '✗':
      return colors.red(line)
    case '⊘':
    case '↻':
    case '◷':
      return colors.yellow(line)
    default:
      return line
  }
}
