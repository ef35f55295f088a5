/**
 * Encodes `text` for the protocol with PowerShell. It goes through bytes, because half a surrogate pair can be neither encoded nor in an environment.
 */
export function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
}

/** Decodes text from PowerShell; text that is not encoded is returned as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
