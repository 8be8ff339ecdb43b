import type { FeatureEncoding } from '../features'
import { int, type GraphBuilder } from '../onnx/graph-builder'
import { exportCodes } from '../value-bins'
import { groupCount, type ShapesModel } from './model'

/** Shapes and pairs as tables looked up by bin, added one after the other. Returns margins as double [N, width]. */
export function exportShapes(graph: GraphBuilder, features: readonly FeatureEncoding[], model: ShapesModel): string {
  const { width } = model
  const codes = features.map((feature, index) => exportCodes(graph, feature, graph.names[index]!, model.shapes[index]!.edges))
  const lookUp = (scores: readonly number[], cells: string): string =>
    graph.add('Gather', [graph.constant('double', [scores.length / width, width], scores), cells], { axis: int(0) })
  const groupOf = (groups: readonly number[], feature: number): string =>
    graph.add('Gather', [graph.constant('int64', [groups.length], groups), codes[feature]!], { axis: int(0) })
  const parts = [
    ...model.shapes.map(({ scores }, index) => lookUp(scores, codes[index]!)),
    ...model.pairs.map(({ first, second, firstGroups, secondGroups, scores }) => {
      const columns = graph.constant('int64', [1], [groupCount(secondGroups)])
      const row = graph.add('Mul', [groupOf(firstGroups, first), columns])
      return lookUp(scores, graph.add('Add', [row, groupOf(secondGroups, second)]))
    })
  ]
  return parts.reduce((sum, part) => graph.add('Add', [sum, part]), graph.constant('double', [1, width], model.intercept))
}
