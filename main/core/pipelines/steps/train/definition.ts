import { z } from 'zod'
import { algorithms, algorithmSchema, algorithmTitle, parametersSchemas, trainedModelSchema } from '../../../../model/training'
import { classWeightsSchema } from '../../../../model/class-weights'
import { crossValidationSchema } from '../../../../model/cross-validation'
import { taskNames, taskParameters } from '../../../../model/tasks'
import { checkCountedRoles, countedByRole, type CountedRole } from '../../column-roles/counted-columns'
import { adviseTarget, checkTrainingRoles, holdBackOf, rolesForTraining } from '../../column-roles/learned-columns'
import { unknownTable } from '../../column-roles/table-facts'
import { describeStep } from '../../define-step'
import { modelManifest } from '../../../../model/model-manifest'
import { checkQuestion, checkSettings } from './check-settings'

const parameters = z.strictObject({
  target: z.string().min(1).max(500).meta({
    title: 'Target',
    description: 'Column to predict. Where a yes or no has more than two values, name the one that is the event.',
    format: 'column'
  }),
  task: z.enum(taskNames).default('binary').meta({
    title: 'Question',
    description: 'binary is a yes or no, multiclass one of several classes, regression an amount or a count.'
  }),
  ...taskParameters('train'),
  algorithm: algorithmSchema.default('gradient-boosting').meta({
    ...{ title: 'Algorithm', format: 'algorithm' },
    description: `The trainer. ${algorithmSchema.options.map((name) => `${name}: ${algorithms[name].purpose}`).join(' ')}`
  }),
  parameters: z
    .record(z.string(), z.json())
    .default({})
    .meta({ title: 'Settings', description: 'Settings of the trainer that differ from its defaults.' }),
  features: z.array(z.string()).optional().meta({
    title: 'Features',
    description: 'Columns to learn from; by default all but the target and what has the role identifier or ignored or is known only after.',
    format: 'column'
  }),
  exclude: z.array(z.string()).default([]).meta({
    title: 'Leave out',
    description: 'Columns not to learn from, such as identifiers and what is known only afterwards.',
    format: 'column'
  }),
  weight: z.string().min(1).max(500).optional().meta({
    title: 'Weights',
    description:
      'Column that says how much each row counts; nothing is learned from it. By default the one with the role weight; every row counts the same without one.',
    format: 'column'
  }),
  classWeights: classWeightsSchema.optional().meta({
    title: 'Class weights',
    description:
      'What each class counts in the fit: balanced, so that all weigh the same in sum, or a number by value of the target, 1 for those not named. Multiplies the weights of rows; figures are judged without it.'
  }),
  exposure: z.string().min(1).max(500).optional().meta({
    title: 'Exposure',
    description:
      'Column that counts and amounts are divided by, such as the time at risk; nothing is learned from it. By default the one with the role exposure.',
    format: 'column'
  }),
  onnxMl: z.enum(['3', '5']).default('3').meta({
    title: 'Operators of trees',
    description:
      'Version of ai.onnx.ml that trees are exported for: 3 is read by every runtime; 5 has TreeEnsemble with sets of categories and needs ONNX Runtime 1.20 or later. Both give the same answers.'
  }),
  units: z
    .record(z.string(), z.string().max(64))
    .default({})
    .meta({ title: 'Units', description: 'Unit of a feature, by name; recorded in the signature.' }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(42)
    .meta({ title: 'Seed', description: 'Same data, settings and seed give the same model, bit for bit.' }),
  experiment: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ title: 'Experiment', description: 'Where the run is recorded; by default named after the pipeline.' }),
  name: z.string().min(1).max(200).optional().meta({ title: 'Run name', description: 'By default the title of the step.' })
})
/** Only counts and amounts are divided by an exposure. */
export const countedRolesOf = ({ task }: { task: string }): CountedRole[] => (task === 'regression' ? ['weight', 'exposure'] : ['weight'])

/** The parameters of a training, for steps that train as well. */
export const trainParameters = parameters.shape

export const trainDefinition = describeStep({
  type: 'train',
  version: 4,
  title: 'Train',
  help: 'Trains a model and exports it as ONNX with its preprocessing; the export is checked against the trainer row by row. Records a run.',
  icon: 'brain',
  category: 'training',
  parameters,
  inputs: {
    train: { types: ['Table', 'FeatureSet'], help: 'Rows to learn from, with the target.' },
    validation: {
      types: ['Table', 'FeatureSet'],
      optional: true,
      help: 'Rows that only stop the training and measure the columns. Without them some of the rows to learn from are held back, as the split divided them.'
    },
    cross_validation: {
      types: ['CrossValidation'],
      optional: true,
      help: 'Makes this the final fit of a cross-validation of the same question and rows: the settings that it chose are used, and its figures stay with the model.',
      document: crossValidationSchema
    }
  },
  outputs: {
    model: { type: 'Model', help: 'model.onnx, its signature and the record of the training.', document: modelManifest },
    report: {
      type: 'Report',
      help: 'The record of the training: losses, importances, parity, warnings.',
      document: trainedModelSchema
    }
  },
  titleOf: ({ algorithm }) => algorithmTitle(algorithm),
  nested: { parameters: { by: 'algorithm', schemas: parametersSchemas } },
  check: (p) => [...checkSettings(p.algorithm, p.parameters), ...checkQuestion(p)],
  checkRoles: (p, { train }) => [
    ...checkTrainingRoles(p, train ?? unknownTable),
    ...checkCountedRoles(p, train ?? unknownTable, countedRolesOf(p))
  ],
  adviseMissing: (parameter, { train }) => (parameter === 'target' ? adviseTarget(train ?? unknownTable) : null),
  freeze: async (p, { tables }) => {
    const table = tables?.train ?? unknownTable
    const counted = countedByRole(p, table, countedRolesOf(p))
    return {
      columnRoles: rolesForTraining(p, table),
      holdBack: holdBackOf(p, table),
      ...(Object.keys(counted).length > 0 && { counted })
    }
  }
})
