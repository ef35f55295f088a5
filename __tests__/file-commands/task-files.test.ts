import {execFileSync} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {
  createTaskFiles,
  maxKeyValueBytes,
  readTaskFiles,
  readUnfinishedFiles,
  type TaskFilePaths
} from '../../src/file-commands/task-files.ts'
import {maxSummaryBytes} from '../../src/file-commands/task-summary.ts'
import {noChanges, type TaskChanges} from '../../src/model/task-changes.ts'
import {runs} from '../support/runs.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()

type Contents = Partial<Record<keyof TaskFilePaths, string | Uint8Array>>

function filesWith(contents: Contents): TaskFilePaths {
  const {files} = createTaskFiles(mkdtempSync(path.join(folder, 'task-')))
  for (const [name, content] of Object.entries(contents)) writeFileSync(files[name as keyof TaskFilePaths], content)
  return files
}

function changes(contents: Contents, platform: NodeJS.Platform = 'linux'): TaskChanges {
  const read = readTaskFiles(filesWith(contents), platform)
  if (!read.ok) throw new Error(read.error)
  return read.value
}

function mistake(contents: Contents, platform: NodeJS.Platform = 'linux'): string {
  const read = readTaskFiles(filesWith(contents), platform)
  return read.ok ? 'no mistake' : read.error
}

describe('createTaskFiles', () => {
  test('makes an empty file for each variable, the list of artifacts excepted', () => {
    const own = mkdtempSync(path.join(folder, 'task-'))
    const {variables, files} = createTaskFiles(own)
    expect(Object.keys(variables).sort()).toEqual(
      ['GITHUB_ARTIFACTS', 'GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_PATH', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'].sort()
    )
    expect(variables).toEqual(files)
    expect(
      Object.values(variables)
        .map(file => path.relative(own, file))
        .sort()
    ).toEqual(readdirSync(own).sort())
    for (const file of Object.values(variables)) expect(readFileSync(file, 'utf8')).toBe('')
  })
})

describe('readTaskFiles', () => {
  test('finds no changes in untouched files, nor in files that are gone', () => {
    const files = filesWith({})
    expect(readTaskFiles(files, 'linux')).toEqual({ok: true, value: noChanges})
    for (const file of Object.values(files)) rmSync(file)
    expect(readTaskFiles(files, 'linux')).toEqual({ok: true, value: noChanges})
    rmSync(path.dirname(files.GITHUB_ENV), {recursive: true})
    expect(readTaskFiles(files, 'linux')).toEqual({ok: true, value: noChanges})
  })

  test('reads each file for what it is', () => {
    const read = changes({
      GITHUB_OUTPUT: 'version=1.2\nlog<<EOF\none\ntwo\nEOF\n',
      GITHUB_ENV: 'STAGE=test\n',
      GITHUB_PATH: '/opt/a\n\n/opt/b',
      GITHUB_STEP_SUMMARY: '# Hello\r\n',
      GITHUB_ARTIFACTS: 'dist/app.zip\n# a comment\n',
      GITHUB_STATE: 'nobody reads this'
    })
    expect(read).toEqual({
      outputs: new Map([
        ['version', '1.2'],
        ['log', 'one\ntwo']
      ]),
      env: new Map([['STAGE', 'test']]),
      paths: ['/opt/a', '/opt/b'],
      summary: '# Hello\r\n',
      artifacts: 'dist/app.zip\n# a comment\n',
      fileErrors: []
    })
  })

  test('reads what Windows PowerShell writes: UTF-16 with a byte order mark and Windows line ends', () => {
    const text = (content: string) => Buffer.from(`\uFEFF${content}`, 'utf16le')
    const read = changes({GITHUB_OUTPUT: text('a=ü\r\n'), GITHUB_PATH: text('C:\\ä\r\n'), GITHUB_STEP_SUMMARY: text('é')}, 'win32')
    expect(read).toEqual({...noChanges, outputs: new Map([['a', 'ü']]), paths: ['C:\\ä'], summary: 'é'})
  })

  test('takes names that differ in case alone for one: of outputs everywhere, of variables on Windows', () => {
    const files = {GITHUB_OUTPUT: 'a=1\nA=2\n', GITHUB_ENV: 'b=1\nB=2\n'}
    const outputs = new Map([['a', '2']])
    expect(changes(files, 'win32')).toEqual({...noChanges, outputs, env: new Map([['b', '2']])})
    expect(changes(files, 'linux')).toEqual({
      ...noChanges,
      outputs,
      env: new Map([
        ['b', '1'],
        ['B', '2']
      ])
    })
  })

  test.each<[string, Contents, string]>([
    ['a line that is no pair', {GITHUB_OUTPUT: '\n\nfoo\n'}, 'GITHUB_OUTPUT line 3: "foo" is neither NAME=VALUE nor NAME<<DELIMITER'],
    ['a variable without a name', {GITHUB_ENV: '=x\n'}, 'GITHUB_ENV line 1: "=x" has no name before the "="'],
    [
      'NODE_OPTIONS',
      {GITHUB_ENV: 'a=1\nNode_Options<<X\n--inspect\nX\n'},
      'GITHUB_ENV line 2: "Node_Options" cannot be set for later steps, the runner refuses it'
    ],
    [
      'a variable with a NUL',
      {GITHUB_ENV: 'a=x\0y\n'},
      'GITHUB_ENV line 1: the value of "a" has a NUL character, which no environment variable can have'
    ],
    [
      'a variable whose name has a NUL',
      {GITHUB_ENV: 'a\0=x\n'},
      'GITHUB_ENV line 1: the name "a\\u0000" has a NUL character, which no environment variable can have'
    ],
    ['a path with a NUL', {GITHUB_PATH: '/a\n/b\0\n'}, 'GITHUB_PATH line 2: "/b\\u0000" has a NUL character, which no path can have'],
    ['an artifact with a reserved sign', {GITHUB_ARTIFACTS: '# one\na=b\n'}, 'GITHUB_ARTIFACTS line 2: "a=b" has a "=", which is reserved'],
    [
      'an artifact of another kind',
      {GITHUB_ARTIFACTS: ' https://example.com/x\n'},
      'GITHUB_ARTIFACTS line 1: "https://example.com/x" has the scheme "https://", expected a path, "file://" or "oci://"'
    ],
    ['an artifact without a path', {GITHUB_ARTIFACTS: 'file://\n'}, 'GITHUB_ARTIFACTS line 1: "file://" has no path after the scheme'],
    [
      'an image without a digest',
      {GITHUB_ARTIFACTS: 'oci://example.com/x:1\n'},
      'GITHUB_ARTIFACTS line 1: "oci://example.com/x:1" has no digest, expected "@sha256:", "@sha384:" or "@sha512:" and its digits at the end'
    ],
    [
      'an image with a short digest',
      {GITHUB_ARTIFACTS: 'OCI://x@sha256:abc\n'},
      'GITHUB_ARTIFACTS line 1: "OCI://x@sha256:abc" has a digest of 3 digits, expected 64'
    ]
  ])('refuses %s', (_, contents, expected) => {
    expect(mistake(contents)).toBe(expected)
  })

  test('lets NODE_OPTIONS be an output, and an image with its digest an artifact', () => {
    const artifacts = `oci://example.com/x@sha256:${'a'.repeat(64)}\nx@sha256:abc\n`
    expect(changes({GITHUB_OUTPUT: 'NODE_OPTIONS=x', GITHUB_ARTIFACTS: artifacts})).toMatchObject({artifacts})
  })

  test('refuses what is too large to be read, without reading it', () => {
    const files = filesWith({})
    truncateSync(files.GITHUB_OUTPUT, maxKeyValueBytes + 1)
    expect(readTaskFiles(files, 'linux')).toEqual({ok: false, error: 'GITHUB_OUTPUT has 16,777,217 bytes, expected at most 16 MiB'})
    expect(mistake({GITHUB_ARTIFACTS: 'x\n'.repeat(600_000)})).toBe('GITHUB_ARTIFACTS has 1,200,000 bytes, expected at most 1 MiB')
  })

  test('refuses what is no file any more', () => {
    const files = filesWith({})
    rmSync(files.GITHUB_ENV)
    mkdirSync(files.GITHUB_ENV)
    expect(mistakeOf(files)).toMatch(/^GITHUB_ENV (?:is not a file|cannot be read: .+)$/)
  })

  const onPosix = process.platform === 'win32' ? test.skip : test
  onPosix('does not wait for a named pipe', () => {
    const files = filesWith({})
    rmSync(files.GITHUB_STEP_SUMMARY)
    execFileSync('mkfifo', [files.GITHUB_STEP_SUMMARY])
    expect(mistakeOf(files)).toBe('GITHUB_STEP_SUMMARY is not a file')
  })

  test('keeps the lines of a large summary that fit, closes what they leave open, and says so', () => {
    const line = `${'ü'.repeat(499)}\n`
    const {summary} = changes({GITHUB_STEP_SUMMARY: `\`\`\`\n${line.repeat(1100)}`})
    expect(Buffer.byteLength(summary)).toBeLessThan(maxSummaryBytes + 200)
    expect(Buffer.byteLength(summary)).toBeGreaterThan(maxSummaryBytes - 1000)
    expect(summary).toMatch(/ü\n```\n\n> The rest of this summary is left out, it has more than 1 MiB\.\n$/)
    expect(new Set(summary.split('\n').slice(1, -5))).toEqual(new Set([line.trimEnd()]))
  })

  test('cuts a large summary of one line between characters', () => {
    const {summary} = changes({GITHUB_STEP_SUMMARY: `a${'😀'.repeat(300_000)}`})
    expect(summary).toMatch(/^a(?:😀)+\n\n> The rest/u)
  })

  test('has of the files of an attempt that failed what comes before a mistake in each, and says what is lost', () => {
    const files = filesWith({
      GITHUB_OUTPUT: 'a=1\nb<<EOF\nhalf',
      GITHUB_ENV: 'A=1\nNODE_OPTIONS=x\nB=2\n',
      GITHUB_PATH: '/a\n/b\0\n/c\n',
      GITHUB_STEP_SUMMARY: '# Page\nhalf',
      GITHUB_ARTIFACTS: 'a.zip\r\nb=c\nd.zip\n'
    })
    expect(readUnfinishedFiles(files, 'linux', false)).toEqual({
      outputs: new Map([['a', '1']]),
      env: new Map([['A', '1']]),
      paths: ['/a'],
      summary: '# Page\nhalf',
      artifacts: 'a.zip\n',
      fileErrors: [
        'GITHUB_OUTPUT line 2: the value of "b" has no end, expected a line that is exactly "EOF"',
        'GITHUB_ENV line 2: "NODE_OPTIONS" cannot be set for later steps, the runner refuses it',
        'GITHUB_PATH line 2: "/b\\u0000" has a NUL character, which no path can have',
        'GITHUB_ARTIFACTS line 2: "b=c" has a "=", which is reserved'
      ]
    })
  })

  test('does not take half a line for a whole one where an attempt may have been ended while it wrote, but shows half a line of a page', () => {
    const half = {GITHUB_OUTPUT: 'a=1\nb=2', GITHUB_ENV: 'A=1', GITHUB_PATH: '/a\n/usr/lo', GITHUB_ARTIFACTS: 'a.zip\nb.zi'}
    const files = filesWith({...half, GITHUB_STEP_SUMMARY: '# Page\nhalf'})
    expect(readUnfinishedFiles(files, 'linux', true)).toEqual({
      outputs: new Map([['a', '1']]),
      env: new Map(),
      paths: ['/a'],
      summary: '# Page\nhalf',
      artifacts: 'a.zip\n',
      fileErrors: [
        'GITHUB_OUTPUT line 2: "b=2" has no line end, so it may be half of a line',
        'GITHUB_ENV line 1: "A=1" has no line end, so it may be half of a line',
        'GITHUB_PATH line 2: "/usr/lo" has no line end, so it may be half of a line',
        'GITHUB_ARTIFACTS line 2: "b.zi" has no line end, so it may be half of a line'
      ]
    })
    expect(readUnfinishedFiles(files, 'linux', false)).toMatchObject({paths: ['/a', '/usr/lo'], artifacts: 'a.zip\nb.zi', fileErrors: []})
  })

  test('has of files that cannot be read nothing, and all of the others', () => {
    const files = filesWith({GITHUB_OUTPUT: 'a=1\n'})
    truncateSync(files.GITHUB_ENV, maxKeyValueBytes + 1)
    rmSync(files.GITHUB_PATH)
    mkdirSync(files.GITHUB_PATH)
    const {fileErrors, ...rest} = readUnfinishedFiles(files, 'linux', true)
    const {fileErrors: _, ...none} = noChanges
    expect(rest).toEqual({...none, outputs: new Map([['a', '1']])})
    expect(fileErrors).toEqual([
      'GITHUB_ENV has 16,777,217 bytes, expected at most 16 MiB',
      expect.stringMatching(/^GITHUB_PATH (?:is not a file|cannot be read: .+)$/)
    ])
  })

  test('has of files that were cut anywhere, in any encoding, the first entries of the whole', () => {
    const files = filesWith({})
    const lines = fc.array(fc.constantFrom('a=1', 'b=ü', '/usr/bin', 'C:\\ä', '', '\r\n', '\n', '\r', '\n'), {maxLength: 12})
    const encoded = fc
      .tuple(lines, fc.constantFrom<BufferEncoding>('utf8', 'utf16le'))
      .map(([parts, encoding]) => Buffer.from(`\uFEFF${parts.join('')}`, encoding))
    const read = (bytes: Uint8Array, isCut: boolean) => {
      writeFileSync(files.GITHUB_PATH, bytes)
      return readUnfinishedFiles(files, 'linux', isCut).paths
    }
    fc.assert(
      fc.property(encoded, fc.nat(), (bytes, at) => {
        const whole = read(bytes, false)
        const kept = read(bytes.subarray(0, at % (bytes.length + 1)), true)
        expect(kept).toEqual(whole.slice(0, kept.length))
      }),
      {numRuns: runs(300)}
    )
  })

  test('never throws, whatever the bytes', () => {
    const bytes = fc.uint8Array({maxLength: 200})
    const lines = fc
      .array(fc.constantFrom('a', '=', '<<', 'E', '\n', '\r\n', '\0', '\uFEFF', '\ud800'))
      .map(parts => Buffer.from(parts.join('')))
    const content = fc.oneof(bytes, lines)
    const files = filesWith({})
    fc.assert(
      fc.property(content, content, content, content, content, (...contents) => {
        for (const [index, file] of Object.values(files).entries()) writeFileSync(file, contents[index] ?? '')
        for (const platform of ['linux', 'win32'] as const) {
          const read = readTaskFiles(files, platform)
          if (!read.ok) expect(read.error).toMatch(/^GITHUB_[A-Z_]+ line \d+: [^\n\r]+$/)
        }
      }),
      {numRuns: runs(500)}
    )
    expect(existsSync(files.GITHUB_OUTPUT)).toBe(true)
  })
})

function mistakeOf(files: TaskFilePaths): string {
  const read = readTaskFiles(files, 'linux')
  return read.ok ? 'no mistake' : read.error
}
