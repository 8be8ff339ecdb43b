import { labelFrom } from '../calibration'
import { AroundGraph, encodedValue, int, namesIn } from '../training'
import { fedInputs, rewriteOnnx, type OnnxElement, type OnnxFile } from '../onnx-file'
import type { Slot } from './assign-columns'
import type { FoundScores } from './find-scores'
import type { Outcome } from './settle-outcome'

/** A column as the adapted graph takes it: [N, 1]. */
export interface AdaptedInput {
  column: string
  input: string
  tensor: 'float' | 'double' | 'string'
  /** A missing number cannot be told to the model; then the row has no score. */
  isWhole: boolean
}
export interface Adapted {
  bytes: Uint8Array
  inputs: AdaptedInput[]
  /** What the nodes around the graph do; empty for a graph that is used as it is. */
  changes: string[]
}

const outputNames = { classes: ['label', 'probabilities'], amounts: ['prediction'] } as const

/**
 * Lays nodes around a graph, so that it takes one column a input and gives what the contract of this workbench says: `label` (int64, [N]) and
 * `probabilities` (float, [N, classes]), or `prediction` (float, [N, 1]). The graph itself stays as it is, but for a ZipMap at its end.
 * `order` says for each class of the contract its place among the scores.
 */
export function adaptGraph(
  bytes: Uint8Array,
  file: OnnxFile,
  slots: readonly Slot[],
  scores: FoundScores,
  outcome: Outcome,
  order: readonly number[],
  origin: { sha256: string }
): Adapted {
  const finals: readonly string[] = outcome.classes ? outputNames.classes : outputNames.amounts
  const plain = asItIs(file, slots, scores, outcome, order)
  if (plain) return { bytes, inputs: plain, changes: [] }
  const used = namesIn(file)
  const columns = slots.map(({ column }) => column)
  const taken = new Set([...used, ...finals, ...columns])
  const rename = new Map<string, string>()
  for (const name of new Set([...finals, ...columns]))
    if (used.has(name)) {
      let other = `original_${name}`
      while (taken.has(other)) other += '_'
      taken.add(other)
      rename.set(name, other)
    }
  const own = (name: string): string => rename.get(name) ?? name
  const around = new AroundGraph(taken)
  around.turnTo(around.before)
  const changes: string[] = []
  const { inputs, missing } = feedInputs(around, file, slots, own, finals, changes)
  around.turnTo(around.after)
  const outputs = outcome.classes
    ? giveClasses(around, scores, outcome, order, own, missing, changes)
    : giveAmount(around, own(scores.tensors[0]!), missing, changes)
  const values = inputs.map(({ input, tensor, isWhole }) =>
    encodedValue({
      name: input,
      type: tensor,
      dimensions: ['N', 1],
      description: tensor === 'string' ? 'missing: empty string' : isWhole ? 'missing: NaN, which gives no score' : 'missing: NaN'
    })
  )
  const rewritten = rewriteOnnx(bytes, file, {
    rename,
    leaveOut: new Set(scores.zipMap === null ? [] : [scores.zipMap]),
    before: around.before,
    after: around.after,
    constants: around.constants,
    inputs: values,
    outputs,
    metadata: { 'drydock.original': origin.sha256 }
  })
  return { bytes: rewritten, inputs, changes }
}

const tensorFor = (element: OnnxElement): AdaptedInput['tensor'] =>
  element === 'string' ? 'string' : element === 'float' || element === 'float16' || element === 'bool' ? 'float' : 'double'
const isWholeType = (element: OnnxElement): boolean => !['float', 'double', 'float16', 'string'].includes(element)

/** The inputs of a graph that already is what the contract says; undefined where it is not. */
function asItIs(
  file: OnnxFile,
  slots: readonly Slot[],
  scores: FoundScores,
  outcome: Outcome,
  order: readonly number[]
): AdaptedInput[] | undefined {
  const { graph, operatorSets } = file
  const names = graph.outputs.map(({ name }) => name)
  const wanted: readonly string[] = outcome.classes ? outputNames.classes : outputNames.amounts
  const isNamed = names.length === wanted.length && wanted.every((name) => names.includes(name))
  const hasScores =
    scores.tensors.length === 1 && scores.tensors[0] === wanted.at(-1) && scores.elements[0] === 'float' && scores.zipMap === null
  const width = outcome.classes?.length ?? 1
  const score = graph.outputs.find(({ name }) => name === wanted.at(-1))
  const isWide = scores.width === width && score?.type.kind === 'tensor' && score.type.dimensions?.length === 2
  const isInOrder = order.every((place, index) => place === index) && (scores.classes?.every((each, index) => each === index) ?? true)
  const hasLabel =
    !outcome.classes ||
    (scores.label?.type.kind === 'tensor' && scores.label.type.element === 'int64' && (scores.label.type.dimensions?.length ?? 1) === 1)
  const isEachOne =
    slots.length === fedInputs(graph).length &&
    slots.every(({ rank, element }) => rank === 2 && ['float', 'double', 'string'].includes(element))
  if (!isNamed || !hasScores || !isWide || !isInOrder || !hasLabel || !isEachOne || outcome.form === 'logits' || !('' in operatorSets))
    return undefined
  return slots.map(({ column, input, element }) => ({ column, input, tensor: tensorFor(element), isWhole: false }))
}

function feedInputs(
  around: AroundGraph,
  file: OnnxFile,
  slots: readonly Slot[],
  own: (name: string) => string,
  finals: readonly string[],
  changes: string[]
): { inputs: AdaptedInput[]; missing: string | null } {
  const inputs: AdaptedInput[] = []
  const gaps: string[] = []
  for (const { name } of fedInputs(file.graph)) {
    const ours = slots.filter(({ input }) => input === name)
    const parts = ours.map(({ column, element }) => {
      const input = finals.includes(column) ? around.fresh(`${column}_input`) : column
      const tensor = tensorFor(element)
      const isWhole = isWholeType(element)
      inputs.push({ column, input, tensor, isWhole })
      if (isWhole) gaps.push(around.add('IsNaN', [input]))
      return element === tensor ? input : around.cast(input, element)
    })
    const isFlat = ours[0]!.rank === 1
    const target = own(name)
    if (parts.length > 1) around.add('Concat', parts, { axis: int(1) }, target)
    else if (isFlat) around.add('Reshape', [parts[0]!, around.constant('int64', [1], [-1])], {}, target)
    else around.add('Identity', [parts[0]!], {}, target)
    if (parts.length > 1) changes.push(`${parts.length} columns are put together to the input "${name}"`)
    else changes.push(`the column "${ours[0]!.column}" is the input "${name}"`)
  }
  // A missing whole number has no form of its own: such a row must get no score instead of a wrong one.
  const missing = gaps.length === 0 ? null : gaps.reduce((any, gap) => around.add('Or', [any, gap]))
  if (missing) changes.push('a row without a value for a whole number gets no score')
  return { inputs, missing }
}

const withGaps = (around: AroundGraph, values: string, missing: string | null): string =>
  missing === null ? values : around.add('Where', [missing, around.constant('float', [1, 1], [NaN]), values])

function giveAmount(around: AroundGraph, scores: string, missing: string | null, changes: string[]): Uint8Array[] {
  const column = around.add('Reshape', [scores, around.constant('int64', [2], [-1, 1])])
  around.add('Identity', [withGaps(around, around.cast(column, 'float'), missing)], {}, 'prediction')
  changes.push('the output is given as "prediction"')
  return [encodedValue({ name: 'prediction', type: 'float', dimensions: ['N', 1], description: 'predicted amount' })]
}

function giveClasses(
  around: AroundGraph,
  scores: FoundScores,
  { classes, form }: Outcome,
  order: readonly number[],
  own: (name: string) => string,
  missing: string | null,
  changes: string[]
): Uint8Array[] {
  const count = classes!.length
  const isSingle = scores.tensors.length === 1 && scores.width === 1
  const tensors = scores.tensors.map((name) =>
    around.add('Reshape', [own(name), around.constant('int64', [2], [-1, scores.tensors.length > 1 || isSingle ? 1 : count])])
  )
  let wide = tensors.length > 1 ? around.add('Concat', tensors, { axis: int(1) }) : tensors[0]!
  if (scores.zipMap !== null) changes.push('the map of each row is given as a tensor')
  wide = around.cast(wide, 'double')
  if (form === 'logits') {
    wide = isSingle ? around.add('Sigmoid', [wide]) : around.add('Softmax', [wide], { axis: int(1) })
    changes.push(`logits become probabilities by ${isSingle ? 'the logistic function' : 'softmax'}`)
  }
  if (isSingle) {
    const rest = around.add('Sub', [around.constant('double', [1, 1], [1]), wide])
    wide = around.add('Concat', [rest, wide], { axis: int(1) })
    changes.push('the other class gets what is left to 1')
  }
  if (order.some((place, index) => place !== index)) {
    wide = around.add('Gather', [wide, around.constant('int64', [count], order)], { axis: int(1) })
    changes.push('the classes are put into the order of the signature')
  }
  const probabilities = around.add('Identity', [withGaps(around, around.cast(wide, 'float'), missing)], {}, 'probabilities')
  if (count === 2) labelFrom(around, probabilities, 0.5)
  else around.add('ArgMax', [probabilities], { axis: int(1), keepdims: int(0) }, 'label')
  changes.push('"label" is derived from "probabilities"')
  return [
    encodedValue({ name: 'label', type: 'int64', dimensions: ['N'], description: 'place of the most probable class' }),
    encodedValue({ name: 'probabilities', type: 'float', dimensions: ['N', count], description: 'probability of each class' })
  ]
}
