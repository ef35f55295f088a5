import type {YAMLError} from 'yaml'

/** What to do with PowerShell that YAML takes for its own. */
export const quoteIt = 'put the text in quotes, or write it on the lines below "- |" or "run: |"'

/** A message of yaml and what is said in its place; `$1` is what the pattern caught. The first that fits counts. */
const wordings: readonly (readonly [RegExp, string])[] = [
  [/^A block sequence may not be used/, 'this "- " is indented deeper than the ones above it; align them'],
  [/^Unexpected block-seq-ind on same line/, '"- " cannot follow "key:" on its line; put the list on the lines below, or write [a, b]'],
  [/^Tabs are not allowed/, 'a tab cannot indent YAML; use spaces'],
  [/^Nested mappings are not allowed/, `": " makes a key and its value, and there is one already; if it belongs to the text, ${quoteIt}`],
  [/^Plain value cannot start with (?:.* )?(\S+)$/, `a value cannot start with $1; ${quoteIt}`],
  [/^(?:Anchor|Alias) /, `"&" starts an anchor and "*" an alias; if this is PowerShell, ${quoteIt}`],
  [/^Unresolved tag: tag:yaml\.org,2002:(int|float|bool|null)$/, 'expected the value that its tag !!$1 says'],
  [/^Unresolved tag: (?:tag:yaml\.org,2002:)?(.+)$/s, `"!" starts a tag, and there is none named "$1"; if this is PowerShell, ${quoteIt}`],
  [/^Sequence item without - indicator/, 'expected "- ", or the indentation of the lines above'],
  [/^All (?:mapping|sequence) items must start/, 'expected the indentation of the lines above'],
  [
    /^Implicit map keys need to be followed/,
    'expected "key: value"; a line that belongs to the text above has to be indented more than its key'
  ],
  [
    /^Implicit keys (?:of flow sequence pairs )?need to be on a single line/,
    'expected "key: value" on one line, or the indentation of the lines above'
  ],
  [/^Flow (?:map|sequence) .*(?:end with|with a) a? ?([\]}])$/, 'expected "$1" before this, and the lines up to it indented'],
  [/^Missing , (?:or : )?between/, 'expected "," before this'],
  [/^Missing space after :/, 'expected a space after ":"'],
  [/^Missing closing (.)quote/, 'the text that $1 opens here is never closed'],
  [/^Invalid escape sequence (.*)$/s, 'unknown escape $1; in "…" a backslash is written \\\\, in \'…\' just \\'],
  [/^Block scalar header includes extra characters: (.*)$/s, 'after "|" or ">" the text begins on the next line, got $1'],
  [
    /^Block scalar values in collections must be indented|^Block scalars with/,
    'the text below "|" or ">" has to be indented, by as many spaces in its first line as in all others'
  ],
  [/ at node end$/, `the value ends before this; if it belongs to the text, ${quoteIt}`],
  [/^(an integer of more than \d+ digits)/, 'expected a number, got $1; put it in quotes if it is a text'],
  [/^The : indicator must be/, 'a key can have 1,024 characters at most'],
  [/^Comments must be separated/, 'expected a space before "#"'],
  [/^Unexpected .* token in YAML stream: (.*)$/s, 'unexpected $1']
]

/** What is wrong at a syntax error or warning of yaml, which is at `offset` in `text`, and what to do about it. */
export function syntaxMessage({message}: YAMLError, text: string, offset: number): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const before = text.slice(lineStart, offset)
  const rest = /[^\r\n]*/.exec(text.slice(offset, offset + maxLine))?.[0] ?? ''
  if (/^(?:- )*\s*$/.test(before) && `${before}${rest}`.match(/^[\s-]*/)?.[0].includes('\t')) return 'a tab cannot indent YAML; use spaces'
  if (/ at node end$/.test(message) && before === '' && /^-\S/.test(rest)) return 'expected a space after "-"'
  if (/ at node end$/.test(message) && before.trim() === '' && /^[A-Za-z_][\w-]*:(?:\s|$)/.test(rest)) {
    return 'this line is indented less than the entry above it; if it belongs to that entry, align it with its keys'
  }
  if (/^Nested mappings/.test(message) && !/:(?:\s|$)/.test(rest)) {
    return 'the next line is indented so deep that it belongs to this value; align it with the keys above'
  }
  for (const [pattern, wording] of wordings) {
    const found = pattern.exec(message)
    if (found !== null) return wording.replace('$1', () => shorten(found[1] ?? ''))
  }
  return `YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`
}

const maxLine = 1000

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
