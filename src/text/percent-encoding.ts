/** `text` as it goes between PowerShell and us. By way of bytes, because half a surrogate pair cannot be encoded, nor be in an environment. */
export function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
}

/** What PowerShell has percent-encoded; the text itself if it has not. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
