import type { FeatureEncoding } from '../features'
import { int, type GraphBuilder } from '../onnx/graph-builder'
import { elementType } from '../onnx/messages'

/** The bin of every row of one input, int64 [N]: how many edges a number is above, looked up codes of a text; the last bin for a missing one. */
export function exportCodes(graph: GraphBuilder, feature: FeatureEncoding, input: string, edges: readonly number[]): string {
  if (feature.kind === 'category') return graph.categoryCodes(feature, input)
  const flat = graph.constant('int64', [1], [-1])
  const isMissing = graph.add('Reshape', [graph.add('IsNaN', [input]), flat])
  if (edges.length === 0) return graph.cast(isMissing, elementType.int64)
  const borders = graph.constant(feature.precision === 'double' ? 'double' : 'float', [1, edges.length], edges)
  const isAbove = graph.cast(graph.add('Less', [borders, input]), elementType.float)
  // Whole numbers this small are exact in single precision.
  const above = graph.add('ReduceSum', [isAbove, graph.constant('int64', [1], [1])], { keepdims: int(0) })
  const missing = graph.constant('int64', [1], [edges.length + 1])
  return graph.add('Where', [isMissing, missing, graph.cast(above, elementType.int64)])
}
