import { rewriteOnnx, type OnnxElement, type OnnxFile } from '../../onnx-file'
import { int } from './graph-builder'
import { elementType, encodedNode, encodedTensor, type AttributeValue, type OnnxTensor } from './messages'

const elementNumbers: Partial<Record<OnnxElement, number>> = {
  ...elementType,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  float16: 10,
  uint32: 12,
  uint64: 13
}

/** Encoded nodes and constants, to be laid around a graph of a file, with names that it does not have. */
export class AroundGraph {
  readonly before: Uint8Array[] = []
  readonly after: Uint8Array[] = []
  readonly constants: Uint8Array[] = []
  private count = 0
  constructor(
    readonly taken: Set<string>,
    private side: Uint8Array[] = []
  ) {}
  turnTo(side: Uint8Array[]): void {
    this.side = side
  }
  fresh(wanted: string): string {
    let name = wanted
    while (this.taken.has(name)) name += '_'
    this.taken.add(name)
    return name
  }
  add(operator: string, inputs: readonly string[], attributes: Record<string, AttributeValue> = {}, output?: string): string {
    const name = output ?? this.fresh(`drydock_${operator}_${this.count++}`)
    this.side.push(encodedNode({ operator, name: this.fresh(`drydock_node_${this.count++}`), inputs, outputs: [name], attributes }))
    return name
  }
  constant(type: OnnxTensor['type'], dimensions: readonly number[], values: readonly number[]): string {
    const name = this.fresh(`drydock_constant_${this.count++}`)
    this.constants.push(encodedTensor({ name, type, dimensions, values }))
    return name
  }
  cast(input: string, to: OnnxElement, output?: string): string {
    return this.add('Cast', [input], { to: int(elementNumbers[to]!) }, output)
  }
}

/** What the outputs of a graph whose probabilities or label are given anew start from. */
export interface Outputs {
  around: AroundGraph
  /** The name that an output of the graph has now. */
  earlier(output: string): string
}

/**
 * Gives outputs of a graph anew by nodes behind it; all else stays as it is, byte for byte.
 * @param replaced names of outputs that the new nodes write; what wrote them so far gets another name
 * @param finish adds the nodes and returns all outputs of the file
 */
export function giveOutputs(
  bytes: Uint8Array,
  file: OnnxFile,
  replaced: Readonly<Record<string, string>>,
  metadata: Readonly<Record<string, string>>,
  finish: (outputs: Outputs) => Uint8Array[]
): Uint8Array {
  const around = new AroundGraph(new Set([...namesIn(file), ...Object.keys(replaced)]))
  around.turnTo(around.after)
  const rename = new Map(Object.entries(replaced).map(([name, other]) => [name, around.fresh(other)]))
  const outputs = finish({ around, earlier: (name) => rename.get(name) ?? name })
  const { after, constants } = around
  return rewriteOnnx(bytes, file, { rename, leaveOut: new Set(), before: [], after, constants, outputs, metadata })
}

/** Names of all values of the graph and of the graphs within. */
export function namesIn({ graph }: OnnxFile): Set<string> {
  const names = new Set<string>()
  const visit = (each: OnnxFile['graph']): void => {
    for (const { name } of [...each.inputs, ...each.outputs, ...each.initializers]) names.add(name)
    for (const { name, inputs, outputs, attributes } of each.nodes) {
      for (const value of [name, ...inputs, ...outputs]) names.add(value)
      for (const attribute of Object.values(attributes)) {
        if (attribute.type === 'graph') visit(attribute.value)
        if (attribute.type === 'graphs') attribute.value.forEach(visit)
      }
    }
  }
  visit(graph)
  names.delete('')
  return names
}
