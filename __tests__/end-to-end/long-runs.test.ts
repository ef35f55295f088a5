import {describe, expect, test} from '@jest/globals'
import {printableLine} from '../../src/cli/terminal/printable-text.ts'
import {parseKeyValues} from '../../src/file-commands/key-values.ts'
import {mergeSummaries} from '../../src/file-commands/merge-summaries.ts'
import {openAtEnd} from '../../src/file-commands/open-block.ts'
import {workflowMarkup} from '../../src/log/log-markup.ts'
import {oneLine, plainLines} from '../../src/log/log-text.ts'
import {PartReader} from '../../src/output/part-reader.ts'
import {ShownOutput} from '../../src/output/shown-output.ts'
import {parsePsLine} from '../../src/process/process-list.ts'
import {refersToItem, showItem} from '../../src/task-list/items/item-references.ts'
import {stringNode} from '../../src/task-list/source/list-node.ts'
import {detectNotation} from '../../src/task-list/source/notation.ts'
import {codeBlock, escapeMarkdown} from '../../src/text/markdown.ts'
import {Masker} from '../../src/text/masker.ts'
import {CommandInterpreter} from '../../src/workflow-commands/interpreter.ts'
import {withoutCommands} from '../../src/workflow-commands/workflow-command.ts'
import {longRuns} from '../support/long-runs.ts'

/*
 * Each of these would take minutes, in which no timeout could fire, if it took time that grows with the square of a text. That no expression
 * does is what `npm run check` proves; here is what it cannot see, loops around expressions.
 */
/** In UTF-16 units. */
const lineLength = 64 * 1024
const runs = longRuns(lineLength)
const masker = new Masker()

const readers: readonly (readonly [name: string, read: (text: string) => unknown])[] = [
  ['the properties of a command', text => new CommandInterpreter('forward').read(`::error a=${text}::b`)],
  ['the data of a command', text => new CommandInterpreter('forward').read(`${text}::error::${text}`)],
  ['a command in brackets', text => new CommandInterpreter('forward').read(`##[error a=${text}`)],
  ['output', text => shown(text)],
  ['output that begins like a command', text => shown(`::error ${text}\n::b`)],
  ['a line of the log', text => withoutCommands(text)],
  ['a line of the terminal', text => printableLine(text, true)],
  ['a message', text => [oneLine(text), plainLines(text, {mask: value => masker.mask(value), markup: workflowMarkup})]],
  ['a text in Markdown', text => [escapeMarkdown(text), codeBlock([text])]],
  ['a summary', text => [mergeSummaries([{name: 'a', summary: text}], lineLength), openAtEnd(text)]],
  ['a summary that quotes', text => openAtEnd(`> ${text}`)],
  ['names and values', text => parseKeyValues(`A${text}\nB:${text}`, {ignoresCase: false, platform: 'linux', objection: () => undefined})],
  [
    'a name with a delimiter',
    text => parseKeyValues(`A<<${text}\n${text}`, {ignoresCase: false, platform: 'linux', objection: () => undefined})
  ],
  ['a process', text => parsePsLine(` 1 2 3 S Mon Sep 28 10:00:00 2026 ${text}`, 'MARK=1')],
  ['a list', text => detectNotation(text)],
  ['a text for an item', text => [refersToItem(text), showItem(text, stringNode('x', 0))]]
]

function shown(text: string): number {
  const reader = new PartReader({mode: 'forward', isDebug: true, onMeaning: () => {}})
  const lines = [...new ShownOutput(masker).show([...reader.take('stdout', Buffer.from(text)), ...reader.end()])]
  return lines.reduce((size, some) => size + some.length, 0)
}

describe('a text that is one thing tens of thousands of times', () => {
  test.each(readers)('is read as %s', (_, read) => {
    for (const text of runs) expect(() => read(text)).not.toThrow()
  })
})
