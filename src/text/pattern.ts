import {RE2JS, RE2JSException, RE2JSSyntaxException} from 're2js'
import {failure, type Result, success} from '../model/result.ts'

/** A regular expression that takes linear time, whatever it and the text are (RE2). */
export interface Pattern {
  /** The first match in `text`, or `undefined`. Lines end in `\n`. */
  find(text: string): string | undefined
}

/** The largest program of a pattern, in instructions: time is this times the length of the text. A letter is one, `x{9}` nine. */
const maxProgramSize = 500

/** The longest pattern, in UTF-16 units: parsing a longer one takes long. */
const maxLength = 1000

/** Case is ignored, as by `-match` in PowerShell, and `^` and `$` are the beginning and end of a line. `(?-i)` and `(?-m)` change that. */
const flags = RE2JS.CASE_INSENSITIVE | RE2JS.MULTILINE

/** The last patterns: lists that a script makes repeat theirs in every entry. */
const known = new Map<string, Result<Pattern, string>>()
const maxKnown = 100

/** Compiles a pattern. The error says in a few words what is wrong with it. */
export function compilePattern(source: string): Result<Pattern, string> {
  const same = known.get(source)
  if (same !== undefined) return same
  if (known.size >= maxKnown) known.clear()
  const compiled = compile(source)
  known.set(source, compiled)
  return compiled
}

function compile(source: string): Result<Pattern, string> {
  if (source.length > maxLength) return failure(`it is longer than ${maxLength} characters`)
  try {
    const compiled = RE2JS.compile(source, flags)
    if (compiled.programSize() > maxProgramSize) return failure('it is too large; use fewer or smaller repetitions')
    if (compiled.matches('')) return failure('it matches the empty text, so everything')
    return success({
      find: text => {
        const matcher = compiled.matcher(text)
        return matcher.find() ? (matcher.group() ?? undefined) : undefined
      }
    })
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return failure(syntaxError(error, source))
    if (error instanceof RE2JSException) return failure(error.message)
    throw error
  }
}

// The flags stand in front of the whole pattern, where that is what the error is about.
function syntaxError({error, input}: RE2JSSyntaxException, source: string): string {
  const part = input?.endsWith(source) === true ? source : input
  return [error, part].filter(each => each).join(': ')
}
