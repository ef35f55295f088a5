import {describe, expect, test} from '@jest/globals'
import {OutsideOutput, outsideLimit} from '../../src/worker/outside-output.ts'

describe('OutsideOutput', () => {
  test('keeps the end of much', () => {
    const output = new OutsideOutput(undefined)
    output.take('stdout', Buffer.alloc(3 * outsideLimit, 'x'))
    output.take('stderr', Buffer.from('what went wrong'))
    output.take('stdout', Buffer.from('the end'))
    expect(output.text.length).toBe(outsideLimit + 'what went wrong'.length)
    expect(output.text.endsWith('xthe endwhat went wrong')).toBe(true)
    output.forget()
    expect(output.text).toBe('')
  })

  test('is heard as it is printed, and ends its lines where a task begins', () => {
    const heard: string[] = []
    const output = new OutsideOutput({
      receive: (stream, chunk) => {
        heard.push(`${stream}: ${chunk}`)
        return undefined
      }
    })
    output.take('stdout', Buffer.from('::add-mask::a'))
    output.take('stderr', Buffer.alloc(0))
    output.endLines()
    expect(heard).toEqual(['stdout: ::add-mask::a', 'stdout: \n', 'stderr: \n'])
  })
})
