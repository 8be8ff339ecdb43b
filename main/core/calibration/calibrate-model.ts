import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { calibrationMethods, type CalibrationMethod, type CalibrationRecord } from '../../model/calibration'
import { decidedCosts } from '../../model/decision'
import { WorkbenchError } from '../../model/errors'
import type { Sha256 } from '../../model/reference'
import { answerNames } from '../../model/tasks'
import type { ModelSignature } from '../../model/training'
import { sha256 } from '../../storage/objects/durable-files'
import { readFrame } from '../frames'
import { readOnnx } from '../onnx-file'
import { pickOutcomes, taskOf } from '../tasks'
import { readSignature, scoreFrame, scoreUncalibrated, startScorer } from '../training'
import { applyMaps } from './apply-maps'
import { calibrateGraph } from './calibrate-graph'
import { compareLosses, crossFit, fitMaps, reliabilityCurve, type KnownRows } from './cross-fit'
import { isFalling } from './fit-maps'

export interface CalibrateRequest {
  /** Paths of model.onnx and signature.json. */
  model: string
  signature: string
  /** Path of an Arrow file with rows that the model never saw, and its SHA-256. */
  table: string
  tableSha256: Sha256
  /** By default Platt scaling of a yes or no and a temperature of several classes. */
  method?: CalibrationMethod
  /** Column with what each row counts. */
  weight?: string
  /** Folder that gets model.onnx, signature.json and calibration.json. */
  folder: string
  /** What is not known of the rows, as warnings of the record. */
  doubts?: readonly string[]
  signal?: AbortSignal
}

const fewestRows = 5
const scarce = 30
const fewForIsotonic = 1000
/** Largest accepted difference between the graph and the maps over what the original graph states. */
const parityLimit = 1e-6

const refuse = (message: string): never => {
  throw new WorkbenchError('INVALID_INPUT', message)
}

/**
 * Corrects the probabilities of a model by rows with known outcomes, inside its graph, and holds the new graph against the old one and the
 * correction on all of them.
 * @throws WorkbenchError INVALID_INPUT, JOB_FAILED, CANCELLED
 */
export async function calibrateModel(request: CalibrateRequest): Promise<{ signature: ModelSignature; record: CalibrationRecord }> {
  const { signal, folder } = request
  const signature = await readSignature(request.model, request.signature)
  assertCalibratable(signature)
  const bytes = await fs.readFile(request.model)
  const names = outcomeNames(signature)
  const method = request.method ?? (names.length === 2 ? 'platt' : 'temperature')
  const frame = await readFrame(request.table, undefined, signal)
  const { rows, known, warnings } = await scoredRows(request, signature, frame, names.length)
  const outcomes = names.map((name, place) => ({ name, rows: Array.from(known.labels).filter((label) => label === place).length }))
  assertEnough(method, outcomes, signature.target.name)
  const maps = fitMaps(method, known)
  const crossed = Array.isArray(maps) ? crossFit(method, known) : null
  if (!Array.isArray(maps) || !crossed) return refuse(leftOpen(method))
  const falling = maps.findIndex(isFalling)
  if (falling >= 0) return refuse(turned(maps.length > 1 ? names[falling]! : null))
  const after = { ...known, scores: crossed.scores }
  const { bytes: calibrated, before } = calibrateGraph(bytes, readOnnx(bytes, 'model.onnx'), maps, names.length)
  await fs.mkdir(folder, { recursive: true })
  const model = join(folder, 'model.onnx')
  await fs.writeFile(model, calibrated)
  const original = sha256(bytes)
  const counted = known.weights && request.weight !== undefined ? { weight: request.weight } : {}
  const signed = signCalibration(signature, before, { method, rows: known.labels.length, table: request.tableSha256, ...counted, original })
  const parity = await holdAgainst(model, signed, rows, maps, known, signal)
  const record: CalibrationRecord = {
    schema: 'drydock.calibration',
    version: 1,
    task: signature.task,
    target: signature.target.name,
    algorithm: signature.algorithm,
    method,
    model: sha256(calibrated),
    original,
    rows: { table: request.tableSha256, read: frame.rows, used: known.labels.length, outcomes, ...counted },
    maps,
    figures: compareLosses(known, after, crossed.folds),
    curves: {
      of: names.length === 2 ? names[1]! : 'the likeliest class',
      before: reliabilityCurve(known),
      after: reliabilityCurve(after)
    },
    parity,
    warnings: [...(request.doubts ?? []), ...warnings, ...scarceWarnings(method, outcomes)]
  }
  await fs.writeFile(join(folder, 'signature.json'), `${JSON.stringify(signed, null, 2)}\n`)
  await fs.writeFile(join(folder, 'calibration.json'), `${JSON.stringify(record, null, 2)}\n`)
  return { signature: signed, record }
}

function assertCalibratable(signature: ModelSignature): void {
  if (!('classes' in signature.target) && signature.outputs.every(({ name }) => name !== 'probabilities'))
    refuse('The model states an amount, and only probabilities are calibrated. For an interval around each amount use the step conform.')
  const settled = (['calibration', 'decision', 'intervals'] as const).find((part) => signature[part])
  if (settled === 'calibration') refuse('The model is calibrated already. Connect the model that was trained.')
  if (settled)
    refuse(
      `The model has ${settled === 'decision' ? (decidedCosts(signature) ? 'costs of its decisions' : 'a threshold') : 'sets of classes'} already, which would not hold for other probabilities. Calibrate first.`
    )
}

/** The outcomes in the order of the labels, as people read them. */
function outcomeNames(signature: ModelSignature): string[] {
  const names = answerNames(signature)
  if (names.length > 1) return names
  return [`not ${names[0]}`, names[0]!]
}

async function scoredRows(
  { model, weight, signal }: CalibrateRequest,
  signature: ModelSignature,
  frame: Awaited<ReturnType<typeof readFrame>>,
  classes: number
) {
  const rows = taskOf(signature).rowsToJudge(frame, signature.target.name, signature.target, { weight })
  const scorer = await startScorer(model, signature, signal)
  const { scores, width } = await scoreFrame(scorer, signature, rows.frame, signal).finally(() => scorer.close())
  const isUsable = (row: number): boolean =>
    rows.target.labels[row]! < classes && scores.subarray(row * width, (row + 1) * width).every(Number.isFinite)
  const used = Uint32Array.from({ length: rows.frame.rows }, (_, row) => row).filter(isUsable)
  const picked = new Float64Array(used.length * width)
  used.forEach((row, at) => picked.set(scores.subarray(row * width, (row + 1) * width), at * width))
  const known: KnownRows = { scores: picked, width, ...pickOutcomes(rows.target, used) }
  const left = rows.frame.rows - used.length
  const warnings = left > 0 ? [`${left} rows were left out: the model has no answer to them, or does not know their class.`] : []
  return { rows: { frame: rows.frame, used }, known, warnings }
}

function assertEnough(method: CalibrationMethod, outcomes: CalibrationRecord['rows']['outcomes'], target: string): void {
  const isEach = outcomes.length === 2 || method !== 'temperature'
  const few = isEach ? outcomes.filter(({ rows }) => rows < fewestRows) : []
  if (few.length > 0)
    refuse(
      `Of "${target}" = ${few.map(({ name, rows }) => `${name} there ${rows === 1 ? 'is 1 row' : `are ${rows} rows`}`).join(', of ')} among the calibration rows, and at least ${fewestRows} of each are needed. Give more rows${outcomes.length > 2 ? ', or use the method temperature' : ''}.`
    )
  if (outcomes.reduce((sum, { rows }) => sum + rows, 0) < 2 * fewestRows)
    refuse(`There are fewer than ${2 * fewestRows} calibration rows with a known outcome. Give more rows.`)
}

const leftOpen = (method: CalibrationMethod): string =>
  `The calibration rows leave ${calibrationMethods[method]} open: the model states the same for all of them, or parts their outcomes without a mistake. Give more rows, or leave the model as it is.`

const turned = (name: string | null): string =>
  `The model ranks these rows the wrong way round${name === null ? '' : ` for "${name}"`}, so no rising curve corrects it. Look whether they are rows of the same question${name === null ? '' : ', or use the method temperature'}.`

function scarceWarnings(method: CalibrationMethod, outcomes: CalibrationRecord['rows']['outcomes']): string[] {
  const few = outcomes.filter(({ rows }) => rows < scarce)
  const all = outcomes.reduce((sum, { rows }) => sum + rows, 0)
  return [
    ...(few.length > 0
      ? [`There are fewer than ${scarce} calibration rows of: ${few.map(({ name }) => name).join(', ')}. The correction is uncertain.`]
      : []),
    ...(method === 'isotonic' && all < fewForIsotonic
      ? [
          `Isotonic regression follows chance below about ${fewForIsotonic} rows; these are ${all}. Platt scaling or beta calibration is steadier.`
        ]
      : [])
  ]
}

function signCalibration(
  signature: ModelSignature,
  before: string,
  calibration: NonNullable<ModelSignature['calibration']>
): ModelSignature {
  const shape = signature.outputs.find(({ name }) => name === 'probabilities')?.shape ?? '[N, 2]'
  const description = 'probabilities before the calibration; explanations are about the margin behind these'
  return {
    ...signature,
    outputs: [...signature.outputs, { name: before, tensor: 'float', shape, description }],
    calibration
  }
}

/** The new graph gives the correction of what the old one states, and states before it what the old one does. @throws JOB_FAILED */
async function holdAgainst(
  model: string,
  signature: ModelSignature,
  { frame, used }: { frame: Awaited<ReturnType<typeof readFrame>>; used: Uint32Array },
  maps: CalibrationRecord['maps'],
  known: KnownRows,
  signal: AbortSignal | undefined
): Promise<CalibrationRecord['parity']> {
  const scorer = await startScorer(model, signature, signal)
  const [after, before] = await (async () => [
    (await scoreFrame(scorer, signature, frame, signal)).scores,
    await scoreUncalibrated(scorer, signature, frame, signal)
  ])().finally(() => scorer.close())
  const { width, scores } = known
  const wanted = applyMaps(maps, scores, width)
  let maxDifference = 0
  used.forEach((row, at) => {
    for (let k = 0; k < width; k++) {
      if (before![row * width + k] !== scores[at * width + k])
        throw new WorkbenchError(
          'JOB_FAILED',
          'The calibrated graph states something else before the correction than the original. Please report this.'
        )
      const difference = Math.abs(after![row * width + k]! - wanted[at * width + k]!)
      maxDifference = Math.max(maxDifference, difference === difference ? difference : Infinity)
    }
  })
  if (!(maxDifference < parityLimit))
    throw new WorkbenchError(
      'JOB_FAILED',
      `The calibrated graph differs from its correction by ${maxDifference}, which is more than ${parityLimit}. It was not accepted; please report this.`
    )
  return { rows: used.length, maxDifference }
}
