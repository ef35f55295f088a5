import {createHash} from 'node:crypto'
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {availableParallelism, tmpdir} from 'node:os'
import path from 'node:path'

/** Text with this run's paths replaced by names; base64 of what is no text; a hash of what is long. */
export type Printed = string | {readonly base64: string} | {readonly sha256: string; readonly bytes: number}

/** What a process did. */
export interface Observation {
  readonly stdout: Printed
  readonly stderr: Printed
  readonly exitCode: number | NodeJS.Signals | null
}

/** A script, and what it did on a real PowerShell: as a step (`r1`), and by `-File`, which has the true exit code (`r2`). */
export interface GoldenScript {
  readonly id: string
  readonly script: string
  readonly tags: readonly string[]
  readonly r1: Observation
  readonly r2: Observation
}

/** The PowerShell that was recorded. */
export const recordedVersion = '7.6.5'

const golden = path.join(import.meta.dirname, '..', 'fixtures', 'golden')
const prologue = "$ErrorActionPreference = 'stop'\n"
const epilogue = '\nif ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }'
const longest = 16384

export const goldenScripts: readonly GoldenScript[] = JSON.parse(readFileSync(path.join(golden, 'expected.json'), 'utf8'))

/** Where one script is run: folders of its own, and the environment that it was recorded in. */
export interface Place {
  /** The script, with the runner's text around it. Its folder is the script's alone. */
  readonly file: string
  /** The current folder. */
  readonly work: string
  readonly environment: NodeJS.ProcessEnv
}

/** The name of the script's file, and of the folder around it; together they have the length of the recorded ones. */
export interface PlaceNames {
  readonly folder: string
  readonly file: string
}

/** A fresh folder for a script, or for several that are run one after another. */
export function goldenFolder(): string {
  // Text wraps at the width of the console, so every run's paths are as long as the recorded ones.
  return mkdtempSync(path.join(process.platform === 'linux' ? '/tmp' : tmpdir(), 'golden-'))
}

/**
 * Runs a script in whatever way `run` does, in a fresh place. Where `given` is that place's folder, it keeps its home folder, and is not removed; with
 * `workBase` nothing of it is, because other scripts run in it, and the current folder is below that one.
 */
export async function observeAt(
  pwsh: string,
  version: string,
  {script}: GoldenScript,
  names: PlaceNames,
  run: (place: Place) => Promise<ProcessRun>,
  given?: string,
  workBase?: string
): Promise<Observation> {
  const base = given ?? goldenFolder()
  const root = path.join(base, names.folder)
  const work = path.join(workBase ?? base, 'work')
  const home = path.join(base, 'home')
  for (const folder of [root, work, home]) mkdirSync(folder, {recursive: true})
  const file = path.join(root, names.file)
  const files = path.join(golden, 'scripts', 'files')
  writeFileSync(file, prologue + script + epilogue)
  try {
    const {stdout, stderr, exitCode} = await run({file, work, environment: goldenEnvironment(pwsh, home)})
    const replaced: [string, string][] = [
      [file, '<FILE>'],
      [files, '<FILES>'],
      [work, '<DIR>'],
      [root, '<ROOT>'],
      [home, '<HOME>'],
      [names.file, '<NAME>'],
      [version, recordedVersion]
    ]
    return {stdout: printed(stdout, replaced), stderr: printed(stderr, replaced), exitCode}
  } finally {
    for (const folder of workBase !== undefined ? [work] : given === undefined ? [base] : [root, work])
      rmSync(folder, {recursive: true, force: true, maxRetries: 5})
  }
}

/**
 * Scripts that also by themselves do not always print the same: `Start-Process -Wait` does not wait until what it redirects is in its file, so that it
 * may be read too early. Source: PowerShell, Process.cs.
 */
const racing: ReadonlySet<string> = new Set(['191-start-process-redirect'])

/** What a script prints; one that races by itself is tried until it prints what was recorded, ten times at most. */
export async function settled(golden: GoldenScript, observe: (golden: GoldenScript) => Promise<Observation>): Promise<Observation> {
  let observation = await observe(golden)
  for (let tries = 1; tries < 10 && racing.has(golden.id) && observation.stdout !== golden.r1.stdout; tries++)
    observation = await observe(golden)
  return observation
}

/** The environment of a script. */
export function goldenEnvironment(pwsh: string, home: string): NodeJS.ProcessEnv {
  const files = path.join(golden, 'scripts', 'files')
  const own = {TERM: 'dumb', NO_COLOR: '1', GOLDEN_FILES: files, POWERSHELL_TELEMETRY_OPTOUT: '1'}
  if (process.platform === 'win32') return {...process.env, ...own}
  const {PSModulePath, DOTNET_ROOT} = process.env
  return {
    PATH: [path.dirname(pwsh), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    HOME: home,
    LANG: 'C.UTF-8',
    ...own,
    ...(PSModulePath && {PSModulePath}),
    ...(DOTNET_ROOT && {DOTNET_ROOT})
  }
}

function printed(bytes: Buffer, names: readonly [string, string][]): Printed {
  const latin1 = (text: string) => Buffer.from(text).toString('latin1')
  const named = names.reduce((text, [from, to]) => text.replaceAll(latin1(from), to), bytes.toString('latin1'))
  const result = Buffer.from(named, 'latin1')
  if (result.length > longest) return {sha256: createHash('sha256').update(result).digest('hex'), bytes: result.length}
  const text = result.toString('utf8')
  return Buffer.from(text).equals(result) ? text : {base64: result.toString('base64')}
}

/** A process to its end, and to the end of all that it left behind. */
export interface ProcessRun {
  readonly stdout: Buffer
  readonly stderr: Buffer
  readonly exitCode: number | NodeJS.Signals | null
}

/** Does the work for every item, as many at a time as there are processors. */
export async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  const lane = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }
  await Promise.all(Array.from({length: availableParallelism()}, lane))
}
