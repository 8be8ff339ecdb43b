import { z } from 'zod'
import { crossValidationSchema } from '../../../../model/cross-validation'
import { taskParameters } from '../../../../model/tasks'
import { spanPattern } from '../../../../model/time-span'
import { parametersSchemas } from '../../../../model/training'
import { checkCountedRoles, countedByRole } from '../../column-roles/counted-columns'
import { adviseTarget, checkTrainingRoles, holdBackOf, rolesForTraining } from '../../column-roles/learned-columns'
import { adviseSplit } from '../../column-roles/split-roles'
import { unknownTable } from '../../column-roles/table-facts'
import { describeStep } from '../../define-step'
import { checkQuestion, checkSettings } from '../train/check-settings'
import { countedRolesOf, trainParameters } from '../train/definition'

const span = (example: string) => z.string().max(40).regex(spanPattern, `Write a number and a unit, such as "${example}".`)

const parameters = z.strictObject({
  target: trainParameters.target,
  task: trainParameters.task,
  ...taskParameters('train'),
  by: z.enum(['roles', 'stratified', 'random', 'group', 'time']).default('roles').meta({
    title: 'Folds',
    description:
      'stratified: each fold has the same share of every class or range of amounts; random rows; whole groups; windows in time. roles: by the column with the role group, else time, else stratified.'
  }),
  column: z
    .string()
    .max(500)
    .optional()
    .meta({ title: 'Time or group column', description: 'Needed for folds by time or group.', format: 'column' }),
  folds: z.int().min(2).max(100).default(5).meta({ title: 'Number of folds', description: 'By time: the number of windows.' }),
  repeats: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .meta({ title: 'Repeats', description: 'How often the rows are divided anew; windows in time are divided once.' }),
  gap: span('7 days').default('0').meta({
    title: 'Gap',
    description:
      'By time: what lies between the last row learned from and the first judged one, such as "7 days"; a plain number for a column of numbers.'
  }),
  history: span('90 days').optional().meta({
    title: 'History',
    description: 'By time: how far back before the gap a model learns, such as "90 days"; all earlier rows by default.'
  }),
  algorithm: trainParameters.algorithm,
  parameters: trainParameters.parameters,
  candidates: z.array(z.record(z.string(), z.json())).max(100).default([]).meta({
    title: 'Candidates',
    description:
      'Two or more sets of settings, laid over the settings above. Inner folds choose among them, the outer folds judge the choice (nested). Empty: nothing is chosen.'
  }),
  innerFolds: z.int().min(2).max(20).default(3).meta({ title: 'Inner folds', description: 'Folds that candidates are compared by.' }),
  metric: z.string().min(1).max(100).optional().meta({
    title: 'Choose by',
    description: 'Metric by which a candidate is chosen, by its name in runs; by default the loss that the trainer minimises.'
  }),
  features: trainParameters.features,
  exclude: trainParameters.exclude,
  weight: trainParameters.weight,
  classWeights: trainParameters.classWeights,
  exposure: trainParameters.exposure,
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(42)
    .meta({ title: 'Seed', description: 'Same data, settings and seed give the same folds and the same figures.' }),
  experiment: trainParameters.experiment,
  name: trainParameters.name
})

export const crossValidateDefinition = describeStep({
  type: 'cross-validate',
  version: 2,
  title: 'Cross-validate',
  help: 'Judges a way to train by folds: models that learn from some of the rows, judged on the others, with the spread and an interval. Records a run; connect its report to a train step for the final fit.',
  icon: 'layers',
  category: 'training',
  parameters,
  inputs: { table: { types: ['Table', 'FeatureSet'], help: 'Rows to learn from and judge by, with the target.' } },
  outputs: {
    report: { type: 'CrossValidation', help: 'Every fold, spread and intervals, the settings chosen.', document: crossValidationSchema },
    scores: { type: 'Table', help: 'Out-of-fold scores: row, fold, repeat, label, and what the model of the other folds answered.' }
  },
  titleOf: ({ algorithm }) => `Cross-validate ${algorithm.replaceAll('-', ' ')}`,
  nested: { parameters: { by: 'algorithm', schemas: parametersSchemas } },
  check(p) {
    const isTime = p.by === 'time'
    const needsColumn = isTime || p.by === 'group'
    const problem = (is: boolean, parameter: string, message: string) => (is ? [{ message, parameter }] : [])
    return [
      ...checkQuestion(p),
      ...checkSettings(p.algorithm, p.parameters),
      ...p.candidates.flatMap((own, at) =>
        checkSettings(p.algorithm, { ...p.parameters, ...own }).map(({ message }) => ({
          message: `Candidate ${at + 1}: ${message}`,
          parameter: 'candidates'
        }))
      ),
      ...problem(
        p.candidates.length === 1,
        'candidates',
        'One candidate leaves nothing to choose. Name two or more, or write its settings above.'
      ),
      ...problem(
        p.metric !== undefined && p.candidates.length === 0,
        'metric',
        'A metric chooses among candidates, and there are none. Name some.'
      ),
      ...problem(needsColumn && !p.column, 'column', `Folds by ${p.by} need the column.`),
      ...problem(
        !needsColumn && p.column !== undefined,
        'column',
        `Folds by ${p.by} take no column. Choose group or time, or take it out.`
      ),
      ...problem(p.column === p.target, 'column', 'The target cannot divide the rows.'),
      ...problem(isTime && p.repeats > 1, 'repeats', 'Windows in time come out the same each time. Take the repeats out.'),
      ...problem(p.gap !== '0' && !isTime && p.by !== 'roles', 'gap', 'A gap goes with folds by time only.'),
      ...problem(p.history !== undefined && !isTime && p.by !== 'roles', 'history', 'A history goes with folds by time only.')
    ]
  },
  checkRoles: (p, { table }) => [
    ...checkTrainingRoles(p, table ?? unknownTable),
    ...checkCountedRoles(p, table ?? unknownTable, countedRolesOf(p)),
    ...adviseSplit({ by: p.by === 'stratified' ? 'random' : p.by }, table ?? unknownTable)
  ],
  adviseMissing: (parameter, { table }) => (parameter === 'target' ? adviseTarget(table ?? unknownTable) : null),
  freeze: async (p, { tables }) => {
    const table = tables?.table ?? unknownTable
    const counted = countedByRole(p, table, countedRolesOf(p))
    return {
      columnRoles: rolesForTraining(p, table),
      holdBack: holdBackOf(p, table),
      ...(Object.keys(counted).length > 0 && { counted })
    }
  }
})
