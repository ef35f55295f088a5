/** Past this many UTF-16 units a line is wrapped where there is white space. */
export const wrapLength = 4 * 1024

/** The most that is shown of what has no white space in it, in UTF-16 units. */
export const longestWord = 64 * 1024

/**
 * Wraps lines that are too long for a log: the time that the runner's masks take grows with the square of a line. A line is wrapped after
 * white space only, so that no secret is torn; what has none is shown up to `longestWord`, with a note of how much is left out.
 * Source: actions/runner, src/Sdk/DTLogging/Logging/RegexSecret.cs, and its issue 1031.
 */
export class LineWrapper {
  #line = ''
  #isCutting = false
  #leftOut = 0

  /** The lines that are complete with more text of the line at hand. */
  push(text: string): string[] {
    const lines: string[] = []
    let rest = text
    while (rest !== '') {
      if (this.#isCutting) {
        const space = rest.search(/[ \t]/)
        this.#leftOut += space < 0 ? rest.length : space
        if (space < 0) break
        lines.push(this.end())
        rest = rest.slice(space)
      } else rest = this.#wrap(rest, lines)
    }
    return lines
  }

  /** The rest of the line at hand, which is over. */
  end(): string {
    const note = this.#isCutting ? ` [pwsh-pool: ${this.#leftOut.toLocaleString('en')} more characters of this line are left out]` : ''
    const line = `${this.#line}${note}`
    this.#line = ''
    this.#isCutting = false
    this.#leftOut = 0
    return line
  }

  /** Adds complete lines; returns the text from which on the line is cut, or nothing. */
  #wrap(text: string, lines: string[]): string {
    this.#line += text
    while (this.#line.length > wrapLength) {
      const end = wrapEnd(this.#line)
      if (end > 0) {
        lines.push(this.#line.slice(0, end))
        this.#line = this.#line.slice(end)
      } else if (this.#line.length > longestWord) {
        const cut = longestWord - (/[\ud800-\udbff]/.test(this.#line.charAt(longestWord - 1)) ? 1 : 0)
        const rest = this.#line.slice(cut)
        this.#line = this.#line.slice(0, cut)
        this.#isCutting = true
        return rest
      } else break
    }
    return ''
  }
}

/** Where a line is best wrapped: after the last white space that fits, or after the first there is; 0 if there is none to be had yet. */
function wrapEnd(line: string): number {
  const last = Math.max(line.lastIndexOf(' ', wrapLength - 1), line.lastIndexOf('\t', wrapLength - 1)) + 1
  if (last > 0 && line.slice(0, last).trim() !== '') return last
  const next = line.slice(Math.max(last, 0), longestWord).search(/\S[ \t]/)
  return next < 0 ? 0 : last + next + 2
}
