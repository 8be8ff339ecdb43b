import type { FeatureEncoding } from '../features'
import type { LinearModel, LinearTerm } from '../logistic/linear-model'
import { int, type GraphBuilder } from './graph-builder'
import { elementType } from './messages'

type NumberTerm = Extract<LinearTerm, { type: 'number' }>
interface NumberInput {
  name: string
  term: NumberTerm
  isDouble: boolean
}

/**
 * Logistic regression as plain operators in double precision: missing numbers replaced, standardised and weighted, their marks and the
 * categories looked up in their weights, everything summed. Returns log-odds as double [N, 1].
 */
export function exportLinear(graph: GraphBuilder, features: readonly FeatureEncoding[], model: LinearModel): string {
  const numbers: NumberInput[] = []
  const sums: string[] = []
  model.terms.forEach((term, index) => {
    const name = graph.names[index]!
    if (term.type === 'number') numbers.push({ name, term, isDouble: features[index]!.precision === 'double' })
    else {
      const weights = graph.constant('double', [term.weights.length, 1], term.weights)
      sums.push(graph.add('Gather', [weights, graph.categoryCodes(features[index]!, name)], { axis: int(0) }))
    }
  })
  if (numbers.length > 0) sums.push(exportNumbers(graph, numbers))
  return sums.reduce((sum, part) => graph.add('Add', [sum, part]), graph.constant('double', [1, 1], [model.intercept]))
}

function exportNumbers(graph: GraphBuilder, numbers: NumberInput[]): string {
  const size = numbers.length
  const row = (pick: (term: NumberTerm) => number): string => {
    const values = numbers.map(({ term }) => pick(term))
    return graph.constant('double', [1, size], values)
  }
  const column = (pick: (term: NumberTerm) => number): string => {
    const values = numbers.map(({ term }) => pick(term))
    return graph.constant('double', [size, 1], values)
  }
  const hasDouble = numbers.some(({ isDouble }) => isDouble)
  const matrix = graph.add(
    'Concat',
    numbers.map(({ name, isDouble }) => (hasDouble && !isDouble ? graph.cast(name, elementType.double) : name)),
    { axis: int(1) }
  )
  const isMissing = graph.add('IsNaN', [matrix])
  const filled = graph.add('Where', [isMissing, row((term) => term.fill), hasDouble ? matrix : graph.cast(matrix, elementType.double)])
  const centred = graph.add('Sub', [filled, row((term) => term.mean)])
  const scaled = graph.add('Div', [centred, row((term) => term.scale)])
  const weighted = graph.add('MatMul', [scaled, column((term) => term.weight)])
  const marks = graph.cast(isMissing, elementType.double)
  return graph.add('Add', [weighted, graph.add('MatMul', [marks, column((term) => term.missingWeight)])])
}
