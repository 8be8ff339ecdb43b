import type { FeatureEncoding } from '../features'
import { outputsOf, type ClassModel, type LinearModel, type LinearTerm } from '../linear/linear-model'
import { int, type GraphBuilder } from './graph-builder'
import { elementType } from './messages'

type NumberTerm = Extract<LinearTerm, { type: 'number' }>
interface NumberInput {
  name: string
  /** By output. */
  terms: NumberTerm[]
  isDouble: boolean
}

/**
 * A linear model as plain operators in double precision: missing numbers replaced, standardised and weighted, their marks and the categories
 * looked up in their weights, everything summed. Returns margins as double [N, outputs].
 */
export function exportLinear(graph: GraphBuilder, features: readonly FeatureEncoding[], model: LinearModel | ClassModel): string {
  const outputs = outputsOf(model)
  const width = outputs.length
  const numbers: NumberInput[] = []
  const sums: string[] = []
  features.forEach((feature, index) => {
    const name = graph.names[index]!
    const terms = outputs.map((output) => output.terms[index]!)
    if (terms.every((term) => term.type === 'number')) numbers.push({ name, terms, isDouble: feature.precision === 'double' })
    else {
      const byOutput = terms.map((term) => (term.type === 'category' ? term.weights : []))
      const byCode = byOutput[0]!.flatMap((_, code) => byOutput.map((weights) => weights[code]!))
      const weights = graph.constant('double', [byOutput[0]!.length, width], byCode)
      sums.push(graph.add('Gather', [weights, graph.categoryCodes(feature, name)], { axis: int(0) }))
    }
  })
  if (numbers.length > 0) sums.push(exportNumbers(graph, numbers, width))
  const intercepts = outputs.map(({ intercept }) => intercept)
  return sums.reduce((sum, part) => graph.add('Add', [sum, part]), graph.constant('double', [1, width], intercepts))
}

function exportNumbers(graph: GraphBuilder, numbers: NumberInput[], width: number): string {
  const size = numbers.length
  const row = (pick: (term: NumberTerm) => number): string => {
    const values = numbers.map(({ terms }) => pick(terms[0]!))
    return graph.constant('double', [1, size], values)
  }
  const columns = (pick: (term: NumberTerm) => number): string => {
    const values = numbers.flatMap(({ terms }) => terms.map(pick))
    return graph.constant('double', [size, width], values)
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
  const weighted = graph.add('MatMul', [scaled, columns((term) => term.weight)])
  const marks = graph.cast(isMissing, elementType.double)
  return graph.add('Add', [weighted, graph.add('MatMul', [marks, columns((term) => term.missingWeight)])])
}
