const lineFeed = 0x0a
const carriageReturn = 0x0d

/** Makes the ends of lines alike, in memory that is used again. */
export class LineFeeds {
  #memory = Buffer.alloc(0)

  /** The same lines, each with `\n` for `\r\n` or a lone `\r`; lent until it is asked again. */
  of(bytes: Buffer): Buffer {
    if (!bytes.includes(carriageReturn)) return bytes
    if (this.#memory.length < bytes.length) this.#memory = Buffer.allocUnsafeSlow(bytes.length)
    const memory = this.#memory
    let size = 0
    // Byte by byte: with lines as they are, searching and copying costs as much, and text ten times that.
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0
      if (byte !== carriageReturn) memory[size++] = byte
      else if (bytes[at + 1] !== lineFeed) memory[size++] = lineFeed
    }
    return memory.subarray(0, size)
  }
}
