import { z } from 'zod'
import type { StepTypeInfo } from '../../model/pipeline'
import type { AnyStep } from './define-step'
import { portsOfType } from './validate-pipeline'

/** A step type as the palette and its form show it. */
export const describeType = (definition: AnyStep): StepTypeInfo => ({
  type: definition.type,
  version: definition.version,
  title: definition.title,
  help: definition.help,
  icon: definition.icon,
  category: definition.category,
  ...portsOfType(definition),
  dynamicInputs: definition.dynamicInputs ? [...definition.dynamicInputs.types] : null,
  dynamicOutputs: definition.outputsFor !== undefined,
  parametersSchema: jsonSchemaOf(definition.parameters),
  nested: Object.entries(definition.nested ?? {}).map(([parameter, { by, schemas }]) => ({
    parameter,
    by,
    schemas: Object.fromEntries(Object.entries(schemas).map(([choice, schema]) => [choice, jsonSchemaOf(schema)]))
  }))
})

const jsonSchemaOf = (schema: z.ZodType): Record<string, unknown> =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>
