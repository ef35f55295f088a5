import {stringify} from 'yaml'
import {type JsonSchema, taskListJsonSchema} from './json-schema.ts'
import {defaultsShape} from './list-schema.ts'

/** The reference of all fields as Markdown tables, made from the schema: for the documentation, between its markers. */
export function renderFieldReference(): string {
  const {definitions} = taskListJsonSchema() as {definitions: Record<string, JsonSchema>}
  const fields = definitions.task?.properties ?? {}
  const choices = (fields.retry?.anyOf ?? []) as readonly JsonSchema[]
  const retry = choices.find(({properties}) => properties !== undefined)
  return [
    ...tableOf(fields, 'field'),
    '',
    `\`defaults\` takes ${Object.keys(defaultsShape)
      .map(name => `\`${name}\``)
      .join(', ')}.`,
    '',
    'The parts of `retry`, of which only `times` has to be given:',
    '',
    ...tableOf(retry?.properties ?? {}, 'part')
  ].join('\n')
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
