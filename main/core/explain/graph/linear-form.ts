import { Unreadable } from '../unreadable'

/** A column as a sum: a constant and weighted columns of tensors that are not taken apart further, by `tensor` and place. */
export interface LinearColumn {
  constant: number
  terms: ReadonlyMap<string, number>
}
/** A tensor of which each column is such a sum. */
export type LinearForm = readonly LinearColumn[]

const mostTerms = 5_000_000

/** A column of a tensor; its place stands first, because a name may hold anything. */
export const atomKey = (tensor: string, column: number): string => `${column}:${tensor}`
export function readAtom(key: string): { tensor: string; column: number } {
  const end = key.indexOf(':')
  return { column: Number(key.slice(0, end)), tensor: key.slice(end + 1) }
}

export const leafForm = (tensor: string, width: number): LinearForm =>
  Array.from({ length: width }, (_, column) => ({ constant: 0, terms: new Map([[atomKey(tensor, column), 1]]) }))

export const constantForm = (values: ArrayLike<number>): LinearForm => Array.from(values, (constant) => ({ constant, terms: new Map() }))

export const isConstant = (form: LinearForm): boolean => form.every(({ terms }) => terms.size === 0)

/** Each column is the sum of columns of `form` by the weights of that column. */
export function combineForm(
  form: LinearForm,
  weights: readonly (readonly { column: number; weight: number }[])[],
  plus?: ArrayLike<number>
): LinearForm {
  let count = 0
  return weights.map((own, at) => {
    let constant = plus?.[at] ?? 0
    const terms = new Map<string, number>()
    for (const { column, weight } of own) {
      const part = form[column]
      if (!part) throw new Unreadable('adds a column that is not there')
      constant += weight * part.constant
      for (const [key, factor] of part.terms) terms.set(key, (terms.get(key) ?? 0) + weight * factor)
    }
    if ((count += terms.size) > mostTerms) throw new Unreadable('adds up more parts than can be told apart')
    return { constant, terms }
  })
}

/** Sums and differences of forms, a single column standing for all. */
export function addForms(forms: readonly LinearForm[], signs: readonly number[]): LinearForm {
  const width = Math.max(...forms.map(({ length }) => length))
  if (forms.some(({ length }) => length !== 1 && length !== width)) throw new Unreadable('adds tables of different width')
  const all = forms.flat()
  const starts = forms.map((_, at) => forms.slice(0, at).reduce((sum, { length }) => sum + length, 0))
  return combineForm(
    all,
    Array.from({ length: width }, (_, column) =>
      forms.map(({ length }, at) => ({ column: starts[at]! + (length === 1 ? 0 : column), weight: signs[at] ?? 1 }))
    )
  )
}

/** Each column times its factor; one factor, or one column, stands for all. */
export function scaleForm(form: LinearForm, factors: readonly number[]): LinearForm {
  const width = Math.max(form.length, factors.length)
  if ([form.length, factors.length].some((length) => length !== 1 && length !== width))
    throw new Unreadable('multiplies tables of different width')
  return combineForm(
    form,
    Array.from({ length: width }, (_, column) => [
      { column: form.length === 1 ? 0 : column, weight: factors[factors.length === 1 ? 0 : column]! }
    ])
  )
}
