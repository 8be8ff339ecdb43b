import type { OnnxFileNode } from '../../onnx-file'
import { isEnsemble, readEnsemble } from '../trees/read-ensemble'
import type { Ensemble } from '../trees/ensemble'
import { Unreadable } from '../unreadable'
import { evaluate, nodesFor, writersOf } from './evaluate'
import { linearWeights } from './learning-operators'
import { addForms, combineForm, constantForm, isConstant, leafForm, scaleForm, type LinearForm } from './linear-form'
import { intOf, intsOf, type ReadGraph } from './model'
import { matrixOf } from './shape-operators'
import { spread, type RowTensor, type Value } from './values'

/** A graph has no more steps from an input to an output; deeper ones would not be followed. */
const deepest = 2000

/** Takes tensors of a graph apart into sums: of trees, and of columns that follow from one column of the table each. */
export class Parts {
  readonly ensembles = new Map<string, Ensemble>()
  private readonly writers: Map<string, OnnxFileNode>
  private readonly forms = new Map<string, LinearForm>()
  private readonly probes = new Map<string, Value | null>()

  /** @param feeds the graph's inputs without any row: what is asked of them is how wide a tensor is and what it follows from */
  constructor(
    private readonly graph: ReadGraph,
    private readonly feeds: ReadonlyMap<string, RowTensor>
  ) {
    this.writers = writersOf(graph)
  }

  writerOf(tensor: string): OnnxFileNode | undefined {
    return this.writers.get(tensor)
  }

  /** What a tensor looks like; @throws Unreadable */
  probe(tensor: string): Value {
    return evaluate(this.graph, nodesFor(this.graph, [tensor]), this.feeds, 0, [tensor]).get(tensor)!
  }

  /** The tensor as sums. @throws Unreadable where it is something else */
  formOf(tensor: string, depth = 0): LinearForm {
    const known = this.forms.get(tensor)
    if (known) return known
    if (depth > deepest) throw new Unreadable('has more steps than are followed')
    const form = this.apart(tensor, depth + 1)
    this.forms.set(tensor, form)
    return form
  }

  /** The raw scores of an ensemble, before it turns them into probabilities. */
  ensembleForm(node: OnnxFileNode): LinearForm {
    const key = `trees ${node.outputs.find((name) => name !== '')}`
    const ensemble = this.ensembles.get(key) ?? readEnsemble(node)
    this.ensembles.set(key, ensemble)
    return combineForm(
      leafForm(key, ensemble.outputs),
      Array.from({ length: ensemble.outputs }, (_, column) => [{ column, weight: 1 }]),
      ensemble.base
    )
  }

  /** The raw scores of a LinearRegressor or LinearClassifier. */
  linearForm(node: OnnxFileNode, depth = 0): LinearForm {
    const form = this.formOf(node.inputs[0]!, depth)
    return weighed(form, linearWeights(node, form.length))
  }

  private apart(tensor: string, depth: number): LinearForm {
    const constant = this.graph.constants.get(tensor)
    if (constant?.numbers) return constantForm(constant.numbers)
    const seen = this.tryProbe(tensor)
    if (seen && spread(seen, 0).columns.every(({ support }) => support.length <= 1)) return this.leaf(tensor, seen)
    const node = this.writers.get(tensor)
    const form = node && this.ofNode(node, depth)
    if (form) return form
    if (!seen) return this.leaf(tensor, this.probe(tensor))
    return this.leaf(tensor, seen)
  }

  private leaf(tensor: string, seen: Value): LinearForm {
    if (seen.kind === 'constant') return constantForm(seen.numbers ?? [])
    return leafForm(tensor, seen.columns.length)
  }

  private tryProbe(tensor: string): Value | null {
    const known = this.probes.get(tensor)
    if (known !== undefined) return known
    try {
      const seen = this.probe(tensor)
      this.probes.set(tensor, seen)
      return seen
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      this.probes.set(tensor, null)
      return null
    }
  }

  /** The sum that a node makes of its inputs; undefined where it makes something else. */
  private ofNode(node: OnnxFileNode, depth: number): LinearForm | undefined {
    if (isEnsemble(node)) return node.operator === 'TreeEnsembleClassifier' ? undefined : this.ofRegressor(node)
    if (node.operator === 'LinearRegressor') return this.linearForm(node, depth)
    const forms = (): LinearForm[] => node.inputs.map((name) => this.formOf(name, depth))
    switch (node.domain === '' ? node.operator : '') {
      case 'Add':
      case 'Sum':
        return addForms(
          forms(),
          node.inputs.map(() => 1)
        )
      case 'Sub':
        return addForms(forms(), [1, -1])
      case 'Neg':
        return scaleForm(this.formOf(node.inputs[0]!, depth), [-1])
      case 'Mul':
      case 'Div':
        return this.scaled(node, forms())
      case 'Identity':
      case 'Flatten':
      case 'Reshape':
      case 'Squeeze':
      case 'Unsqueeze':
      case 'Cast':
        return this.passedOn(node, depth)
      case 'Concat':
        return forms().flat()
      case 'MatMul':
      case 'Gemm':
        return this.multiplied(node, depth)
      case 'ReduceSum':
        return this.summed(node, depth)
      default:
        return undefined
    }
  }

  private ofRegressor(node: OnnxFileNode): LinearForm | undefined {
    const form = this.ensembleForm(node)
    return readEnsemble(node).post === 'none' ? form : undefined
  }

  private passedOn(node: OnnxFileNode, depth: number): LinearForm | undefined {
    // Only 1 and 11 (float and double) keep what is cast.
    if (node.operator === 'Cast' && ![1, 11].includes(intOf(node, 'to') ?? 0)) return undefined
    return this.formOf(node.inputs[0]!, depth)
  }

  private scaled(node: OnnxFileNode, [left, right]: LinearForm[]): LinearForm | undefined {
    if (!left || !right) return undefined
    const factors = (form: LinearForm): number[] => form.map(({ constant }) => (node.operator === 'Div' ? 1 / constant : constant))
    if (isConstant(right)) return scaleForm(left, factors(right))
    return node.operator === 'Mul' && isConstant(left) ? scaleForm(right, factors(left)) : undefined
  }

  private multiplied(node: OnnxFileNode, depth: number): LinearForm | undefined {
    const inputs = node.inputs.map((name): Value | null => {
      const constant = this.graph.constants.get(name)
      return constant ? { ...constant, kind: 'constant' } : null
    })
    if (inputs[0] || !inputs[1] || (node.inputs[2] && !inputs[2])) return undefined
    return weighed(this.formOf(node.inputs[0]!, depth), matrixOf({ node, inputs, rows: 0 }))
  }

  private summed(node: OnnxFileNode, depth: number): LinearForm | undefined {
    const axes = node.inputs[1] ? this.graph.constants.get(node.inputs[1])?.numbers : intsOf(node, 'axes')
    if (axes?.length !== 1 || ![1, -1].includes(axes[0]!)) return undefined
    const form = this.formOf(node.inputs[0]!, depth)
    return combineForm(form, [form.map((_, column) => ({ column, weight: 1 }))])
  }
}

function weighed(form: LinearForm, { values, width, plus }: { values: Float64Array; width: number; plus?: Float64Array }): LinearForm {
  if (values.length !== form.length * width) throw new Unreadable('multiplies a table with a matrix of another height')
  const weights = Array.from({ length: width }, (_, at) =>
    form.flatMap((_, column) => {
      const weight = values[column * width + at]!
      return weight === 0 ? [] : [{ column, weight }]
    })
  )
  return combineForm(form, weights, plus)
}
