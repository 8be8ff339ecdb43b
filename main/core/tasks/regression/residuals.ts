import type { RegressionFigures, ResidualBin } from '../../../model/tasks/regression'
import type { Column, Frame } from '../../frames'
import { meanWithInterval, unitsOfRows, type Units } from '../resampling'
import { binsByWeight, pick, pickWeights } from './bins'
import { orderOf, quantileIn } from './weighted'

const byPrediction = 20
const byFeature = 12
const mostFeatures = 100

interface Judged {
  /** Outcome minus prediction. */
  residuals: Float64Array
  weights: Float64Array | null
  units: Units
}

/**
 * Residuals by prediction and by the values of each feature: their mean with its interval, and where nine of ten of them lie. A mean off zero
 * in a bin is what the model could have known.
 */
export function residualBins(
  scores: Float64Array,
  frame: Frame,
  features: readonly string[],
  judged: Judged
): RegressionFigures['residuals'] {
  const listed = features.slice(0, mostFeatures)
  return {
    predicted: known(rangesOf(scores, byPrediction, judged, show)),
    features: listed.map((feature) => ({ feature, bins: known(featureBins(frame.columns.get(feature)!, judged)) })),
    unlisted: features.length - listed.length
  }
}

/** Bins without any weight have no mean. */
const known = (bins: ResidualBin[]): ResidualBin[] => bins.filter(({ mean }) => Number.isFinite(mean))

function featureBins(column: Column, judged: Judged): ResidualBin[] {
  if (column.kind === 'category') return categoryBins(column.codes, (code) => column.categories[code]!, judged)
  const { values, kind } = column
  if (kind === 'boolean') return categoryBins(values, (value) => (value === 1 ? 'true' : 'false'), judged)
  const missing = Uint32Array.from(values.keys()).filter((row) => Number.isNaN(values[row]))
  const ranges = rangesOf(values, byFeature, judged, kind === 'timestamp' ? showTime : show)
  return missing.length > 0 ? [...ranges, { label: '(missing)', ...describe(missing, judged) }] : ranges
}

/** The most frequent values, all others together, and the missing ones. */
function categoryBins(codes: Int32Array | Float64Array, nameOf: (code: number) => string, judged: Judged): ResidualBin[] {
  const rows = new Map<number, number[]>()
  const missing: number[] = []
  codes.forEach((code, row) => {
    if (Number.isNaN(code) || code < 0) missing.push(row)
    else if (rows.has(code)) rows.get(code)!.push(row)
    else rows.set(code, [row])
  })
  const byCount = [...rows].sort(([a, x], [b, y]) => y.length - x.length || a - b)
  const [kept, rest] = [byCount.slice(0, byFeature), byCount.slice(byFeature).flatMap(([, own]) => own)]
  return [
    ...kept.map(([code, own]) => ({ label: nameOf(code).slice(0, 100), ...describe(Uint32Array.from(own), judged) })),
    ...(rest.length > 0 ? [{ label: '(other values)', ...describe(Uint32Array.from(rest).sort(), judged) }] : []),
    ...(missing.length > 0 ? [{ label: '(missing)', ...describe(Uint32Array.from(missing), judged) }] : [])
  ]
}

function rangesOf(values: Float64Array, bins: number, judged: Judged, print: (value: number) => string): ResidualBin[] {
  return binsByWeight(values, judged.weights, bins).map((rows) => {
    const [from, to] = [values[rows[0]!]!, values[rows[rows.length - 1]!]!]
    return { label: from === to ? print(from) : `${print(from)} to ${print(to)}`, from, to, ...describe(rows, judged) }
  })
}

function describe(rows: Uint32Array, { residuals, weights, units }: Judged) {
  const [own, ownWeights] = [pick(residuals, rows), pickWeights(weights, rows)]
  const { value, lower, upper } = meanWithInterval(own, ownWeights, unitsOfRows(units, rows))
  const ordered = orderOf(own, ownWeights)
  return { count: rows.length, mean: value, lower, upper, low: quantileIn(ordered, 0.05), high: quantileIn(ordered, 0.95) }
}

const show = (value: number): string => String(Number(value.toPrecision(4)))
const showTime = (seconds: number): string => {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? show(seconds) : date.toISOString().slice(0, 10)
}
