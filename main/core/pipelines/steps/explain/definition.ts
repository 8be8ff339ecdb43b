import { z } from 'zod'
import { dependenceSchema } from '../../../../model/dependence'
import { explanationSchema } from '../../../../model/explanation'
import { modelManifest } from '../../../../model/model-manifest'
import { clustersOf } from '../../column-roles/split-roles'
import { unknownTable } from '../../column-roles/table-facts'
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
    .meta({ title: 'Seed', description: 'Of what a black box is asked, and of shuffles.' }),
  features: z.array(z.string().min(1)).min(1).max(50).optional().meta({
    title: 'Columns with curves',
    description: 'Columns whose dependence is drawn; by default the eight that move the answers most.',
    format: 'column'
  }),
  classes: z
    .array(z.string().min(1))
    .min(1)
    .max(20)
    .optional()
    .meta({ title: 'Classes with curves', description: 'By default all of up to five, else the five likeliest.' }),
  curveRows: z
    .int()
    .min(10)
    .max(10_000)
    .default(500)
    .meta({ title: 'Rows of curves', description: 'Rows that each curve is the mean over.' }),
  grid: z
    .int()
    .min(2)
    .max(100)
    .default(20)
    .meta({ title: 'Points of curves', description: 'Parts that a column of numbers is divided into, and most texts of a column.' }),
  lines: z.int().min(0).max(200).default(30).meta({ title: 'Lines', description: 'Rows that get a line of their own beside each curve.' }),
  shuffles: z.int().min(0).max(50).default(5).meta({
    title: 'Shuffles',
    description: 'How often each column is shuffled to see what the model loses, where outcomes are known; 0 leaves it out.'
  })
})

export const explainDefinition = describeStep({
  type: 'explain',
  version: 2,
  title: 'Explain',
  help: 'Says what drives the answers of a model, by its ONNX file: what each column adds to each answer, what shuffling it loses, and how the answers go with its values. Belongs to the run that trained the model.',
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
    },
    dependence: {
      type: 'Explanation',
      help: 'Partial dependence, lines of single rows and accumulated local effects, column by column.',
      document: dependenceSchema
    }
  },
  freeze: (_, { tables }) => {
    const clusters = clustersOf(tables?.rows ?? unknownTable)
    return Promise.resolve({ ...(clusters && { clusters }) })
  }
})
