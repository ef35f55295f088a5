const spaces = ' \t\n\v\f\r'
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const nameStarts = `${letters}_:`
const nameParts = `${nameStarts}0123456789.-`
const noUnquoted = `${spaces}"'=<>\``

/**
 * The end of the attribute of a tag at `at`, the white space before it included; `at` if there is none. Source: GitHub Flavored Markdown, 6.10 Raw HTML.
 * By characters: an expression that is run a million times, or over a megabyte, may throw "Maximum call stack size exceeded".
 */
export function attributeEnd(line: string, at: number): number {
  const name = skip(line, at, spaces)
  if (name === at || !isOneOf(line, name, nameStarts)) return at
  const end = skip(line, name, nameParts)
  const sign = skip(line, end, spaces)
  return (line[sign] === '=' ? valueEnd(line, skip(line, sign + 1, spaces)) : undefined) ?? end
}

function valueEnd(line: string, at: number): number | undefined {
  const quote = line[at]
  if (quote === '"' || quote === "'") return line.indexOf(quote, at + 1) + 1 || undefined
  let end = at
  while (end < line.length && !isOneOf(line, end, noUnquoted)) end++
  return end > at ? end : undefined
}

function skip(line: string, at: number, characters: string): number {
  let end = at
  while (isOneOf(line, end, characters)) end++
  return end
}

const isOneOf = (line: string, at: number, characters: string): boolean => at < line.length && characters.includes(line.charAt(at))
