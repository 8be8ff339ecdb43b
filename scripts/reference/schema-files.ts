import { describeType } from '../../main/core/pipelines/describe-type'
import { stepRegistry } from '../../main/core/pipelines/steps'
import { documents, jsonSchemaOf } from './documents'
import type { JsonSchema } from './schema-fields'

const reference = { type: 'string', pattern: '\\$\\{\\{.+\\}\\}' }

/** The same, where a reference to a parameter of the pipeline may stand in the place of any value. */
function orReference(schema: JsonSchema): JsonSchema {
  const { properties, additionalProperties, items, ...rest } = schema
  const own = {
    ...rest,
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, orReference(each)])) }),
    ...(additionalProperties !== undefined && {
      additionalProperties: typeof additionalProperties === 'object' ? orReference(additionalProperties) : additionalProperties
    }),
    ...(items && { items: orReference(items) })
  }
  return own.type === 'object' || own.type === 'array' ? own : { anyOf: [own, reference] }
}

/**
 * For each step type what its parameters may be; formats are those of the window's forms and nothing to check. What a schema defines for
 * itself moves into `shared`, under a name of its step: references count from the top of the file.
 */
const stepConditions = (shared: Record<string, JsonSchema>): JsonSchema[] =>
  [...stepRegistry.values()].map((step) => {
    const { $schema: _schema, ...described } = describeType(step).parametersSchema as JsonSchema
    const text = JSON.stringify(described, (key, value) => (key === 'format' ? undefined : value))
    const { $defs, ...withoutForm } = JSON.parse(text.replaceAll('"#/$defs/', `"#/$defs/${step.type}.`)) as JsonSchema
    for (const [name, schema] of Object.entries($defs ?? {})) shared[`${step.type}.${name}`] = schema
    return {
      if: { properties: { type: { const: step.type } }, required: ['type'] },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema; nothing awaits it
      then: {
        properties: { parameters: orReference(withoutForm) },
        ...((withoutForm.required?.length ?? 0) > 0 && { required: ['parameters'] })
      }
    }
  })

/** The JSON Schema files of all documents that people write, by name. */
export function schemaFiles(): Record<string, string> {
  return Object.fromEntries(
    documents.map(({ name, title, schema }) => {
      const { $schema, ...rest } = jsonSchemaOf(schema)
      const steps = name === 'pipeline' ? rest.properties?.steps?.items : undefined
      if (steps) steps.allOf = stepConditions((rest.$defs ??= {}))
      return [`${name}.schema.json`, `${JSON.stringify({ $schema, $id: `urn:drydock:${name}`, title, ...rest }, null, 2)}\n`]
    })
  )
}
