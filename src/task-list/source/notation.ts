const yamlStart = /^(?:-\s|-$|---(?:\s|$)|%YAML\b|[A-Za-z_][\w-]*:(?:\s|$))/

/**
 * Detects the notation of an inline text. It is YAML if its first significant line starts with `- ` or `---` or looks like `word:`, or if the text
 * starts with `[` or `{` and ends with the matching bracket. `undefined` if there are only blank lines and comments.
 */
export function detectNotation(text: string): 'yaml' | 'lines' | undefined {
  const start = firstSignificant(text)
  if (start === undefined) return undefined
  const rest = text.slice(start)
  const lineEnd = rest.search(/[\r\n]/)
  const line = lineEnd === -1 ? rest : rest.slice(0, lineEnd)
  return yamlStart.test(line.trimEnd()) || yamlStart.test(line) || isBracketed(rest.trimEnd()) ? 'yaml' : 'lines'
}

/** Offset of the first character that is neither blank nor part of a `#` comment line. */
function firstSignificant(text: string): number | undefined {
  for (const {0: line, index} of text.matchAll(/[^\r\n\u2028\u2029]+/g)) {
    const start = line.search(/\S/)
    if (start >= 0 && line[start] !== '#') return index + start
  }
  return undefined
}

function isBracketed(text: string): boolean {
  return (text.startsWith('[') && text.endsWith(']')) || (text.startsWith('{') && text.endsWith('}'))
}
