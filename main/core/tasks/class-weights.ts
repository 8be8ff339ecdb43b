import { WorkbenchError } from '../../model/errors'
import { didYouMean } from '../../model/near-names'
import { listValues, type TargetValue } from '../../model/tasks'
import type { ClassWeights } from '../../model/class-weights'
import type { Outcomes } from './outcomes'
import type { Target, Task } from './task'

/**
 * The values of a target that class weights name, by the place of their label.
 * @throws WorkbenchError INVALID_INPUT for an amount
 */
export function classesToWeigh(name: string, task: Task, target: Target): readonly (readonly TargetValue[])[] {
  const values = task.classesOf?.(target)
  if (values) return values
  throw new WorkbenchError(
    'INVALID_INPUT',
    `The target "${name}" is an amount and has no classes to weigh. Take the class weights out, or name a column of weights.`,
    { details: { column: name } }
  )
}

/**
 * What each class counts in a fit, by the place of its label: as asked, 1 for a class that is not named, or so that all classes weigh the same
 * in sum (`balanced`: the weight of all rows over the number of classes times that of the class, as scikit-learn's `class_weight`).
 * `values` are the values of the target by place, several where they share a label.
 * @throws WorkbenchError INVALID_INPUT for a value that is no class, and for weights that leave fewer than two classes to learn
 */
export function classWeightsOf(
  name: string,
  { labels, weights }: Outcomes,
  values: readonly (readonly TargetValue[])[],
  asked: ClassWeights
): number[] {
  const sums = new Float64Array(values.length)
  for (let row = 0; row < labels.length; row++) sums[labels[row]!]! += weights ? weights[row]! : 1
  const total = sums.reduce((sum, each) => sum + each, 0)
  if (asked === 'balanced') return Array.from(sums, (sum) => (sum > 0 ? total / (values.length * sum) : 0))
  const fail = (message: string): never => {
    throw new WorkbenchError('INVALID_INPUT', message, { details: { column: name, values: values.flat().slice(0, 50) } })
  }
  const known = values.flat().map(String)
  const stranger = Object.keys(asked).find((key) => !known.includes(key))
  if (stranger !== undefined)
    fail(
      `The class weights name ${JSON.stringify(stranger)}, which the target "${name}" does not have. It has: ${listValues(values.flat())}.${didYouMean(stranger, known)} Correct the name.`
    )
  const found = values.map((own) => {
    const given = [...new Set(own.map((value) => asked[String(value)] ?? 1))]
    if (given.length > 1)
      fail(
        `The class weights say different things of ${listValues(own)}, which are one class of the target "${name}". Give them one weight.`
      )
    return given[0]!
  })
  if (found.filter((weight, place) => weight > 0 && sums[place]! > 0).length < 2)
    fail(`The class weights leave fewer than two classes of the target "${name}" to learn. Give at least two of them a weight above zero.`)
  return found
}

/** The same outcomes with the weights of their rows multiplied by those of their classes; a fit is judged without those. */
export function weighClasses({ labels, weights }: Outcomes, classWeights: readonly number[]): Outcomes {
  const inFit = Float64Array.from(labels, (label, row) => classWeights[label]! * (weights ? weights[row]! : 1))
  return { labels, weights: inFit, judged: weights }
}
