import { z } from 'zod'
import { importableTasks } from './choice-words'
import { countOf } from './count-of'
import { commandWords, notPortable } from './external-scorer'
import { Sha256 } from './reference'
import { targetValueSchema } from './tasks'

export type ImportableTask = (typeof importableTasks)[number]

/** What a person says of a model that was made elsewhere; everything may be left out that the file or the data says. */
export const importChoicesSchema = z.strictObject({
  task: z
    .enum(importableTasks)
    .optional()
    .meta({ title: 'Task', description: 'The kind of prediction; by default as the outputs of the file tell.' }),
  target: z.string().min(1).max(500).meta({ title: 'Target', description: 'Column that the model predicts.', format: 'column' }),
  event: targetValueSchema
    .optional()
    .meta({ title: 'Event', description: 'Of two classes the one whose probability is the score; needed unless it is plain.' }),
  classes: z
    .array(targetValueSchema)
    .min(2)
    .max(200)
    .optional()
    .meta({ title: 'Classes', description: 'Values of the target in the order of the outputs; needed where the file does not name them.' }),
  columns: z.array(z.string().min(1).max(500)).min(1).max(100_000).optional().meta({
    title: 'Input columns',
    description: 'Columns in the order of the inputs; needed where one input takes several columns and the file does not name them.',
    format: 'column'
  }),
  output: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .meta({ title: 'Output', description: 'Output of the file with the probabilities or amounts; needed where there are several.' }),
  scores: z
    .enum(['probabilities', 'logits'])
    .optional()
    .meta({ title: 'Scores are', description: 'Probabilities, or logits that still have to become probabilities.' })
})
export type ImportChoices = z.infer<typeof importChoicesSchema>

/** What was found in the file of a model that was made elsewhere, and how it was made to fit; lies beside model.onnx as import.json. */
export const importedModelSchema = z.object({
  schema: z.literal('drydock.imported-model'),
  version: z.literal(1),
  /** The file as it was brought. */
  original: z.object({ name: z.string(), sha256: Sha256, bytes: z.int().min(0) }),
  producer: z.string(),
  operatorSets: z.record(z.string(), z.int()),
  /** What the graph computes with, such as TreeEnsembleClassifier. */
  operators: z.array(z.string()),
  task: z.string(),
  /** Which columns each input of the original takes, in order. */
  inputs: z.array(z.object({ input: z.string(), tensor: z.string(), columns: z.array(z.string()) })),
  /** How the order of the columns, the classes and the scores are known. */
  from: z.object({ columns: z.string(), classes: z.string().nullable(), scores: z.string() }),
  /** Nodes were laid around the original; what they do, in words. Empty for a file that is used as it is. */
  adapted: z.array(z.string()),
  signature: z.enum(['drafted', 'brought']),
  /** What the model was run on before it was taken in. */
  check: z.object({ rows: z.int(), table: Sha256.nullable() }),
  warnings: z.array(z.string()),
  /** Of a model without ONNX form: the command that scores, and its frozen code. Absent for a graph. */
  external: z.object({ command: z.array(z.string()), files: z.array(z.object({ path: z.string(), sha256: Sha256 })) }).optional()
})
export type ImportedModel = z.infer<typeof importedModelSchema>

/** What was found, a line each. */
export function describeImport({ original, producer, from, inputs, adapted, check, warnings, external }: ImportedModel): string[] {
  return [
    `${original.name}: ${producer || 'no producer named'}, sha256 ${original.sha256.slice(0, 16)}`,
    ...inputs.map(({ input, tensor, columns }) => `input "${input}" (${tensor}): ${columns.join(', ')} (${from.columns})`),
    ...(from.classes ? [`classes ${from.classes}; scores ${from.scores}`] : []),
    ...(external ? [`external scorer: ${commandWords(external.command)}. ${notPortable}`] : []),
    ...adapted.map((change) => `adapted: ${change}`),
    `checked on ${countOf(check.rows, 'row')}`,
    ...warnings.map((warning) => `warning: ${warning}`)
  ]
}
