import {describe, expect, test} from '@jest/globals'
import {scriptFile} from '../../src/powershell/task-script.ts'

describe('scriptFile', () => {
  test('is for Windows PowerShell with a byte order mark and Windows line ends, whatever the text had', () => {
    expect(scriptFile("'ä'\n'b'\r\n'c'", 'powershell')).toBe("\uFEFF'ä'\r\n'b'\r\n'c'")
  })

  test('is for pwsh the text as it is', () => {
    expect(scriptFile("'ä'\n", 'pwsh')).toBe("'ä'\n")
  })
})
