import { GraphBuilder, type TreeOperators } from './graph-builder'
import { linkOf } from '../objective'
import { finishGraph } from './finish-graph'
import { encodeModel } from './messages'
import { objectiveOf, type NativeModel } from '../native-model'
import { trainers } from '../trainers'

export const producerVersion = '0.1.0'

const kinds = { sigmoid: 'Binary classifier', softmax: 'Classifier', identity: 'Regression model', exp: 'Regression model with a log link' }

/** The whole model, preprocessing included, as the bytes of an ONNX file (IR 8, ai.onnx 17, ai.onnx.ml 3 unless asked otherwise). */
export function exportOnnx(
  native: NativeModel,
  name: string,
  metadata: Record<string, string>,
  treeOperators: TreeOperators = 3
): Uint8Array {
  const graph = new GraphBuilder(native.features, treeOperators)
  const objective = objectiveOf(native)
  const margin = trainers[native.algorithm].exportMargin(graph, native.features, native.model, objective)
  const outputs = finishGraph(graph, margin, objective)
  return encodeModel({
    producer: 'drydock',
    producerVersion,
    graphName: name,
    description: `${kinds[linkOf(objective)]} by ${native.algorithm}; one input per column.`,
    operatorSets: { '': 17, 'ai.onnx.ml': treeOperators },
    metadata,
    nodes: graph.nodes,
    initializers: graph.initializers,
    inputs: graph.inputs,
    outputs
  })
}
