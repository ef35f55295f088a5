import {foldCase} from '../model/name-table.ts'
import type {CommandMode} from '../model/settings.ts'
import {unreachable} from '../model/unreachable.ts'
import {type ParsedCommand, parseCommand} from './parse-command.ts'

/** The three kinds of annotation. */
export type AnnotationType = 'error' | 'warning' | 'notice'

/** An annotation requested by a task. */
export interface TaskAnnotation {
  readonly type: AnnotationType
  readonly message: string
  /** The given ones of `title`, `file`, `line`, `endline`, `col` and `endcolumn`, by lower-case name. */
  readonly properties: ReadonlyMap<string, string>
}

/** The meaning of a line printed by a task. */
export type LineMeaning =
  | {readonly kind: 'text'}
  /** Text, followed by `hint` once per attempt. */
  | {readonly kind: 'refused'; readonly command: string; readonly hint: string}
  /** A secret value; the line itself is not shown. */
  | {readonly kind: 'mask'; readonly value: string}
  | {readonly kind: 'annotation'; readonly annotation: TaskAnnotation}
  | {readonly kind: 'output'; readonly name: string; readonly value: string}
  | {readonly kind: 'group'; readonly title: string}
  | {readonly kind: 'debug'; readonly message: string}
  /** Not shown: a command without meaning here. */
  | {readonly kind: 'nothing'}

const commandNames = [
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning'
] as const

type CommandName = (typeof commandNames)[number]

/** Commands that the runner knows. Source: actions/runner, src/Runner.Worker/ActionCommandManager.cs. */
const registeredNames: ReadonlyMap<string, CommandName> = new Map(commandNames.map(name => [foldCase(name), name]))

const text: LineMeaning = {kind: 'text'}
const nothing: LineMeaning = {kind: 'nothing'}
const resume = 'resume'

/**
 * Interprets the lines of one attempt as the runner does for a step. Both streams share the state of `stop-commands`, which ends with the attempt.
 * Unlike the runner, it obeys `add-mask` while commands are stopped; the runner would then show the value.
 */
export class CommandInterpreter {
  readonly #mode: CommandMode
  #stopToken: string | undefined

  constructor(mode: CommandMode) {
    this.#mode = mode
  }

  /** The meaning of a line. Precondition: no line end in it. */
  read(line: string): LineMeaning {
    const command = parseCommand(line, name => this.#registered(name))
    if (command === undefined) return text
    if (command.name === 'add-mask') return {kind: 'mask', value: command.data}
    if (this.#mode === 'ignore') return text
    if (this.#stopToken === undefined) return this.#meaning(command, command.name as CommandName)
    if (command.name === resume) this.#stopToken = undefined
    return text
  }

  #registered(name: string): CommandName | typeof resume | undefined {
    const folded = foldCase(name)
    return folded === this.#stopToken ? resume : registeredNames.get(folded)
  }

  #meaning({data, properties}: ParsedCommand, name: CommandName): LineMeaning {
    switch (name) {
      case 'add-mask':
        return {kind: 'mask', value: data}
      case 'error':
      case 'warning':
      case 'notice':
        return {kind: 'annotation', annotation: {type: name, message: data, properties}}
      case 'group':
        return {kind: 'group', title: data}
      case 'debug':
        return {kind: 'debug', message: data}
      case 'set-output':
        return outputOf(properties.get('name'), data)
      case 'stop-commands':
        return this.#stop(data)
      case 'set-env':
        return refused(name, 'the runner refuses it; write to the file $env:GITHUB_ENV instead')
      case 'add-path':
        return refused(name, 'the runner refuses it; write to the file $env:GITHUB_PATH instead')
      case 'add-matcher':
      case 'remove-matcher':
        return refused(name, 'problem matchers are those of the whole job; give this command in a step of its own')
      case 'endgroup':
      case 'save-state':
      case 'echo':
        return nothing
      default:
        return unreachable(name)
    }
  }

  // Like the runner, rejects a token that would be a command, and `pause-logging`. In a step such a line is an error; here it is text.
  #stop(token: string): LineMeaning {
    const folded = foldCase(token)
    if (token === '' || registeredNames.has(folded) || folded === 'PAUSE-LOGGING') {
      return refused('stop-commands', 'it needs a token that is neither empty nor a command')
    }
    this.#stopToken = folded
    return text
  }
}

// Names that GITHUB_OUTPUT cannot express; outputs are passed on through it.
const inexpressible = /[=<\r\n]/

function outputOf(name: string | undefined, value: string): LineMeaning {
  if (name === undefined) return refused('set-output', 'it needs a name: ::set-output name=NAME::VALUE')
  if (inexpressible.test(name)) return refused('set-output', 'its name cannot be handed on with "=", "<" or a line end in it')
  return {kind: 'output', name, value}
}

function refused(command: CommandName, hint: string): LineMeaning {
  return {kind: 'refused', command, hint}
}
