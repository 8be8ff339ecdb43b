import { describeType } from '../../main/core/pipelines/describe-type'
import { stepRegistry } from '../../main/core/pipelines/steps'
import type { PortInfo } from '../../main/model/pipeline'
import { parametersSchemas } from '../../main/model/training'
import { jsonSchemaOf } from './documents'
import { block, code, fieldTable, page, table } from './markdown'
import { fieldsOf, type JsonSchema } from './schema-fields'
import { stepExamples } from './step-examples'

const ports = (title: string, list: readonly PortInfo[]): string =>
  list.length === 0
    ? ''
    : `**${title}**\n\n${table(
        ['port', 'type', 'needed', 'what'],
        list.map(({ name, types, optional, help }) => [code(name), types.join(' or '), optional ? 'no' : 'yes', help])
      )}`

const trainers = (): string =>
  Object.entries(parametersSchemas)
    .map(
      ([name, schema]) =>
        `**Settings of ${code(name)}** (under \`parameters\` of the step)\n\n${fieldTable(fieldsOf(jsonSchemaOf(schema)))}`
    )
    .join('\n\n')

/** The step types with ports, parameters and an example each. */
export function stepPage(): string {
  const parts = [...stepRegistry.values()].map((step) => {
    const info = describeType(step)
    return [
      `## ${info.type}: ${info.title}`,
      `${info.help} Version ${info.version}.`,
      info.dynamicInputs ? `Inputs are named by you; they take ${info.dynamicInputs.join(', ')}.` : ports('Inputs', info.inputs),
      info.dynamicOutputs && info.outputs.length === 0 ? 'Outputs are named under `outputs`.' : ports('Outputs', info.outputs),
      `**Parameters**\n\n${fieldTable(fieldsOf(info.parametersSchema as JsonSchema))}`,
      info.type === 'train' ? trainers() : '',
      `**Example**\n\n${block('yaml', stepExamples[info.type] ?? '')}`
    ]
      .filter(Boolean)
      .join('\n\n')
  })
  return page(
    'Step types',
    'What a step of a pipeline takes, makes and can be told. A value may also be `${{ parameters.NAME }}`, a parameter of the pipeline.',
    [
      'What every step may say besides (`title`, `cache`, `retries`, `timeout`, `memory`) is listed with the [pipeline document](documents.md).',
      ...parts
    ]
  )
}
