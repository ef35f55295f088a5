import type {YAMLError} from 'yaml'

/** The advice for PowerShell text that YAML reads as its own syntax. */
export const quoteIt = 'put the text in quotes, or write it on the lines below "- |" or "run: |"'

/**
 * The message for a syntax error or warning of yaml at `offset` in `text`: what is wrong and how to fix it. `missing`: the quote, bracket or comma
 * that should be there.
 */
export function syntaxMessage(error: YAMLError, text: string, offset: number, missing: string | undefined): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const before = text.slice(Math.max(lineStart, offset - maxLine), offset)
  const rest = /[^\r\n]*/.exec(text.slice(offset, offset + maxLine))?.[0] ?? ''
  if (/^(?:- )*\s*$/.test(before) && `${before}${rest}`.match(/^[\s-]*/)?.[0].includes('\t')) return tabMessage
  if (missing === '"' || missing === "'") return `the text that ${missing} opens here is never closed`
  if (missing !== undefined) return `expected "${missing}" before this${missing === ',' ? '' : ', and the lines up to it indented'}`
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return tabMessage
    case 'BLOCK_AS_IMPLICIT_KEY':
      if (/^\s*-\s/.test(rest)) return 'this "- " is indented deeper than the ones above it; align them'
      if (!/:(?:\s|$)/.test(rest)) return 'the next line is indented so deep that it belongs to this value; align it with the keys above'
      return `": " makes a key and its value, and there is one already; if it belongs to the text, ${quoteIt}`
    case 'BAD_SCALAR_START':
      return `a value cannot start with ${rest.charAt(0)}; ${quoteIt}`
    case 'BAD_ALIAS':
    case 'ALIAS_PROPS':
      return `"&" starts an anchor and "*" an alias; if this is PowerShell, ${quoteIt}`
    case 'MULTIPLE_ANCHORS':
    case 'MULTIPLE_TAGS':
      return 'expected at most one anchor and one tag before a value'
    case 'TAG_RESOLVE_FAILED':
      return rest.startsWith('!')
        ? tagMessage(text.slice(...error.pos))
        : `expected a number, got ${error.message}; put it in quotes if it is a text`
    case 'BAD_INDENT':
      return 'expected the indentation of the lines above'
    case 'MULTILINE_IMPLICIT_KEY':
      return 'expected "key: value" on one line, or the indentation of the lines above'
    case 'KEY_OVER_1024_CHARS':
      return 'a key can have 1,024 characters at most'
    case 'BAD_DQ_ESCAPE':
      return `unknown escape ${rest.slice(0, 2)}; in "…" a backslash is written \\\\, in '…' just \\`
    case 'MISSING_CHAR':
      return missingMessage(rest)
    case 'UNEXPECTED_TOKEN':
      return unexpectedMessage(before, rest)
    default:
      return `YAML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`
  }
}

const maxLine = 1000
const tabMessage = 'a tab cannot indent YAML; use spaces'

function tagMessage(tag: string): string {
  const known = /^!!(int|float|bool|null)$/.exec(tag)?.[1]
  if (known !== undefined) return `expected the value that its tag !!${known} says`
  return `"!" starts a tag, and there is none named "${shorten(tag.replace(/^!!/, ''))}"; if this is PowerShell, ${quoteIt}`
}

function missingMessage(rest: string): string {
  if (rest.startsWith('#')) return 'expected a space before "#"'
  if (rest.startsWith(':')) return 'expected a space after ":"'
  if (/^(?:\s|$)/.test(rest)) return 'expected "- ", or the indentation of the lines above'
  return 'expected "key: value"; a line that belongs to the text above has to be indented more than its key'
}

function unexpectedMessage(before: string, rest: string): string {
  const header = /(?:^|\s)([|>][-+\d]*)$/.exec(before)?.[1]
  if (header !== undefined)
    return `after "|" or ">" the text begins on the next line, got ${shorten(header + (/^\S*/.exec(rest)?.[0] ?? ''))}`
  if (/:\s+$/.test(before) && /^-(?:\s|$)/.test(rest))
    return '"- " cannot follow "key:" on its line; put the list on the lines below, or write [a, b]'
  if (before === '' && /^-\S/.test(rest)) return 'expected a space after "-"'
  if (before.trim() === '' && /^[A-Za-z_][\w-]*:(?:\s|$)/.test(rest))
    return 'this line is indented less than the entry above it; if it belongs to that entry, align it with its keys'
  if (/^[,\]}]/.test(rest)) return `unexpected "${rest.charAt(0)}"`
  return `the value ends before this; if it belongs to the text, ${quoteIt}`
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
