import {lineEnd} from './line-ends.ts'

/**
 * Decodes a file as the runner's .NET does: UTF-8, or as its byte order mark says, which is removed. Invalid bytes become U+FFFD. `isCut`: the bytes
 * are the beginning of a longer file, so an incomplete last character is dropped.
 * Source: dotnet/runtime, StreamReader.cs (`File.ReadAllText` and `ReadAllLines` use it).
 */
export function fileText(bytes: Uint8Array, isCut = false): string {
  const encoding = encodingOf(bytes)
  if (encoding === 'utf-32le' || encoding === 'utf-32be') return utf32Text(bytes, encoding === 'utf-32le', isCut)
  return new TextDecoder(encoding).decode(bytes, {stream: isCut})
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be'

function encodingOf([first, second, third, fourth]: Uint8Array): Encoding {
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? 'utf-32le' : 'utf-16le'
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return 'utf-32be'
  return 'utf-8'
}

// TextDecoder does not support it, but PowerShell's `-Encoding utf32` writes it.
function utf32Text(bytes: Uint8Array, isLittleEndian: boolean, isCut: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const pieces: string[] = []
  let offset = 4
  for (; offset + 4 <= bytes.length; offset += 4) {
    const code = view.getUint32(offset, isLittleEndian)
    const isCharacter = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
    pieces.push(isCharacter ? String.fromCodePoint(code) : '\uFFFD')
  }
  if (offset < bytes.length && !isCut) pieces.push('\uFFFD')
  return pieces.join('')
}

/** Splits lines as .NET's `ReadLine` does: at `\n`, `\r\n` or a lone `\r`; there is no empty last line. */
export function fileLines(text: string): string[] {
  const lines = text.split(lineEnd)
  if (lines.at(-1) === '') lines.pop()
  return lines
}
