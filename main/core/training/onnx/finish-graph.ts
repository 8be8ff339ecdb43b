import { linkOf, widthOf, type Objective } from '../objective'
import { int, labelOutput, predictionOutput, probabilityOutput, type GraphBuilder } from './graph-builder'
import { elementType, type OnnxValue } from './messages'

/** Adds what leads from the margin (double, [N, width]) to the outputs of the objective, and returns these. */
export function finishGraph(graph: GraphBuilder, margin: string, objective: Objective): OnnxValue[] {
  switch (linkOf(objective)) {
    case 'sigmoid':
      return finishBinary(graph, margin)
    case 'softmax':
      return finishClasses(graph, margin, widthOf(objective))
    case 'exp':
      return finishAmount(graph, graph.add('Exp', [margin]))
    case 'identity':
      return finishAmount(graph, margin)
  }
}

/** A probability of a half counts as positive. */
function finishBinary(graph: GraphBuilder, logOdds: string): OnnxValue[] {
  const positive = graph.add('Sigmoid', [logOdds])
  const negative = graph.add('Sub', [graph.constant('double', [1], [1]), positive])
  const both = graph.add('Concat', [negative, positive], { axis: int(1) })
  graph.addNamed('Cast', [both], probabilityOutput, { to: int(elementType.float) })
  const single = graph.cast(positive, elementType.float)
  const isPositive = graph.add('GreaterOrEqual', [single, graph.constant('float', [1], [0.5])])
  const label = graph.cast(isPositive, elementType.int64)
  graph.addNamed('Reshape', [label, graph.constant('int64', [1], [-1])], labelOutput)
  return [
    { name: labelOutput, type: 'int64', dimensions: ['N'], description: '1: positive, 0: negative; cut at a probability of 0.5' },
    { name: probabilityOutput, type: 'float', dimensions: ['N', 2], description: 'probability of negative and of positive' }
  ]
}

/** The class with the largest probability, the first of equal ones. */
function finishClasses(graph: GraphBuilder, margins: string, classes: number): OnnxValue[] {
  const exact = graph.add('Softmax', [margins], { axis: int(1) })
  graph.addNamed('Cast', [exact], probabilityOutput, { to: int(elementType.float) })
  graph.addNamed('ArgMax', [probabilityOutput], labelOutput, { axis: int(1), keepdims: int(0) })
  return [
    { name: labelOutput, type: 'int64', dimensions: ['N'], description: 'index of the most probable class' },
    { name: probabilityOutput, type: 'float', dimensions: ['N', classes], description: 'probability of each class' }
  ]
}

function finishAmount(graph: GraphBuilder, amount: string): OnnxValue[] {
  graph.addNamed('Cast', [amount], predictionOutput, { to: int(elementType.float) })
  return [{ name: predictionOutput, type: 'float', dimensions: ['N', 1], description: 'predicted amount' }]
}
