#!/usr/bin/env node
import {readFileSync} from 'node:fs'
import {availableParallelism, tmpdir} from 'node:os'
import path from 'node:path'
import {buffer} from 'node:stream/consumers'
import {runCommand} from './cli/command.ts'
import {onInterrupt} from './system/signals.ts'
import {endWhenWritten, writeToReader} from './system/standard-output.ts'
import {UncaughtFaults} from './system/uncaught-faults.ts'
import {keepYoungGenerationSmall} from './system/young-generation.ts'

const {env, stdin, stdout, stderr} = process
const {version} = JSON.parse(readFileSync(path.join(import.meta.dirname, '..', 'package.json'), 'utf8'))

keepYoungGenerationSmall()
process.exitCode = await runCommand({
  arguments: process.argv.slice(2),
  version,
  environment: env,
  folder: process.cwd(),
  processors: availableParallelism(),
  temporaryFolder: tmpdir(),
  readStandardInput: () => buffer(stdin),
  write: writeToReader(stdout),
  writeError: writeToReader(stderr),
  terminal: stdout.isTTY ? stdout : undefined,
  onCancel: onInterrupt,
  faults: new UncaughtFaults()
})
endWhenWritten([stdout, stderr])
