import { z } from 'zod'
import { TrustFile } from '../../main/core/bundle-format/trust-document'
import { ModelDescription } from '../../main/cli/model-description'
import { optionsFileSchema } from '../../main/cli/options-file'
import { GateFactsFile } from '../../main/cli/policy-checks'
import { reasonCodesSchema } from '../../main/model/explanation'
import { MachineSettingsFile } from '../../main/model/machine-settings'
import { PipelineDocument } from '../../main/model/pipeline'
import { policyDocument } from '../../main/model/policy'
import { modelSignatureSchema } from '../../main/model/training'
import type { JsonSchema } from './schema-fields'

export interface WrittenDocument {
  /** The name of its schema file. */
  name: string
  title: string
  about: string
  schema: z.ZodType
}

/** Every document that people write themselves. */
export const documents: readonly WrittenDocument[] = [
  {
    name: 'pipeline',
    title: 'Pipeline',
    about: 'YAML. Steps joined by ports; each step type has parameters of its own (see [step types](steps.md)).',
    schema: PipelineDocument
  },
  {
    name: 'policy',
    title: 'Policy',
    about: 'YAML. Rules in CEL over the [facts of a gate](facts.md), with tests beside them.',
    schema: policyDocument
  },
  {
    name: 'import-options',
    title: 'Import options',
    about: 'YAML or JSON, for `drydock import --options`. What stands here is what `drydock dataset show --json` prints as `choices`.',
    schema: optionsFileSchema
  },
  {
    name: 'trust',
    title: 'Trust document',
    about: 'YAML, for `drydock verify --trust`: whom the reader of a bundle trusts, and as what.',
    schema: TrustFile
  },
  {
    name: 'model-description',
    title: 'Model description',
    about: 'YAML, for `drydock model describe`, which also prints it: what people say about a version. What is left out stays as it is.',
    schema: ModelDescription
  },
  {
    name: 'reason-codes',
    title: 'Reason codes',
    about:
      'YAML, for `drydock model explain --reasons`, or `reason-codes.yaml` in the folder of a workspace: what a team tells of a column.',
    schema: reasonCodesSchema
  },
  {
    name: 'gate-facts',
    title: 'Gate facts to try a policy on',
    about: 'YAML or JSON, for `drydock policy test --facts`: the [facts of a gate](facts.md) by group. The head may be left out.',
    schema: GateFactsFile
  },
  {
    name: 'model-signature',
    title: 'Model signature',
    about:
      'JSON, `signature.json` beside the `model.onnx` of a [script step](../script-steps.md): what goes into the model and what comes out.',
    schema: modelSignatureSchema
  },
  {
    name: 'machine-settings',
    title: 'Machine settings',
    about:
      'YAML, written by an administrator: what is settled for everybody at a computer (see [For administrators](../administration.md)).',
    schema: MachineSettingsFile
  }
]

/** The JSON Schema (draft 2020-12) of a document as it is written down, before defaults are filled in. */
export const jsonSchemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as unknown as JsonSchema
