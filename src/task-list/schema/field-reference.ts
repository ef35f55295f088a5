import {stringify} from 'yaml'
import {type JsonSchema, taskListJsonSchema} from './json-schema.ts'
import {defaultsShape} from './list-schema.ts'

/** The reference of all fields as Markdown tables, generated from the schema for the marked part of the documentation. */
export function renderFieldReference(): string {
  const {definitions} = taskListJsonSchema() as {definitions: Record<string, JsonSchema>}
  const fields = definitions.task?.properties ?? {}
  return [
    ...tableOf(fields, 'field'),
    '',
    `\`defaults\` takes ${Object.keys(defaultsShape)
      .map(name => `\`${name}\``)
      .join(', ')}.`,
    '',
    'The parts of `retry`, of which only `times` has to be given:',
    '',
    ...tableOf(partsOf(fields.retry), 'part'),
    '',
    '`locks` takes for each lock its room, or a map of these:',
    '',
    ...tableOf(partsOf(definitions.locks?.additionalProperties), 'part')
  ].join('\n')
}

/** The fields of a value's map form, if it has one. */
function partsOf(value: JsonSchema | boolean | undefined): Readonly<Record<string, JsonSchema>> {
  return typeof value !== 'object' ? {} : (value.anyOf?.find(({properties}) => properties !== undefined)?.properties ?? {})
}

function tableOf(fields: Readonly<Record<string, JsonSchema>>, head: string): string[] {
  const rows = Object.entries(fields).map(([name, {description = '', examples = []}]) => {
    const shown = examples.map(example => `\`${inFlow(example)}\``).join('<br>')
    return `| \`${name}\` | ${description.replaceAll('|', '\\|')} | ${shown.replaceAll('|', '\\|')} |`
  })
  return [`| ${head} | meaning | for example |`, '| --- | --- | --- |', ...rows]
}

function inFlow(example: unknown): string {
  return stringify(example, {collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0}).trimEnd()
}
