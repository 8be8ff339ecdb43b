import { z } from 'zod'
import type { TargetValue } from '../target-value'
import { multiclassEvaluation } from './evaluation'

/** What a model knows of its target. */
export const multiclassSignature = {
  task: z.literal('multiclass-classification'),
  /** `classes` in the order of labels and probabilities. */
  target: multiclassEvaluation.target
}

/** How many training rows had which class, in the order of the classes; `weights` are the sums of their sample weights, where they have any. */
export const multiclassTrainingCounts = { classes: z.array(z.int().min(0)), weights: z.array(z.number().min(0)).optional() }

/** The base rates of training rows: the share of each class, in the order of the classes. */
export function multiclassTrainingRate({ classes, weights }: { classes: number[]; weights?: number[] }): number[] {
  const counted = weights ?? classes
  const all = counted.reduce((sum, each) => sum + each, 0)
  return counted.map((each) => each / all)
}

/** Parameters of steps that concern this task alone: there are none, the decision is for the likeliest class. */
export const multiclassParameters = { train: {}, evaluate: {}, quality: {} }

/** Whether values are in the order that classes have: numbers by size, truth values and texts by code units. */
export const inClassOrder = (values: readonly TargetValue[]): TargetValue[] =>
  [...values].sort((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
  )
