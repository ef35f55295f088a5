import {getInput, getMultilineInput} from '@actions/core'
import type {InputName} from '../inputs/input-table.ts'
import type {InputSource} from '../inputs/load-settings.ts'

/** Inputs whose white space matters: scripts, and lists whose mistakes are reported by line and column. */
const verbatim: readonly InputName[] = ['tasks', 'tasks-script', 'setup']

/** The inputs of the step as the runner passes them. */
export const stepInputs: Pick<InputSource, 'read' | 'readLines'> = {
  read: name => getInput(name, {trimWhitespace: !verbatim.includes(name)}),
  readLines: name => getMultilineInput(name)
}
