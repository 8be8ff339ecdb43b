import { z } from 'zod'
import { evaluationSchema } from '../../../../model/evaluation'
import { taskParameters } from '../../../../model/tasks'
import { describeStep } from '../../define-step'
import { modelManifest } from '../../../../model/model-manifest'
import { checkCountedRoles, countedByRole } from '../../column-roles/counted-columns'
import { clustersOf, rolesToCheck } from '../../column-roles/split-roles'
import { unknownTable } from '../../column-roles/table-facts'
import { checkModel, freezeModel, givenModel, modelParameter, scorersIn, usedModel } from '../named-model'
import { upstream } from './upstream'

const parameters = z.strictObject({
  model: modelParameter,
  ...taskParameters('evaluate'),
  groupColumn: z
    .string()
    .max(500)
    .optional()
    .meta({ title: 'Groups', description: 'Column whose groups are compared for fairness.', format: 'column' }),
  weight: z.string().min(1).max(500).optional().meta({
    title: 'Weights',
    description: 'Column that says how much each row counts; by default the one that the training used, else the one with the role weight.',
    format: 'column'
  }),
  minimumGroupSize: z
    .int()
    .min(1)
    .default(30)
    .meta({ title: 'Smallest group', description: 'Smaller groups are listed but not compared.' }),
  bootstrapSamples: z
    .int()
    .min(0)
    .max(100_000)
    .default(2000)
    .meta({ title: 'Resamples', description: 'For the confidence intervals; 0 leaves them out.' }),
  latencyCalls: z
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .meta({ title: 'Timed calls', description: 'Single rows scored to measure the latency.' }),
  split: z.string().min(1).max(100).default('test').meta({ title: 'Name of the split', description: 'What the judged rows are called.' }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(42)
    .meta({ title: 'Seed', description: 'Of the resampling.' })
})
export const evaluateDefinition = describeStep({
  type: 'evaluate',
  version: 11,
  title: 'Evaluate',
  help: 'Scores rows with known outcomes with the ONNX model in a process of its own: quality with confidence intervals, calibration, groups, latency and memory. Adds to the run that trained the model.',
  icon: 'gauge',
  category: 'training',
  parameters,
  inputs: {
    model: { types: ['Model'], help: 'The model to judge.', document: modelManifest, insteadOf: 'model' },
    test: { types: ['Table', 'FeatureSet'], help: 'Rows that it has not seen.' }
  },
  outputs: {
    evaluation: { type: 'Evaluation', help: 'Everything that was measured.', document: evaluationSchema },
    metrics: { type: 'Metrics', help: 'The figures by name.' }
  },
  checkRoles: (p, { test }) => checkCountedRoles(p, test ?? unknownTable, ['weight']),
  freeze: async (p, context) => {
    const table = context.tables?.test ?? unknownTable
    const splitRoles = await rolesToCheck(table, context)
    const clusters = clustersOf(table)
    const { weight } = countedByRole(p, table, ['weight'])
    return {
      ...(splitRoles && { splitRoles }),
      ...(clusters && { clusters }),
      ...(weight !== undefined && { weight }),
      ...(await freezeModel(p, context))
    }
  },
  check: checkModel,
  given: givenModel,
  scorers: scorersIn,
  uses: (_, frozen) => usedModel(frozen),
  upstream
})
