/** `\n` as a byte. */
export const lineFeed = 0x0a

/** `\r` as a byte. */
export const carriageReturn = 0x0d

/** What ends a line: `\n`, `\r\n` or a lone `\r`, as in the runner's reader. Source: .NET, `StreamReader.ReadLine`. */
export const lineEnd = /\r\n|\n|\r/
