import { z } from 'zod'
import type { Objective } from '../objective'
import type { TaskName } from '../tasks'
import { explainableBoostingParametersSchema } from './explainable-boosting'
import { gradientBoostingParametersSchema } from './gradient-boosting'
import { generalisedLinearParametersSchema } from './generalised-linear'
import { logisticRegressionParametersSchema } from './logistic-regression'
import { scorecardParametersSchema } from './scorecard'

export { explainableBoostingParametersSchema, type ExplainableBoostingParameters } from './explainable-boosting'
export { gradientBoostingParametersSchema, type GradientBoostingParameters } from './gradient-boosting'
export { generalisedLinearParametersSchema, type GeneralisedLinearParameters } from './generalised-linear'
export { logisticRegressionParametersSchema, type LogisticRegressionParameters } from './logistic-regression'
export { scorecardParametersSchema, type ScorecardParameters } from './scorecard'

/** What a trainer that comes with the workbench is for, which losses it minimises and what it can be told. */
export interface AlgorithmDescription {
  /** One sentence for whoever has to choose. */
  purpose: string
  objectives: readonly Objective['name'][]
  parameters: z.ZodObject
  /** What people read who read the whole model; left out where no drawing or table is the model. */
  readAs?: 'shapes' | 'points'
}

/** The trainers that come with the workbench. Others run as script steps and bring their own model.onnx. */
export const algorithms = {
  'gradient-boosting': {
    purpose: 'Many small trees: usually the most accurate, takes columns as they are.',
    objectives: ['logistic', 'softmax', 'squared', 'absolute', 'quantile', 'poisson', 'gamma'],
    parameters: gradientBoostingParametersSchema
  },
  'logistic-regression': {
    purpose: 'One weight per column: quick, easy to read, a fair yardstick for anything larger.',
    objectives: ['logistic', 'softmax'],
    parameters: logisticRegressionParametersSchema
  },
  'generalised-linear-model': {
    purpose: 'One weight per column for an amount or a count: quick, easy to read, a fair yardstick for anything larger.',
    objectives: ['squared', 'poisson', 'gamma'],
    parameters: generalisedLinearParametersSchema
  },
  'explainable-boosting': {
    purpose: 'One drawn curve per column, and a few pairs: nearly as accurate as trees, and the curves are the whole model.',
    objectives: ['logistic', 'softmax', 'squared', 'poisson', 'gamma'],
    parameters: explainableBoostingParametersSchema,
    readAs: 'shapes'
  },
  scorecard: {
    purpose: 'Whole points in a short table: for decisions that people add up, check and sign by hand.',
    objectives: ['logistic'],
    parameters: scorecardParametersSchema,
    readAs: 'points'
  }
} as const satisfies Record<string, AlgorithmDescription>

export type Algorithm = keyof typeof algorithms
/** As what a model of an algorithm is read whole, its shapes or its table of points; null for others and for unknown names. */
export const readAs = (algorithm: string): 'shapes' | 'points' | null => {
  const known: Record<string, AlgorithmDescription | undefined> = algorithms
  return known[algorithm]?.readAs ?? null
}
export const algorithmSchema = z.enum(Object.keys(algorithms) as [Algorithm, ...Algorithm[]])

/** The hyper-parameters of each; title and description also label the generated form. */
export const parametersSchemas = Object.fromEntries(
  Object.entries(algorithms).map(([name, { parameters }]) => [name, parameters])
) as Readonly<{ [name in Algorithm]: (typeof algorithms)[name]['parameters'] }>

const classObjectives: Partial<Record<TaskName, Objective['name']>> = { binary: 'logistic', multiclass: 'softmax' }

/** The trainers that answer a kind of question, of amounts those that minimise the objective (the mean where none is named). */
export function algorithmsFor(task: TaskName, objective: string = 'squared'): Algorithm[] {
  const asked: string = classObjectives[task] ?? objective
  return algorithmSchema.options.filter((name) => algorithms[name].objectives.some((each) => each === asked))
}

/** An algorithm as people read it: `Gradient boosting`. */
export const algorithmTitle = (name: string): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`
