import type { FeatureEncoding } from '../features'
import { int, type GraphBuilder } from '../onnx/graph-builder'
import { exportCodes } from '../value-bins'
import { pointsByBin, type ScorecardModel } from './model'

/** The table of points looked up by bin and summed, then scaled to log-odds of the event: double [N, 1]. */
export function exportScorecard(graph: GraphBuilder, features: readonly FeatureEncoding[], model: ScorecardModel): string {
  const parts = model.characteristics.flatMap((characteristic, index) => {
    const own = pointsByBin(characteristic)
    // A table without points still gives a number for every row.
    const points =
      own ?? (index === 0 && model.characteristics.every(({ weight }) => weight === null) ? characteristic.lines.map(() => 0) : null)
    if (points === null) return []
    const codes = exportCodes(graph, features[index]!, graph.names[index]!, characteristic.edges)
    return [graph.add('Gather', [graph.constant('double', [points.length, 1], points), codes], { axis: int(0) })]
  })
  const base = graph.constant('double', [1, 1], [model.basePoints])
  const sum = parts.reduce((points, part) => graph.add('Add', [points, part]), base)
  const above = graph.add('Sub', [graph.constant('double', [1, 1], [model.offset]), sum])
  return graph.add('Div', [above, graph.constant('double', [1, 1], [model.factor])])
}
