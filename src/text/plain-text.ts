const esc = '\\u001B'
const bel = '\\u0007'
/** Characters that begin, end or abort a sequence. Source: ECMA-48, 5.6 and 8.3; xterm, "Control sequences". */
const breaks = `${esc}${bel}\\u0018\\u001A\\u0080-\\u009F`

/** Operating system commands (title, hyperlink, progress) and other strings, with their content. */
const strings = `(?:${esc}[\\]PX^_]|[\\u0090\\u0098\\u009D-\\u009F])[^${breaks}]*(?:${bel}|${esc}\\\\|\\u009C)`
/** Control sequences: colors, cursor movements. */
const controls = `(?:${esc}\\[|\\u009B)[0-?]*[ -/]*[@-~]`
/** Short sequences, and the beginning of a longer one that is malformed. */
const others = `${esc}[ -/]*[0-~]`

const sequences = new RegExp(`${strings}|${controls}|${others}`, 'g')

/**
 * Removes escape sequences completely; of a string without an end, only its introducer. Node's `stripVTControlCharacters` keeps the text after a
 * space in a title.
 */
export function withoutEscapeSequences(text: string): string {
  return text.replace(sequences, '')
}
