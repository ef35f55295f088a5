import type {LogMarkup} from '../../log/log-markup.ts'
import {type Colors, inColorOfSign} from './colors.ts'
import {printableLine} from './printable-text.ts'

const indent = '    '

/** Log markup for people: indented blocks, and no text that a terminal or the runner would interpret. */
export function plainMarkup(colors: Colors): LogMarkup {
  const printable = (line: string) => printableLine(line, colors.isColorSupported)
  const own = (line: string) => inColorOfSign(printable(line), colors)
  const each = (lines: string, shown: (line: string) => string) => lines.split('\n').map(shown).join('\n')
  return {
    line: own,
    lines: lines => each(lines.toString(), printable),
    opening: title => `${own(title)}\n`,
    block: lines => each(lines.toString(), line => (line === '' ? '' : `${indent}${printable(line)}`)),
    closing: '',
    debug: text => colors.dim(printable(text)),
    mask: undefined
  }
}
