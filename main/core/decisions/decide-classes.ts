import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { costRange, decideClass, expectedCost, type ClassCosts, type ClassDecisionRecord } from '../../model/class-decision'
import { WorkbenchError } from '../../model/errors'
import { answerNames } from '../../model/tasks'
import type { ModelSignature } from '../../model/training'
import { sha256 } from '../../storage/objects/durable-files'
import { readFrame, type Frame } from '../frames'
import { readOnnx } from '../onnx-file'
import { pickOutcomes, taskOf } from '../tasks'
import { encodedValue, giveOutputs, int, scoreFrame, startScorer } from '../training'
import { placeCosts, type NamedCosts } from './class-costs'
import type { DecideRequest } from './asked'
import { judgeClassDecision } from './judge-classes'

const scarce = 30
const uncalibrated = 'The probabilities were not calibrated, and costs take them at their word. Calibrate the model first.'

/**
 * Lets a model of several classes decide for the class of least expected cost: in its signature, and in the label of its graph. What that does is
 * measured on rows with known classes.
 * @throws WorkbenchError INVALID_INPUT, JOB_FAILED, CANCELLED
 */
export async function decideClasses(
  request: DecideRequest,
  signature: ModelSignature,
  named: NamedCosts
): Promise<{ signature: ModelSignature; record: ClassDecisionRecord }> {
  const { folder, signal } = request
  const names = answerNames(signature)
  const costs = placeCosts(named, names)
  const frame = await readFrame(request.table, undefined, signal)
  const rows = taskOf(signature).rowsToJudge(frame, signature.target.name, signature.target, { weight: request.weight })
  const scorer = await startScorer(request.model, signature, signal)
  const { scores, width } = await scoreFrame(scorer, signature, rows.frame, signal).finally(() => scorer.close())
  const ofRow = (row: number): Float64Array => scores.subarray(row * width, (row + 1) * width)
  const used = Uint32Array.from({ length: rows.frame.rows }, (_, row) => row).filter(
    (row) => rows.target.labels[row]! < names.length && ofRow(row).every(Number.isFinite)
  )
  if (used.length === 0)
    throw new WorkbenchError('INVALID_INPUT', 'The model has no answer to any row with a class that it knows. Connect other rows.')
  const known = new Float64Array(used.length * width)
  used.forEach((row, at) => known.set(ofRow(row), at * width))
  const stated = { scores: known, ...pickOutcomes(rows.target, used) }
  const bytes = await fs.readFile(request.model)
  const decided = giveLabel(bytes, signature, costs)
  const rule = { by: 'class-costs' as const, costs }
  const counted = stated.weights && request.weight !== undefined ? { weight: request.weight } : {}
  const signed = sign(signature, { rule, rows: used.length, table: request.tableSha256, ...counted })
  await fs.mkdir(folder, { recursive: true })
  const model = join(folder, 'model.onnx')
  await fs.writeFile(model, decided)
  await assertLabels(model, signed, rows.frame, { scores, costs, used }, signal)
  const classes = names.map((name, place) => ({ name, rows: Array.from(stated.labels).filter((label) => label === place).length }))
  const record: ClassDecisionRecord = {
    schema: 'drydock.decision',
    version: 1,
    target: signature.target.name,
    algorithm: signature.algorithm,
    model: sha256(decided),
    original: sha256(bytes),
    rows: { table: request.tableSha256, read: frame.rows, used: used.length, classes, ...counted },
    rule,
    ...judgeClassDecision(stated, costs, names),
    warnings: [
      ...(request.doubts ?? []),
      ...(signature.calibration ? [] : [uncalibrated]),
      ...warningsOf(classes, rows.frame.rows - used.length)
    ]
  }
  await fs.writeFile(join(folder, 'signature.json'), `${JSON.stringify(signed, null, 2)}\n`)
  await fs.writeFile(join(folder, 'decision.json'), `${JSON.stringify(record, null, 2)}\n`)
  return { signature: signed, record }
}

const meaning = 'place of the class of least expected cost'

/** Expected costs in double precision, compared in single precision, as `decideClass` does. */
function giveLabel(bytes: Uint8Array, signature: ModelSignature, costs: ClassCosts): Uint8Array {
  const others = signature.outputs.filter(({ name }) => name !== 'label' && name !== 'probabilities').map(({ name }) => name)
  const file = readOnnx(bytes, 'model.onnx')
  return giveOutputs(bytes, file, { label: 'earlier_label' }, { 'drydock.decision': 'class costs' }, ({ around }) => {
    const matrix = around.constant('double', [costs.length, costs.length], costs.flat())
    const expected = around.add('MatMul', [around.cast('probabilities', 'double'), matrix])
    around.add('ArgMin', [around.cast(expected, 'float')], { axis: int(1), keepdims: int(0) }, 'label')
    return [
      encodedValue({ name: 'label', type: 'int64', dimensions: ['N'], description: meaning }),
      ...['probabilities', ...others].map((name) => encodedValue({ name, type: 'float', dimensions: ['N', costs.length], description: '' }))
    ]
  })
}

const sign = (signature: ModelSignature, decision: NonNullable<ModelSignature['decision']>): ModelSignature => ({
  ...signature,
  outputs: signature.outputs.map((output) => (output.name === 'label' ? { ...output, description: meaning } : output)),
  decision
})

/** Costs that are nearer to each other than this share of the dearest are equal but for the last digits of a runtime. */
const tie = 1e-6

/** The label of the new graph is the class of least expected cost by what the old one states. @throws JOB_FAILED */
async function assertLabels(
  model: string,
  signature: ModelSignature,
  frame: Frame,
  { scores, costs, used }: { scores: Float64Array; costs: ClassCosts; used: Uint32Array },
  signal: AbortSignal | undefined
): Promise<void> {
  const scorer = await startScorer(model, signature, signal)
  const found = await scoreFrame(scorer, signature, frame, signal).finally(() => scorer.close())
  const classes = costs.length
  const { most } = costRange(costs)
  const isOther = used.some((row) => {
    const from = row * classes
    for (let place = 0; place < classes; place++) if (found.scores[from + place] !== scores[from + place]) return true
    const [own, wanted] = [found.labels[row]!, decideClass(scores, from, classes, costs)]
    if (own === wanted) return false
    const [cost, least] = [own, wanted].map((place) => expectedCost(scores, from, costs, place)) as [number, number]
    return !(Math.abs(cost - least) <= tie * most)
  })
  if (isOther) throw new WorkbenchError('JOB_FAILED', 'The new graph does not decide by its costs. Please report this.')
}

function warningsOf(classes: ClassDecisionRecord['rows']['classes'], left: number): string[] {
  const few = classes.filter(({ rows }) => rows < scarce).map(({ name }) => name)
  const shown = few.slice(0, 10).join(', ')
  return [
    ...(left > 0 ? [`${left} rows were left out: the model has no answer to them, or does not know their class.`] : []),
    ...(few.length > 0
      ? [
          `There are fewer than ${scarce} rows of: ${shown}${few.length > 10 ? ` and ${few.length - 10} more` : ''}. What they cost is uncertain.`
        ]
      : [])
  ]
}
