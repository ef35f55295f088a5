/** Lines longer than this are wrapped at white space, in UTF-16 units. */
export const wrapLength = 4 * 1024

/** The most that is shown of a line without white space, in UTF-16 units. */
export const longestWord = 64 * 1024

/**
 * Wraps long lines, because the time that the runner takes to mask a line grows with the square of its length. A line is wrapped only after white
 * space, so that no secret is split; a line without any is cut at `longestWord`, with a note of how much is left out.
 * Source: actions/runner, src/Sdk/DTLogging/Logging/RegexSecret.cs, and its issue 1031.
 */
export class LineWrapper {
  #line = ''
  #isCutting = false
  #leftOut = 0

  /** Adds text to the current line. Returns the wrapped lines that are complete. */
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

  /** Ends the current line and returns its rest. */
  end(): string {
    const note = this.#isCutting ? ` [pwsh-pool: ${this.#leftOut.toLocaleString('en')} more characters of this line are left out]` : ''
    const line = `${this.#line}${note}`
    this.#line = ''
    this.#isCutting = false
    this.#leftOut = 0
    return line
  }

  /** Adds complete lines to `lines`. Returns the text after the cut, empty if the line is not cut. */
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

/** Where to wrap: after the last white space within `wrapLength`, else after the first one; 0 if there is none yet. */
function wrapEnd(line: string): number {
  const last = Math.max(line.lastIndexOf(' ', wrapLength - 1), line.lastIndexOf('\t', wrapLength - 1)) + 1
  if (last > 0 && line.slice(0, last).trim() !== '') return last
  const next = line.slice(Math.max(last, 0), longestWord).search(/\S[ \t]/)
  return next < 0 ? 0 : last + next + 2
}
