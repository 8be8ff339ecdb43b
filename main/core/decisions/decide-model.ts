import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import {
  usualThreshold,
  type DecisionPoint,
  type DecisionRecord,
  type DecisionRule,
  type SignedThreshold,
  type ThresholdRecord
} from '../../model/decision'
import { WorkbenchError } from '../../model/errors'
import { answerNames } from '../../model/tasks'
import type { ModelSignature } from '../../model/training'
import { sha256 } from '../../storage/objects/durable-files'
import { labelFrom } from '../calibration'
import { readFrame } from '../frames'
import { readOnnx } from '../onnx-file'
import { pickOutcomes, taskOf } from '../tasks'
import { encodedValue, giveOutputs, readSignature, scoreFrame, startScorer } from '../training'
import {
  byProbabilities,
  chooseThreshold,
  costOf,
  curveOf,
  cutAt,
  cutsOf,
  rateOf,
  selectionOf,
  type Cut,
  type StatedRows
} from './choose-threshold'
import type { AskedRule, DecideRequest } from './asked'
import { decideClasses } from './decide-classes'
import { describeRates } from './describe-rates'

const scarce = 30
const refuse = (message: string): never => {
  throw new WorkbenchError('INVALID_INPUT', message)
}

/**
 * Settles how it is decided by what a model states, by rows with known outcomes: from which probability a yes or no is a yes, or for which of
 * several classes. The label of the graph follows it.
 * @throws WorkbenchError INVALID_INPUT, JOB_FAILED, CANCELLED
 */
export async function decideModel(request: DecideRequest): Promise<{ signature: ModelSignature; record: DecisionRecord }> {
  const signature = await readSignature(request.model, request.signature)
  const { rule } = request
  assertDecidable(signature, rule.by)
  return rule.by === 'class-costs' ? decideClasses(request, signature, rule.costs) : decideThreshold({ ...request, rule }, signature)
}

type ThresholdRequest = DecideRequest & { rule: Exclude<AskedRule, { by: 'class-costs' }> }

async function decideThreshold(
  request: ThresholdRequest,
  signature: ModelSignature
): Promise<{ signature: ModelSignature; record: ThresholdRecord }> {
  const { folder, signal } = request
  const frame = await readFrame(request.table, undefined, signal)
  const rows = taskOf(signature).rowsToJudge(frame, signature.target.name, signature.target, { weight: request.weight })
  const scorer = await startScorer(request.model, signature, signal)
  const { scores } = await scoreFrame(scorer, signature, rows.frame, signal).finally(() => scorer.close())
  const answered = Uint32Array.from(scores, (_, row) => row).filter((row) => Number.isFinite(scores[row]!))
  const stated = { scores: Float64Array.from(answered, (row) => scores[row]!), ...pickOutcomes(rows.target, answered) }
  const events = Array.from(stated.labels).filter((label) => label === 1).length
  if (events === 0 || events === answered.length)
    refuse(
      `Of the ${answered.length} rows with a known outcome ${events === 0 ? 'none is' : 'all are'} the event, so no threshold can be chosen on them. Give rows of both outcomes.`
    )
  const cuts = cutsOf(stated)
  const { rule: asked } = request
  const rule: DecisionRule =
    asked.by === 'capacity' ? { ...asked, of: asked.of ?? answered.length } : asked.by === 'given' ? { by: 'given' } : asked
  const cut = cutAt(cuts, asked.by === 'given' ? asked.threshold : chooseFrom(rule as ChoosingRule, stated, cuts))
  const bytes = await fs.readFile(request.model)
  const decided = giveLabel(bytes, signature, cut.threshold)
  const counted = stated.weights && request.weight !== undefined ? { weight: request.weight } : {}
  const decision = { threshold: cut.threshold, rule, rows: answered.length, table: request.tableSha256, ...counted }
  const signed = signDecision(signature, decision)
  await fs.mkdir(folder, { recursive: true })
  const model = join(folder, 'model.onnx')
  await fs.writeFile(model, decided)
  await assertLabels(model, signed, rows.frame, scores, cut.threshold, signal)
  const record: ThresholdRecord = {
    schema: 'drydock.decision',
    version: 1,
    target: signature.target.name,
    algorithm: signature.algorithm,
    model: sha256(decided),
    original: sha256(bytes),
    rows: { table: request.tableSha256, read: frame.rows, used: answered.length, events, ...counted },
    rule,
    threshold: cut.threshold,
    chosen: {
      ...describeRates(stated, cut.threshold, rule.by === 'capacity' ? rule.of : null),
      ...(rule.by === 'cost' && { cost: costOf(cut, rule.costs) })
    },
    ...(rule.by === 'cost' && { byProbabilities: byProbabilities(rule.costs) }),
    curve: curveOf(cuts, [usualThreshold, ...(rule.by === 'cost' ? [byProbabilities(rule.costs)] : [])]).map((each) => pointOf(each, rule)),
    warnings: [...(request.doubts ?? []), ...warningsOf(events, answered.length, rows.frame.rows)]
  }
  await fs.writeFile(join(folder, 'signature.json'), `${JSON.stringify(signed, null, 2)}\n`)
  await fs.writeFile(join(folder, 'decision.json'), `${JSON.stringify(record, null, 2)}\n`)
  return { signature: signed, record }
}

const otherwise: Record<AskedRule['by'], string> = {
  cost: 'give the costs of its decisions with "costs"',
  capacity:
    'a capacity is one of rows that are chosen, and here each row gets a class: give "costs", or train a yes or no of the class that matters',
  constraint: 'a rate is that of one class, and each class has its own: give "costs", or train a yes or no of the class that matters',
  given: 'give the costs of its decisions with "costs"',
  'class-costs': ''
}

function assertDecidable(signature: ModelSignature, by: AskedRule['by']): void {
  const hasProbabilities = signature.outputs.some(({ name }) => name === 'probabilities')
  if (!hasProbabilities) refuse('The model states an amount: only a yes or no has a threshold, and only classes have costs of their own.')
  const areClasses = answerNames(signature).length !== 1
  if (areClasses && by !== 'class-costs')
    refuse(`The model tells several classes apart, and only a yes or no has a threshold: ${otherwise[by]}.`)
  if (!areClasses && by === 'class-costs')
    refuse('The model is of a yes or no, so its decisions cost what "falseAlarm" and "missed" say. Give these instead of "costs".')
  if (signature.decision)
    refuse(`The model has ${areClasses ? 'costs of its decisions' : 'a threshold'} already. Connect the model before that step.`)
}

type ChoosingRule = Exclude<DecisionRule, { by: 'given' }>

/** A capacity is one of rows, whatever each of them counts. */
const chooseFrom = (rule: ChoosingRule, stated: StatedRows, cuts: readonly Cut[]): number =>
  chooseThreshold(rule, rule.by === 'capacity' ? cutsOf({ ...stated, weights: null }) : cuts).threshold

function giveLabel(bytes: Uint8Array, signature: ModelSignature, threshold: number): Uint8Array {
  const file = readOnnx(bytes, 'model.onnx')
  const others = signature.outputs.filter(({ name }) => name !== 'label' && name !== 'probabilities').map(({ name }) => name)
  return giveOutputs(bytes, file, { label: 'earlier_label' }, { 'drydock.threshold': String(threshold) }, ({ around }) => {
    labelFrom(around, 'probabilities', threshold)
    return [
      encodedValue({ name: 'label', type: 'int64', dimensions: ['N'], description: `1 at and above a probability of ${threshold}` }),
      ...['probabilities', ...others].map((name) => encodedValue({ name, type: 'float', dimensions: ['N', 2], description: '' }))
    ]
  })
}

function signDecision(signature: ModelSignature, decision: SignedThreshold): ModelSignature {
  return {
    ...signature,
    outputs: signature.outputs.map((output) =>
      output.name === 'label' ? { ...output, description: `1 at and above a probability of ${decision.threshold}, else 0` } : output
    ),
    decision
  }
}

/** The label of the new graph is what the threshold says of the probabilities of the old one. @throws JOB_FAILED */
async function assertLabels(
  model: string,
  signature: ModelSignature,
  frame: Awaited<ReturnType<typeof readFrame>>,
  scores: Float64Array,
  threshold: number,
  signal: AbortSignal | undefined
): Promise<void> {
  const scorer = await startScorer(model, signature, signal)
  const found = await scoreFrame(scorer, signature, frame, signal).finally(() => scorer.close())
  const isOther = scores.some(
    (score, row) => Number.isFinite(score) && (found.scores[row] !== score || found.labels[row] !== (score >= threshold ? 1 : 0))
  )
  if (isOther) throw new WorkbenchError('JOB_FAILED', 'The new graph does not decide by its threshold. Please report this.')
}

const pointOf = (cut: Cut, rule: DecisionRule): DecisionPoint => ({
  threshold: cut.threshold,
  selection: selectionOf(cut),
  recall: rateOf(cut, 'recall'),
  precision: rateOf(cut, 'precision'),
  ...(rule.by === 'cost' && { cost: costOf(cut, rule.costs) })
})

function warningsOf(events: number, used: number, known: number): string[] {
  return [
    ...(used < known ? [`${known - used} rows were left out: the model has no answer to them.`] : []),
    ...(Math.min(events, used - events) < scarce
      ? [`There are fewer than ${scarce} rows of one outcome, so another table of rows may ask for quite another threshold.`]
      : [])
  ]
}
