import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {showItem, withoutItem} from '../../../src/task-list/items/item-references.ts'
import {stringNode} from '../../../src/task-list/source/list-node.ts'
import {shortRun} from '../../support/long-runs.ts'
import {runs} from '../../support/runs.ts'

const item = stringNode('x', 0)

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: `${_}` is the notation of the list
describe('a reference to an item', () => {
  test.each([
    ['$_', 'x'],
    ['a ${_} b', 'a x b'],
    ['$$_ $${_}', '$$_ $${_}'],
    ['${_.a $_', '${_.a x'],
    ['${_ $_', '${_ x'],
    ['} ${_. ${_.', '} ${_. ${_.'],
    ['${${_}', '${x'],
    ['$_y $_', '$_y x'],
    ['$_.', 'x.']
  ])('in %j is shown as %j', (text, shownText) => {
    expect(showItem(text, item)).toBe(shownText)
  })

  test('stands where the one expression for it says, which takes time that grows with the square of a text', () => {
    const expression =
      /(?<literal>\$\$(?=_|\{_))|\$\{_(?<braced>(?:\.[^}]*)?)\}|\$_(?<letters>[\p{L}\p{N}_]+)?(?<keys>(?:\.[\p{L}\p{N}_]+)*)/gu
    const part = fc.oneof(fc.constantFrom('$_', '$$', '${_', '}', '.', 'a', '{', '$', '_', '${_}', '${_.a}', ' '), shortRun)
    fc.assert(
      fc.property(fc.array(part), parts => {
        const text = parts.join('')
        expect(withoutItem(text)).toBe(text.replace(expression, (found: string) => (found === '$$' ? '$' : '')))
      }),
      {numRuns: runs(3000)}
    )
  })
})
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the end of the texts
