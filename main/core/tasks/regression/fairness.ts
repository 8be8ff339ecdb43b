import type { Aim, GroupAmount, RegressionFairness, RegressionGroup } from '../../../model/tasks/regression'
import type { Grouping } from '../../frames'
import { studentQuantile } from '../../numerics'
import { meanWithInterval, unitsOfRows, type Units } from '../resampling'
import { pick, pickWeights } from './bins'
import { compareAmounts, type GroupFigure, type GroupFigures } from './group-gaps'
import { lossesOf } from './losses'
import { parityDistance } from './parity-distance'
import { meanOf } from './weighted'

const mostListed = 200
/** Alike are groups whose errors differ by at most a fifth of the error of all, and mean errors by a tenth of the spread of the outcomes. */
const tolerated = { error: 0.2, meanError: 0.1 }

export interface JudgedAmounts {
  aim: Aim
  labels: Float64Array
  scores: Float64Array
  weights: Float64Array | null
  units: Units
}

interface Described {
  group: RegressionGroup
  figures: GroupFigures
  code: number
}

/** How a model treats the groups of a column: errors and mean error per group, and the gaps between the compared groups. */
export function deriveFairness(
  column: string,
  { codes, names }: Grouping,
  judged: JudgedAmounts,
  minimumGroupSize: number
): RegressionFairness {
  const rowsOf: number[][] = names.map(() => [])
  codes.forEach((code, row) => rowsOf[code]!.push(row))
  const all = names
    .map((name, code) => ({ code, ...describe(name, Uint32Array.from(rowsOf[code]!), judged, minimumGroupSize) }))
    .sort((a, b) => b.group.count - a.group.count || (a.group.group < b.group.group ? -1 : 1))
  const compared = all.filter(({ group }) => group.compared)
  const enough = compared.length >= 2
  const notes = enough ? [] : [`Fewer than two groups have at least ${minimumGroupSize} rows, so nothing can be compared.`]
  const spanOf = (of: (group: RegressionGroup) => number): number | null => {
    const values = compared.map(({ group }) => of(group))
    return enough ? Math.max(...values) - Math.min(...values) : null
  }
  const worst = compared.reduce<Described | null>(
    (most, each) => ((each.group.loss ?? Infinity) > (most?.group.loss ?? -Infinity) ? each : most),
    null
  )
  return {
    column,
    minimumGroupSize,
    groups: all.slice(0, mostListed).map(({ group }) => group),
    unlistedGroups: Math.max(0, all.length - mostListed),
    worstGroupLoss: enough && worst ? worst.group.loss : null,
    worstGroup: enough && worst ? worst.group.group : null,
    rmseDifference: spanOf(({ rmse }) => rmse),
    maeDifference: spanOf(({ mae }) => mae),
    meanErrorDifference: spanOf(({ meanError }) => meanError),
    statisticalParityDistance: enough ? distanceOf(codes, new Set(compared.map(({ code }) => code)), judged) : null,
    comparisons: compareAmounts(
      compared.map(({ figures }) => figures),
      tolerancesOf(compared, rowsOf, judged)
    ),
    notes
  }
}

/** The tolerances in the unit of the target, by the errors and the spread of all compared rows. */
function tolerancesOf(compared: readonly Described[], rowsOf: readonly number[][], { labels, scores, weights }: JudgedAmounts) {
  const rows = Uint32Array.from(compared.flatMap(({ code }) => rowsOf[code]!))
  if (rows.length === 0) return { rmse: 0, mae: 0, meanError: 0 }
  const [outcomes, own] = [pick(labels, rows), pickWeights(weights, rows)]
  const errors = outcomes.map((label, index) => label - scores[rows[index]!]!)
  const mean = meanOf(outcomes, own)
  const rootOf = (values: Float64Array): number => Math.sqrt(meanOf(values, own))
  return {
    rmse: tolerated.error * rootOf(errors.map((error) => error * error)),
    mae: tolerated.error * meanOf(errors.map(Math.abs), own),
    meanError: tolerated.meanError * rootOf(outcomes.map((label) => (label - mean) ** 2))
  }
}

function distanceOf(codes: Int32Array, compared: ReadonlySet<number>, { scores, weights }: JudgedAmounts): number {
  const rows = Uint32Array.from(codes.keys()).filter((row) => compared.has(codes[row]!))
  return parityDistance(
    pick(scores, rows),
    Int32Array.from(rows, (row) => codes[row]!),
    pickWeights(weights, rows)
  )
}

function describe(
  name: string,
  rows: Uint32Array,
  { aim, labels, scores, weights, units }: JudgedAmounts,
  minimumGroupSize: number
): Omit<Described, 'code'> {
  const [outcomes, predictions, own] = [pick(labels, rows), pick(scores, rows), pickWeights(weights, rows)]
  const within = unitsOfRows(units, rows)
  const errors = predictions.map((prediction, index) => prediction - outcomes[index]!)
  const figureOf = (values: Float64Array): GroupFigure => {
    const { value, error, freedom } = meanWithInterval(values, own, within)
    return { value, error, freedom }
  }
  const squared = figureOf(errors.map((error) => error * error))
  const root = Math.sqrt(squared.value)
  const figures: GroupFigures = {
    rmse: { value: root, error: root > 0 ? squared.error / (2 * root) : 0, freedom: squared.freedom },
    mae: figureOf(errors.map(Math.abs)),
    meanError: figureOf(errors),
    loss: figureOf(lossesOf(aim, outcomes, predictions))
  }
  const hasWeight = !own || own.some((weight) => weight > 0)
  const compared = rows.length >= minimumGroupSize && hasWeight
  const known = (value: number): number => (Number.isFinite(value) ? value : 0)
  return {
    figures,
    group: {
      group: name,
      count: rows.length,
      rmse: known(root),
      mae: known(figures.mae.value),
      loss: Number.isFinite(figures.loss.value) ? figures.loss.value : null,
      meanError: known(figures.meanError.value),
      meanOutcome: known(meanOf(outcomes, own)),
      meanPrediction: known(meanOf(predictions, own)),
      compared,
      excludedBecause: compared
        ? null
        : hasWeight
          ? `only ${rows.length} of the needed ${minimumGroupSize} rows`
          : 'the rows have no weight',
      intervals: intervalsOf(figures)
    }
  }
}

/** 95% intervals of single figures; errors are never below zero. */
function intervalsOf(figures: GroupFigures): RegressionGroup['intervals'] {
  const entries = (Object.entries(figures) as [GroupAmount, GroupFigure][]).flatMap(([key, { value, error, freedom }]) => {
    if (!Number.isFinite(error) || freedom < 1) return []
    const reach = studentQuantile(0.975, freedom) * error
    return [[key, { lower: key === 'meanError' ? value - reach : Math.max(0, value - reach), upper: value + reach }] as const]
  })
  return Object.fromEntries(entries)
}
