import type { FeatureEncoding } from '../features'
import type { AttributeValue, OnnxNode, OnnxTensor, OnnxValue } from './messages'

/** Version of ai.onnx.ml: 3 is read by every runtime of today; 5 has the operator that knows sets, and calls the older tree operators deprecated. */
export type TreeOperators = 3 | 5

export const labelOutput = 'label'
export const probabilityOutput = 'probabilities'
export const predictionOutput = 'prediction'
const outputNames = new Set([labelOutput, probabilityOutput, predictionOutput])

export const ints = (value: readonly number[]): AttributeValue => ({ type: 'ints', value })
export const int = (value: number): AttributeValue => ({ type: 'int', value })
export const floats = (value: readonly number[]): AttributeValue => ({ type: 'floats', value })
export const strings = (value: readonly string[]): AttributeValue => ({ type: 'strings', value })
export const string = (value: string): AttributeValue => ({ type: 'string', value })
/** A list of numbers as a tensor. */
export const tensor = (type: OnnxTensor['type'], values: readonly number[]): AttributeValue => ({
  type: 'tensor',
  value: { name: '', type, dimensions: [values.length], values }
})

/** Graph input names: those of the columns; one that an output needs gets a suffix that no column has. */
export function inputNames(columns: readonly string[]): string[] {
  return columns.map((name) => {
    if (!outputNames.has(name)) return name
    let renamed = `${name}_input`
    while (columns.includes(renamed)) renamed += '_'
    return renamed
  })
}

/** Collects nodes and constants; inner names carry a prefix that no input has. */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = []
  readonly initializers: OnnxTensor[] = []
  readonly inputs: OnnxValue[]
  readonly names: string[]
  private readonly prefix: string
  private count = 0

  constructor(
    features: readonly FeatureEncoding[],
    readonly treeOperators: TreeOperators = 3
  ) {
    this.names = inputNames(features.map((feature) => feature.name))
    let prefix = 'graph_'
    while (this.names.some((name) => name.startsWith(prefix))) prefix = `_${prefix}`
    this.prefix = prefix
    this.inputs = features.map((feature, index) => ({
      name: this.names[index]!,
      type: feature.kind === 'category' ? 'string' : feature.precision === 'double' ? 'double' : 'float',
      dimensions: ['N', 1],
      description: feature.kind === 'category' ? 'missing: empty string' : 'missing: NaN'
    }))
  }

  /** Adds a node and returns the name of its only output. */
  add(operator: string, inputs: readonly string[], attributes?: Record<string, AttributeValue>, domain?: string): string {
    return this.addNamed(operator, inputs, `${this.prefix}${operator}_${this.count}`, attributes, domain)
  }

  addNamed(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes?: Record<string, AttributeValue>,
    domain?: string
  ): string {
    this.nodes.push({ operator, domain, name: `${this.prefix}node_${this.count++}`, inputs, outputs: [output], attributes })
    return output
  }

  constant(type: OnnxTensor['type'], dimensions: readonly number[], values: readonly number[]): string {
    const name = `${this.prefix}constant_${this.count++}`
    this.initializers.push({ name, type, dimensions, values })
    return name
  }

  /** Casts to an element type by its ONNX number. */
  cast(input: string, to: number): string {
    return this.add('Cast', [input], { to: int(to) })
  }

  /** Codes of a text input, shape [N]: kept ones by rank, the empty text as missing, any other as rare or unknown. */
  categoryCodes(feature: FeatureEncoding, input: string): string {
    const kept = feature.kept.length
    const attributes = {
      keys_strings: strings([...feature.kept, '']),
      values_int64s: ints([...feature.kept.keys(), kept + 1]),
      default_int64: int(feature.hasOther ? kept : kept + 1)
    }
    const codes = this.add('LabelEncoder', [input], attributes, 'ai.onnx.ml')
    return this.add('Reshape', [codes, this.constant('int64', [1], [-1])])
  }

  /**
   * How many of the ascending `borders` a double input [N, 1] is above, as float; NaN stays NaN. So a tree compares in single precision what was
   * told apart in double.
   */
  rank(input: string, borders: readonly number[]): string {
    const missing = this.constant('float', [1, 1], [NaN])
    const isMissing = this.add('IsNaN', [input])
    const isAbove = this.add('Less', [this.constant('double', [1, borders.length], borders), input])
    const count = this.add('ReduceSum', [this.cast(isAbove, 1), this.constant('int64', [1], [1])], { keepdims: int(1) })
    return this.add('Where', [isMissing, missing, count])
  }
}
