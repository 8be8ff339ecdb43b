import type { OnnxFile, OnnxFileNode } from '../onnx-file'
import { refuse } from './refuse'

/** Domains of operators that the runtime brings along. */
const known = new Set(['', 'ai.onnx.ml', 'com.microsoft'])
/** Oldest version of the standard operators whose forms the nodes around a graph can rely on. */
const oldest = 9

/**
 * Refuses operators that no runtime here has before one tries, by name.
 * @throws WorkbenchError INVALID_INPUT
 */
export function assertOperators({ graph, functions, operatorSets }: OnnxFile, name: string): void {
  const version = operatorSets[''] ?? oldest
  if (version < oldest)
    refuse(
      `"${name}" uses version ${version} of the ONNX operators; version ${oldest} or later is needed. Export the model again with target_opset=17.`
    )
  const own = new Set(functions)
  const visit = (nodes: readonly OnnxFileNode[]): void => {
    for (const { operator, domain, name: node, outputs, attributes } of nodes) {
      if (!known.has(domain) && !own.has(`${domain}:${operator}`))
        refuse(
          `"${name}" uses the operator "${operator}" of the domain "${domain}" (node "${node || outputs[0]}"), which is no ONNX operator. Such a model needs a program of its own: export it again with standard operators.`,
          { operator, domain, tensor: outputs[0] }
        )
      for (const attribute of Object.values(attributes)) {
        if (attribute.type === 'graph') visit(attribute.value.nodes)
        if (attribute.type === 'graphs') for (const inner of attribute.value) visit(inner.nodes)
      }
    }
  }
  visit(graph.nodes)
}
