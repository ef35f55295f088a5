import {withoutEscapeSequences} from '../../text/plain-text.ts'

const esc = '\u001B'

/** A change of color or weight, the only escape sequence that does not move the cursor. */
const rendition = new RegExp(`(${esc}\\[[\\d;:]*m)`)

/** Control characters except tab, and the line and paragraph separators, which some terminals act on. */
const control = /(?!\t)[\p{Cc}\p{Zl}\p{Zp}]/u
const controls = /(?!\t)[\p{Cc}\p{Zl}\p{Zp}]/gu

/**
 * Removes escape sequences and control characters from a line. `keepsColors`: keeps color changes, and resets them at the end of the line.
 * Precondition: no `\n` in it.
 */
export function printableLine(line: string, keepsColors: boolean): string {
  if (!control.test(line)) return line
  if (!keepsColors || !rendition.test(line)) return plainText(line)
  const parts = line.split(rendition)
  return `${parts.map((part, i) => (i % 2 === 1 ? part : plainText(part))).join('')}${esc}[0m`
}

function plainText(text: string): string {
  return withoutEscapeSequences(text).replace(controls, '')
}

/** Characters whose width differs between terminals, or that affect their neighbors: joiners, directions, variation selectors. */
const unsteady = /[\p{Cf}\p{Variation_Selector}]/gu

/** A line for a redrawn area: as `printableLine` without colors, on one line, tabs as spaces, without characters of uncertain width. */
export function steadyLine(line: string): string {
  return plainText(line.replaceAll('\t', '  ').replace(/[\r\n]+/g, ' ')).replace(unsteady, '')
}
