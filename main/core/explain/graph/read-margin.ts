import { textOf } from './model'
import { isEnsemble, readEnsemble } from '../trees/read-ensemble'
import { Unreadable } from '../unreadable'
import { combineForm, type LinearForm } from './linear-form'
import type { Parts } from './take-apart'

/** How an answer follows from the margin. */
export type Link = 'identity' | 'logistic' | 'softmax' | 'log'

export interface Margin {
  form: LinearForm
  link: Link
}

const passing = new Set(['Identity', 'Cast', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'ZipMap', 'Normalizer'])
const deepest = 200

/**
 * Goes from an answer of the graph back to the sum that it follows from.
 * @param isEvent whether the answer is the probability of one event, so that of two columns the second counts
 * @throws Unreadable where there is no such sum
 */
export function readMargin(parts: Parts, answer: string, isEvent: boolean): Margin {
  const margin = back(parts, answer, isEvent, 0)
  const width = margin.form.length
  if (!isEvent || width === 1) return margin
  if (width !== 2) throw new Unreadable(`answers ${width} figures where two were expected`)
  const [own, other] = [
    { column: 1, weight: 1 },
    { column: 0, weight: -1 }
  ] as const
  return margin.link === 'softmax'
    ? { form: combineForm(margin.form, [[own, other]]), link: 'logistic' }
    : { form: combineForm(margin.form, [[own]]), link: margin.link }
}

const posts: Record<string, Link> = { NONE: 'identity', LOGISTIC: 'logistic', SOFTMAX: 'softmax' }

function back(parts: Parts, tensor: string, isEvent: boolean, depth: number): Margin {
  if (depth > deepest) throw new Unreadable('has more steps than are followed')
  const node = parts.writerOf(tensor)
  if (!node) return { form: parts.formOf(tensor), link: 'identity' }
  const next = (at: number): Margin => back(parts, node.inputs[at]!, isEvent, depth + 1)
  const linked = (link: Link): Margin => ({ form: parts.formOf(node.inputs[0]!), link })
  if (isEnsemble(node)) {
    const { post } = readEnsemble(node)
    return { form: parts.ensembleForm(node), link: post === 'none' ? 'identity' : post }
  }
  if (node.operator === 'LinearClassifier') {
    const link = posts[textOf(node, 'post_transform') ?? 'NONE']
    if (!link) throw new Unreadable('turns scores in a way that is not read')
    return { form: parts.linearForm(node), link }
  }
  if (node.operator === 'Sigmoid') return linked('logistic')
  if (node.operator === 'Softmax') return linked('softmax')
  if (node.operator === 'Exp') return linked('log')
  // The probabilities of an event and of its opposite: what holds for the second holds for both, which the runtime's answers prove.
  if (node.operator === 'Concat' && isEvent && node.inputs.length === 2) return next(1)
  if (passing.has(node.operator)) return next(0)
  return { form: parts.formOf(tensor), link: 'identity' }
}

/** Turns margins of one row, in place. */
export function applyLink(link: Link, margins: Float64Array): Float64Array {
  if (link === 'logistic') return margins.map((margin) => 1 / (1 + Math.exp(-margin)))
  if (link === 'log') return margins.map(Math.exp)
  if (link === 'identity') return margins
  const most = margins.reduce((a, b) => Math.max(a, b), -Infinity)
  const powers = margins.map((margin) => Math.exp(margin - most))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / sum)
}
