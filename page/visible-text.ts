/** Characters that change the direction of what follows. Source: Unicode, UAX #9, 2. */
const directions = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const controls = /[\u0000-\u0008\u000a-\u001f\u007f]/g
const others = /[\u0080-\u009f\ufeff\ufff9-\ufffb]/g

/** Text of a task as one line in which control characters, and characters that change the text direction, are visible. */
export function visibleText(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(controls, character => (character === '\u007f' ? '\u2421' : String.fromCharCode(0x2400 + character.charCodeAt(0))))
    .replace(directions, codePoint)
    .replace(others, codePoint)
}

const codePoint = (character: string): string => `\u27e8U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}\u27e9`
