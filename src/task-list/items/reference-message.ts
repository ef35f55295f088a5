import {unreachable} from '../../model/unreachable.ts'
import {quoted} from '../../text/quoted.ts'
import {describeNode, type ListNode} from '../source/list-node.ts'
import type {MistakeLog} from '../source/mistakes.ts'
import type {ReferenceMistake} from './item-references.ts'

/** The message for a reference without a value. `which`: the item, as `item 3 of foreach`. */
export function referenceMessage(mistake: ReferenceMistake, item: ListNode, which: string, mistakes: MistakeLog): string {
  switch (mistake.reason) {
    case 'unknown-key':
      return `${which} has no key ${quoted(mistake.key)}${mistakes.hint(mistake.key, mistake.known)}`
    case 'no-map':
      return `${which} is ${describeNode(item)}, which has no key ${quoted(mistake.key)}; $_ is the item itself`
    case 'no-text':
      return `${quoted(mistake.reference)} is ${article(mistake.kind)} in ${which}, which has no text${exampleKey(item)}`
    case 'letters-follow':
      return `${quoted(mistake.written)} is not the item; write ${quoted(`\${_}${mistake.written.slice(2)}`)}, or ${quoted(`$${mistake.written}`)} for these characters`
    case 'too-long':
      return 'the items of this entry make too much text; put fewer of them into each task'
    default:
      return unreachable(mistake)
  }
}

function article(kind: 'list' | 'map'): string {
  return kind === 'list' ? 'a list' : 'a map'
}

function exampleKey(item: ListNode): string {
  if (item.kind !== 'map') return ''
  const key = [...item.fields.values()].find(({value}) => value.kind === 'scalar')?.key
  if (key === undefined) return ''
  return `; one of its keys has: ${/^[\p{L}\p{N}_]+$/u.test(key) ? `$_.${key}` : `\${_.${key}}`}`
}
