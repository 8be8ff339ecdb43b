import type { OnnxElement, OnnxFile, OnnxFileNode, OnnxFileValue } from '../onnx-file'
import { listNames, refuse } from './refuse'

/** Where in a graph the scores of each row stand. */
export interface FoundScores {
  /** Tensors with them: one, or one for each class. */
  tensors: string[]
  elements: OnnxElement[]
  /** Values a row of each tensor; null where the file does not say. */
  width: number | null
  /** Place of the node that turns the scores into maps, which is taken out. */
  zipMap: number | null
  /** The output with the predicted class. */
  label: OnnxFileValue | null
  /** The classes in the order of the scores, as the file names them. */
  classes: (string | number)[] | null
  /** Something in the file says that it tells classes apart. */
  isClassifier: boolean
  isNamedLogits: boolean
}

const isReal = (element: OnnxElement): boolean => element === 'float' || element === 'double' || element === 'float16'

/**
 * Looks for the scores among the outputs of a graph.
 * @throws WorkbenchError INVALID_INPUT where there are none, or it is not plain which they are
 */
export function findScores({ graph }: OnnxFile, asked?: string): FoundScores {
  const { outputs, nodes } = graph
  const names = outputs.map(({ name }) => name)
  if (asked !== undefined && !names.includes(asked))
    refuse(`The model has no output "${asked}". It has: ${listNames(names)}. Name one of them.`)
  const label = outputs.find(({ type }) => type.kind === 'tensor' && !isReal(type.element)) ?? null
  const named = classesOf(nodes, graph.initializers)
  const shared = { label, classes: named, isClassifier: label !== null || named !== null, isNamedLogits: false, zipMap: null }
  const map = outputs.find(({ name, type }) => type.kind !== 'tensor' && (asked === undefined || name === asked))
  if (map) return { ...shared, ...takeApart(map, nodes), isClassifier: true }
  const chosen = chooseTensors(outputs, asked, label !== null)
  const [first] = chosen
  const logits = chosen.some(({ name }) => /logit/i.test(name))
  return {
    ...shared,
    tensors: chosen.map(({ name }) => name),
    elements: chosen.map(({ type }) => (type.kind === 'tensor' ? type.element : 'other')),
    width: widthOf(first!),
    isClassifier:
      shared.isClassifier || logits || chosen.length > 1 || /prob/i.test(first!.name) || endsInProbabilities(nodes, first!.name),
    isNamedLogits: logits
  }
}

/** Values a row of a score: 1 for [N] and [N, 1]. */
function widthOf({ name, type }: OnnxFileValue): number | null {
  const dimensions = type.kind === 'tensor' ? type.dimensions : null
  if (dimensions === null || dimensions.length === 0) return null
  if (dimensions.length > 2)
    refuse(
      `The output "${name}" has the shape [${dimensions.map((each) => each ?? '?').join(', ')}]; a score is [N], [N, 1] or [N, classes]. Export the model with one row of scores for each row of the table.`,
      { tensor: name }
    )
  if (dimensions.length === 1) return 1
  return typeof dimensions[1] === 'number' && dimensions[1] > 0 ? dimensions[1] : null
}

function takeApart(
  map: OnnxFileValue,
  nodes: readonly OnnxFileNode[]
): Pick<FoundScores, 'tensors' | 'elements' | 'width' | 'zipMap' | 'classes'> {
  const place = nodes.findIndex(({ outputs }) => outputs.includes(map.name))
  const node = nodes[place]
  if (node?.operator !== 'ZipMap')
    refuse(
      `The output "${map.name}" holds maps or sequences that "${node?.operator ?? 'nothing'}" makes, which cannot be taken apart. Export the probabilities as a tensor (in skl2onnx: options={"zipmap": False}).`,
      { tensor: map.name }
    )
  const classes = attributeList(node!, ['classlabels_strings', 'classlabels_int64s'])
  return { tensors: [node!.inputs[0]!], elements: ['float'], width: classes?.length ?? null, zipMap: place, classes }
}

function chooseTensors(outputs: readonly OnnxFileValue[], asked: string | undefined, hasLabel: boolean): OnnxFileValue[] {
  const real = outputs.filter(({ name, type }) => type.kind === 'tensor' && isReal(type.element) && (asked === undefined || name === asked))
  if (real.length === 0)
    refuse(
      `The model has no output of probabilities or amounts, only ${listNames(outputs.map(({ name }) => name))}. A class alone cannot be judged: export the model with its probabilities.`
    )
  if (real.length === 1) return real
  const named = real.filter(({ name }) => /prob|score|logit/i.test(name))
  if (named.length === 1) return named
  // One tensor for each class, as skl2onnx writes them with zipmap="columns".
  if (hasLabel && real.every((value) => (widthOf(value) ?? 1) === 1)) return real
  return refuse(
    `The model has several outputs that could be the scores: ${listNames(real.map(({ name }) => name))}. Say which with "output".`
  )
}

function endsInProbabilities(nodes: readonly OnnxFileNode[], tensor: string): boolean {
  const passing = ['Cast', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten']
  let name: string | undefined = tensor
  for (let steps = 0; steps < 20 && name !== undefined; steps++) {
    const node: OnnxFileNode | undefined = nodes.find(({ outputs }) => outputs.includes(name!))
    if (!node) return false
    if (node.operator === 'Sigmoid' || node.operator === 'Softmax') return true
    name = passing.includes(node.operator) ? node.inputs[0] : undefined
  }
  return false
}

/** Classes as an operator of the file, or what turns an index into a class, names them. */
function classesOf(nodes: readonly OnnxFileNode[], constants: OnnxFile['graph']['initializers']): FoundScores['classes'] {
  const classifiers = nodes.filter(({ operator }) => operator.endsWith('Classifier'))
  const found = classifiers.map((node) => attributeList(node, ['classlabels_strings', 'classlabels_int64s', 'classlabels_ints']))
  const last = found.filter((classes) => classes !== null && classes.length > 1).at(-1)
  if (last) return last
  const picking = nodes.filter(({ operator }) => operator === 'ArrayFeatureExtractor').map(({ inputs }) => inputs[0])
  const list = constants.find(
    ({ name, element, size }) => picking.includes(name) && ['int64', 'int32', 'string'].includes(element) && size > 1 && size <= 200
  )
  return list ? list.values() : null
}

function attributeList(node: OnnxFileNode, names: readonly string[]): (string | number)[] | null {
  for (const name of names) {
    const attribute = Object.hasOwn(node.attributes, name) ? node.attributes[name] : undefined
    if ((attribute?.type === 'strings' || attribute?.type === 'ints') && attribute.value.length > 0) return attribute.value
  }
  return null
}
