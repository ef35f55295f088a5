import {withoutEscapeSequences} from '../text/plain-text.ts'

const esc = '\u001B'

/** A change of color or weight: the one escape sequence that leaves everything where it is. */
const rendition = new RegExp(`(${esc}\\[[\\d;:]*m)`)

/** Control characters but for the tab, and the separators of lines and paragraphs, which some terminals act upon. */
const control = /(?!\t)[\p{Cc}\p{Zl}\p{Zp}]/u
const controls = /(?!\t)[\p{Cc}\p{Zl}\p{Zp}]/gu

/**
 * A line as text that does nothing to a terminal or a file: without escape sequences and control characters. `keepsColors`: changes of color
 * stay, and end with the line. Precondition: no `\n` in it.
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

/** Characters whose width terminals do not agree on, or that move what stands beside them: joiners, directions, variation selectors. */
const unsteady = /[\p{Cf}\p{Variation_Selector}]/gu

/**
 * A line for a place that is drawn over and over: as `printableLine` without colors, on one line, with spaces for tabs, and without what makes
 * the width of a text a matter of opinion.
 */
export function steadyLine(line: string): string {
  return plainText(line.replaceAll('\t', '  ').replace(/[\r\n]+/g, ' ')).replace(unsteady, '')
}
