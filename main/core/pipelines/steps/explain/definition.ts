import { z } from 'zod'
import { explanationSchema } from '../../../../model/explanation'
import { modelManifest } from '../../../../model/model-manifest'
import { describeStep } from '../../define-step'

const parameters = z.strictObject({
  method: z.enum(['auto', 'interventional', 'path-dependent', 'kernel']).default('auto').meta({
    title: 'Method',
    description: 'auto: by the trees and sums of the ONNX file where it is such, else by its answers alone.'
  }),
  rows: z
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .meta({ title: 'Rows', description: 'Most rows that are explained, an even sample of the table.' }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(42)
    .meta({ title: 'Seed', description: 'Of what a black box is asked.' })
})

export const explainDefinition = describeStep({
  type: 'explain',
  version: 1,
  title: 'Explain',
  help: 'Says what drives the answers of a model, by its ONNX file: what each column adds to each answer, adding up to it. Belongs to the run that trained the model.',
  icon: 'lightbulb',
  category: 'training',
  parameters,
  inputs: {
    model: { types: ['Model'], help: 'The model to explain.', document: modelManifest },
    rows: { types: ['Table', 'FeatureSet'], help: 'Rows to explain.' },
    background: {
      types: ['Table', 'FeatureSet'],
      optional: true,
      help: 'Rows that stand for what is usual, such as those of the training; else those that are explained.'
    }
  },
  outputs: {
    explanation: {
      type: 'Explanation',
      help: 'Mean contributions with intervals, dependence, method; beside it a contribution for each row and column.',
      document: explanationSchema
    }
  }
})
