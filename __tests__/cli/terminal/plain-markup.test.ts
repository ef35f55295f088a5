import {describe, expect, test} from '@jest/globals'
import {colorsFor} from '../../../src/cli/terminal/colors.ts'
import {plainMarkup} from '../../../src/cli/terminal/plain-markup.ts'

const esc = '\u001B'

describe('plainMarkup', () => {
  const plain = plainMarkup(colorsFor(false))
  const colored = plainMarkup(colorsFor(true))

  test('indents the lines of a block, and leaves blank lines blank', () => {
    expect(plain.opening('✓ build (1.0 s)') + plain.block('one\n\n  two\n') + plain.closing).toBe('✓ build (1.0 s)\n    one\n\n      two\n')
    expect(plain.block(Buffer.from('bytes\n'))).toBe('    bytes\n')
  })

  test('shows what would be a workflow command as the text that it is', () => {
    expect(plain.line('::error::x')).toBe('::error::x')
    expect(plain.mask).toBeUndefined()
  })

  test('takes out what would act upon a terminal, and colors too where there are none', () => {
    expect(plain.lines(`[a] ${esc}[31mred${esc}[2J\n`)).toBe('[a] red\n')
    expect(colored.lines(`[a] ${esc}[31mred${esc}[2J\n`)).toBe(`[a] ${esc}[31mred${esc}[0m\n`)
    expect(colored.opening('✗ bad')).toBe(`${colorsFor(true).red('✗ bad')}\n`)
  })
})
