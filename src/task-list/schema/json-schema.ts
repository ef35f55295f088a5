import {z} from 'zod'
import {defaultsSchema, entrySchema, locksSchema} from './list-schema.ts'

/** A JSON Schema, or a part of one. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly anyOf?: readonly JsonSchema[]
}

/** The JSON Schema (draft 7, which every editor knows) of task lists, with a description and examples of every field. */
export function taskListJsonSchema(): JsonSchema {
  const task = toJsonSchema(entrySchema)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'pwsh-pool task list',
    description: 'A list of PowerShell invocations that pwsh-pool runs in parallel.',
    anyOf: [
      {$ref: '#/definitions/tasks'},
      {
        type: 'object',
        properties: {
          defaults: {$ref: '#/definitions/defaults'},
          locks: {$ref: '#/definitions/locks'},
          tasks: {$ref: '#/definitions/tasks'}
        },
        required: ['tasks'],
        additionalProperties: false
      }
    ],
    definitions: {
      tasks: {description: 'The tasks, in the order in which they start.', type: 'array', items: {$ref: '#/definitions/entry'}},
      entry: {
        description: 'A task, or with `foreach` or a glob a group of them: script text, or a map.',
        examples: ['./build.ps1 -Configuration Release', {name: 'test', file: 'test.ps1', parameters: {Suite: 'unit'}, timeout: '10m'}],
        anyOf: [{type: 'string', pattern: '\\S'}, {$ref: '#/definitions/task'}]
      },
      task: {
        description: 'A task in its long form.',
        ...task,
        properties: mapValues(task.properties, itemFields),
        oneOf: [{required: ['run']}, {required: ['file']}]
      },
      defaults: {
        description: 'What holds for all tasks of this text. `env` is merged key by key; of all others the own value of a task wins.',
        ...toJsonSchema(defaultsSchema)
      },
      locks: toJsonSchema(locksSchema),
      item: {
        description: 'With `foreach`: the item, or a value of it.',
        type: 'string',
        pattern: '^(\\$_|\\$\\{_)'
      }
    }
  }
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  const {$schema, ...rest} = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    override: ({zodSchema, jsonSchema}) => {
      // zod drops the examples of transformed schemas; ours are examples of the input.
      const examples = z.globalRegistry.get(zodSchema)?.examples
      if (examples !== undefined) jsonSchema.examples = [...(examples as unknown[])]
    }
  })
  return rest as JsonSchema
}

// Fields in which nothing is substituted, or which accept any text.
const textFields: ReadonlySet<string> = new Set([
  'name',
  'id',
  'run',
  'file',
  'foreach',
  'matrix',
  'needs',
  'env',
  'lock',
  'shell',
  'working-directory'
])

/** A field in an entry with `foreach`: its own value or `$_`; in a map, the same holds for each part. */
function itemFields(field: JsonSchema, name: string): JsonSchema {
  if (textFields.has(name)) return field
  const {description, examples, ...value} = field
  const choices = (value.anyOf as readonly JsonSchema[] | undefined) ?? [value]
  const deep = choices.map(choice =>
    choice.properties === undefined ? choice : {...choice, properties: mapValues(choice.properties, part => itemFields(part, ''))}
  )
  return {description, examples, anyOf: [...deep, {$ref: '#/definitions/item'}]} as JsonSchema
}

function mapValues<T>(record: Readonly<Record<string, T>> | undefined, change: (value: T, key: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record ?? {}).map(([key, value]) => [key, change(value, key)]))
}
