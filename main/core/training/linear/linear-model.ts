import { z } from 'zod'
import type { EncodedTable, FeatureEncoding } from '../features'

const standardised = { type: z.literal('number'), fill: z.number(), mean: z.number(), scale: z.number() }

/**
 * One feature's part in the margin. A number adds weight * (x - mean) / scale, with `fill` for a missing x and `missingWeight` on top;
 * a category adds the weight of its code (kept ones, then rare or unknown, then missing).
 */
export const linearTermSchema = z.discriminatedUnion('type', [
  z.object({ ...standardised, weight: z.number(), missingWeight: z.number() }),
  z.object({ type: z.literal('category'), weights: z.array(z.number()) })
])
export type LinearTerm = z.infer<typeof linearTermSchema>

/** A model with one margin. */
export const linearModelSchema = z.object({ intercept: z.number(), terms: z.array(linearTermSchema) })
export type LinearModel = z.infer<typeof linearModelSchema>

/** A model with one margin for each class: each weight is a list, by class. The weights of a category are listed by code, then by class. */
export const classModelSchema = z.object({
  intercepts: z.array(z.number()).min(2),
  terms: z.array(
    z.discriminatedUnion('type', [
      z.object({ ...standardised, weights: z.array(z.number()), missingWeights: z.array(z.number()) }),
      z.object({ type: z.literal('category'), weights: z.array(z.array(z.number())) })
    ])
  )
})
export type ClassModel = z.infer<typeof classModelSchema>

/** The models of the single margins. */
export function outputsOf(model: LinearModel | ClassModel): LinearModel[] {
  if ('intercept' in model) return [model]
  return model.intercepts.map((intercept, k) => ({
    intercept,
    terms: model.terms.map((term) => {
      if (term.type === 'category') return { type: 'category', weights: term.weights.map((byClass) => byClass[k]!) }
      const { weights, missingWeights, ...rest } = term
      return { ...rest, weight: weights[k]!, missingWeight: missingWeights[k]! }
    })
  }))
}

/** The model of several margins; fill, mean and scale of a feature are the same in all of them. */
export function classModelOf(outputs: readonly LinearModel[]): ClassModel {
  const numbers = (index: number) => outputs.map(({ terms }) => terms[index] as Extract<LinearTerm, { type: 'number' }>)
  const categories = (index: number) => outputs.map(({ terms }) => terms[index] as Extract<LinearTerm, { type: 'category' }>)
  return {
    intercepts: outputs.map(({ intercept }) => intercept),
    terms: outputs[0]!.terms.map((term, index) => {
      if (term.type === 'category')
        return { type: 'category', weights: term.weights.map((_, code) => categories(index).map(({ weights }) => weights[code]!)) }
      const { weight: _, missingWeight: __, ...rest } = term
      return {
        ...rest,
        weights: numbers(index).map(({ weight }) => weight),
        missingWeights: numbers(index).map((own) => own.missingWeight)
      }
    })
  }
}

/** Margins of encoded rows, row-major [rows * outputs], in double precision on the inputs as they are encoded. */
export function predictLinear(model: LinearModel | ClassModel, table: EncodedTable): Float64Array {
  const outputs = outputsOf(model)
  if (outputs.length === 1) return marginOf(outputs[0]!, table)
  const margins = new Float64Array(table.rows * outputs.length)
  outputs.forEach((output, k) => {
    const own = marginOf(output, table)
    for (let row = 0; row < table.rows; row++) margins[row * outputs.length + k] = own[row]!
  })
  return margins
}

/** One margin of every row. */
export function marginOf(model: LinearModel, table: EncodedTable): Float64Array {
  const margin = new Float64Array(table.rows).fill(model.intercept)
  model.terms.forEach((_, index) => {
    const part = contributionOf(model, index, table)
    for (let row = 0; row < table.rows; row++) margin[row]! += part[row]!
  })
  return margin
}

/** What one feature adds to the margin of every row. */
export function contributionOf(model: LinearModel, index: number, table: EncodedTable): Float64Array {
  const term = model.terms[index]!
  const column = table.columns[index]!
  const part = new Float64Array(table.rows)
  for (let row = 0; row < table.rows; row++) {
    const x = column[row]!
    if (term.type === 'category') part[row] = term.weights[x]!
    else if (x !== x) part[row] = ((term.fill - term.mean) / term.scale) * term.weight + term.missingWeight
    else part[row] = ((x - term.mean) / term.scale) * term.weight
  }
  return part
}

/** @throws Error with the reason where terms and features do not fit each other, or a class lacks a weight */
export function assertTerms(model: LinearModel | ClassModel, features: readonly FeatureEncoding[], outputs: number): void {
  if (model.terms.length !== features.length) throw new Error('it has not one term per feature')
  if (('intercept' in model ? 1 : model.intercepts.length) !== outputs) throw new Error('it has not one intercept per class')
  model.terms.forEach((term, index) => {
    const { kind, kept, name } = features[index]!
    const fits =
      term.type === 'category'
        ? kind === 'category' &&
          term.weights.length === kept.length + 2 &&
          term.weights.every((own) => typeof own === 'number' || own.length === outputs)
        : kind !== 'category' && (!('weights' in term) || (term.weights.length === outputs && term.missingWeights.length === outputs))
    if (!fits) throw new Error(`the weights of "${name}" do not fit it`)
  })
}
