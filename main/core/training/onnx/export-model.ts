import { GraphBuilder } from './graph-builder'
import { exportLinear } from './export-linear'
import { exportTrees } from './export-trees'
import { encodeModel } from './messages'
import type { NativeModel } from '../native-model'

export const producerVersion = '0.1.0'

/** The whole model, preprocessing included, as the bytes of an ONNX file (IR 8, ai.onnx 17, ai.onnx.ml 3). */
export function exportOnnx(native: NativeModel, name: string, metadata: Record<string, string>): Uint8Array {
  const graph = new GraphBuilder(native.features)
  const logOdds =
    native.algorithm === 'gradient-boosting'
      ? exportTrees(graph, native.features, native.model)
      : exportLinear(graph, native.features, native.model)
  const outputs = graph.finish(logOdds)
  return encodeModel({
    producer: 'drydock',
    producerVersion,
    graphName: name,
    description: `Binary classifier by ${native.algorithm}; one input per column.`,
    operatorSets: { '': 17, 'ai.onnx.ml': 3 },
    metadata,
    nodes: graph.nodes,
    initializers: graph.initializers,
    inputs: graph.inputs,
    outputs
  })
}
