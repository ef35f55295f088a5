#!/usr/bin/env node
import {readFileSync} from 'node:fs'
import {availableParallelism, tmpdir} from 'node:os'
import path from 'node:path'
import {buffer} from 'node:stream/consumers'
import {runCommand} from './command/command.ts'
import {onInterrupt} from './process/signals.ts'
import {endWhenWritten, writeToReader} from './process/standard-output.ts'
import {UncaughtFaults} from './process/uncaught-faults.ts'
import {keepYoungGenerationSmall} from './process/young-generation.ts'

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
