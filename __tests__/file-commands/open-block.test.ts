import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {marked} from 'marked'
import {closed, openAtEnd} from '../../src/file-commands/open-block.ts'
import {processorMs} from '../support/processor-time.ts'
import {runs} from '../support/runs.ts'

const closingLine = (markdown: string): string => openAtEnd(markdown).closingLine

const lines = fc.constantFrom(
  '```',
  '````',
  '~~~',
  '``` text',
  '   ```',
  '```x`',
  'text',
  '',
  '~~~~ x',
  '<!--',
  '-->',
  '<details>',
  '> ```',
  '> text'
)

describe('the line that closes what is open', () => {
  test.each([
    ['', ''],
    ['text', ''],
    ['```\ncode', '```'],
    ['```\ncode\n```', ''],
    ['````md\n```\n```', '````'],
    ['```\n~~~', '```'],
    ['~~~ `x`\ncode', '~~~'],
    ['``` `code span` ```', ''],
    ['   ```\ncode', '```'],
    ['    ```\nindented code', ''],
    ['```\ncode\n``` not an end', '```'],
    ['```\r\ncode\r\n```  \r\n', ''],
    ['<!-- never ended', '-->'],
    ['<!-- ended --> text', ''],
    ['```\n<!--\n```', ''],
    ['<!--\n```\n-->', ''],
    ['<pre>\ntext', '</pre>'],
    ['<PRE class="x">text</PRE>', ''],
    ['<?php', '?>'],
    ['<![CDATA[\ntext', ']]>'],
    ['<details>\n\ntext', ''],
    ['<details>\n```\n\ntext', ''],
    ['<br/>\n```\n\ntext', ''],
    ['text\n<br/>\n```\ncode', '```'],
    ['- ```\n  code', ''],
    ['- item\n\n  ```\n  code', ''],
    ['- item\n\n  ```\n  code\nafter the list', ''],
    ['- item\n\n```\ncode', '```'],
    ['- item\nstill the item\n```\ncode', '```'],
    ['1. > ```\n   > code', ''],
    ['> ```\n> code', ''],
    ['> ```\n```\ncode', '```'],
    ['* * *\n  ```\ncode', '```'],
    ['text\n2. ```\n```', '```'],
    ['-\t```\n\tcode', ''],
    ['-\n\n  ```\ncode', '```'],
    ['<!DOCTYPE', '>'],
    ['[a]: b\n<a>\n```\ncode', ''],
    ['<a b = "x" c>\n```\ncode', ''],
    ["<a  b = 'x y' c>\n```\ncode", ''],
    ['<a b="x>\n```\ncode', '```'],
    ['<a b=>\n```\ncode', '```'],
    ['<a >\n```\ncode', ''],
    ['<ab\n```\ncode', '```']
  ])('of %j is %j', (markdown, expected) => {
    expect(closingLine(markdown)).toBe(expected)
  })

  test('lets a heading after it be a heading, whatever comes before', () => {
    fc.assert(
      fc.property(fc.array(lines, {maxLength: 8}), list => {
        const markdown = list.join('\n')
        const html = marked.parse(`${markdown}\n${closingLine(markdown)}\n\n# After\n`, {async: false})
        expect(html).toMatch(/<h1>After<\/h1>\n$/)
      }),
      {numRuns: runs(600)}
    )
  })

  test.each([' b', ' b=x', " b='x'", ' b="x"'])('is found where a tag has millions of attributes: %s', attribute => {
    expect(closingLine(`<a b${attribute.repeat(2 ** 20)}>`)).toBe('')
    expect(closingLine(`<a b${attribute.repeat(2 ** 20)}`)).toBe('')
  })

  // The square of this size is minutes for an expression that begins anew at each character.
  test('is found in 256 KiB of anything in time that grows with the size alone', () => {
    const size = 2 ** 18
    const spent = processorMs(() => {
      for (const piece of ['> ', '* ', '- ', '1. ', '```\n', '>\n', '<!--', '`', '\t', ' ', '<a ', '<a b="', "='", '- a\n  ', '\n']) {
        closingLine(piece.repeat(size / piece.length))
        closingLine(`<a b${piece.repeat(size / piece.length)}`)
      }
    })
    expect(spent).toBeLessThan(20_000)
  })
})

describe('a page that is closed', () => {
  test.each([
    ['text', ''],
    ['```\ncode', '\n```'],
    ['<details>\n\ntext', '\n</details>'],
    ['<details><summary>more</summary>\n\ntext\n\n</details>', ''],
    ['<details>\n\n<details open>\n\ntext\n\n</details>', '\n</details>'],
    ['<details>\n\n<DETAILS\nopen>', '\n</details>\n</details>'],
    ['</details>\n\n<details>', '\n</details>'],
    ['<details>\n\n```\ncode', '\n```\n</details>'],
    ['<pre>\n<details>', '\n</pre>\n</details>'],
    ['```\n<details>\n```', ''],
    ['<!-- <details> -->', ''],
    ['<!-- <details>', '\n-->'],
    ['<details>\n<!-- more\n\ntext', '\n<!-- -->\n</details>'],
    ['> <div>\n> <!-- more\n\ntext', '\n<!-- -->'],
    ['- <details>\n\n  text', ''],
    ['> <details>', ''],
    ['`<details>`', ''],
    ['<details-menu>', '']
  ])('of %j has %j below it', (markdown, added) => {
    expect(closed(markdown)).toBe(`${markdown}${added}`)
  })

  test('leaves nothing open', () => {
    fc.assert(
      fc.property(fc.array(lines, {maxLength: 8}), list => {
        expect(openAtEnd(closed(list.join('\n')))).toEqual({closingLine: '', closingHtml: []})
      }),
      {numRuns: runs(600)}
    )
  })
})
