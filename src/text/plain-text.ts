const esc = '\\u001B'
const bel = '\\u0007'
/** What begins or ends a sequence, or breaks one off. Source: ECMA-48, 5.6 and 8.3; xterm, "Control sequences". */
const breaks = `${esc}${bel}\\u0018\\u001A\\u0080-\\u009F`

/** Operating system commands (a title, a hyperlink, progress) and the other strings, with all that is in them, to their end. */
const strings = `(?:${esc}[\\]PX^_]|[\\u0090\\u0098\\u009D-\\u009F])[^${breaks}]*(?:${bel}|${esc}\\\\|\\u009C)`
/** Changes of color, movements of the cursor and their like. */
const controls = `(?:${esc}\\[|\\u009B)[0-?]*[ -/]*[@-~]`
/** Short ones, and the first characters of a longer one that does not go on as it should. */
const others = `${esc}[ -/]*[0-~]`

const sequences = new RegExp(`${strings}|${controls}|${others}`, 'g')

/**
 * `text` without escape sequences, each of which is left out whole. Of a string without an end only its introducer is. Node's own
 * `stripVTControlCharacters` keeps what stands after a space in a title.
 */
export function withoutEscapeSequences(text: string): string {
  return text.replace(sequences, '')
}
