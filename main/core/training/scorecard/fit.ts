import type { TrainingIteration } from '../../../model/training'
import type { ScorecardParameters } from '../../../model/training-parameters/scorecard'
import type { EncodedTable, FeatureEncoding } from '../features'
import type { Labels } from '../objective'
import { binCount, codesOf, edgesOf } from '../value-bins'
import { hasTrend, isBeyondChance } from './chance'
import { chooseBins, type BinTerms } from './choose-bins'
import { evidenceOf, informationOf, sumCells, type Cell } from './evidence'
import type { ScorecardModel } from './model'
import { basePointsOf, linePoints, scaling } from './scale'
import { weigh } from './weigh'

export interface ScorecardFit {
  model: ScorecardModel
  history: TrainingIteration[]
  converged: boolean
  /** Columns that were left out because their information value is no more than chance, or too little. */
  weak: string[]
}

/** Fine bins of a number, from which the bins of the table are joined. */
const fineBins = 40

interface Line extends Cell {
  woe: number
}

interface Classed {
  edges: number[]
  lines: number[]
  cells: Line[]
  iv: number
  isStrong: boolean
  woe: Float64Array
}

/** Bins every column, leaves out the weak ones, weighs the evidence of the others and scales it to whole points. */
export function fitScorecard(
  table: EncodedTable,
  features: readonly FeatureEncoding[],
  labels: Labels,
  weights: Float64Array,
  parameters: ScorecardParameters
): ScorecardFit {
  const all: Cell = { rows: 0, events: 0 }
  weights.forEach((weight, row) => {
    all.rows += weight
    all.events += weight * labels[row]!
  })
  const classed = features.map((feature, index) => classColumn(table.columns[index]!, feature, labels, weights, all, parameters))
  const chosen = classed.flatMap(({ isStrong }, index) => (isStrong ? [index] : []))
  const most = parameters.oneSign ? 0 : Infinity
  const fit = weigh(
    chosen.map((index) => classed[index]!.woe),
    labels,
    weights,
    { l2: parameters.l2, most }
  )
  // A column of weight 0 gives every row the same points: it is no part of the table.
  const weightOf = new Map(chosen.map((index, at) => [index, fit.weights[at]!]).filter(([, weight]) => weight !== 0) as [number, number][])
  const model = scale(classed, weightOf, fit.intercept, all, parameters)
  const weak = features.filter((_, index) => !weightOf.has(index)).map(({ name }) => name)
  return { model, history: fit.history, converged: fit.converged, weak }
}

/** Every column's lines with their points, and those of a table without columns. */
function scale(
  classed: readonly Classed[],
  weightOf: ReadonlyMap<number, number>,
  intercept: number,
  all: Cell,
  parameters: ScorecardParameters
): ScorecardModel {
  const scales = scaling(parameters)
  const columns = weightOf.size
  return {
    basePoints: columns === 0 ? basePointsOf(scales, intercept) : 0,
    ...scales,
    characteristics: classed.map(({ edges, lines, cells, iv }, index) => {
      const weight = weightOf.get(index) ?? null
      const bins = cells.map((cell) => {
        const points = weight === null ? 0 : linePoints(scales, { woe: cell.woe, weight, intercept, columns })
        return { ...cell, iv: informationOf(cell, all, cell.woe), points }
      })
      return { edges, lines, bins, iv, weight }
    })
  }
}

function classColumn(
  column: EncodedTable['columns'][number],
  feature: FeatureEncoding,
  labels: Labels,
  weights: Float64Array,
  all: Cell,
  parameters: ScorecardParameters
): Classed {
  const fine = column instanceof Uint32Array ? [] : edgesOf(column, fineBins)
  const codes = codesOf(column, feature, fine)
  const cells = Array.from({ length: binCount(feature, fine) }, (): Cell => ({ rows: 0, events: 0 }))
  codes.forEach((code, row) => {
    cells[code]!.rows += weights[row]!
    cells[code]!.events += weights[row]! * labels[row]!
  })
  const order = orderOf(cells, feature)
  const joined = joinCells(cells, order, all, parameters)
  const kept = feature.kind === 'category' ? [] : joined.starts.slice(1).map((start) => fine[start - 1]!)
  // Of a number only the edges between the bins of the table are left.
  const lines =
    feature.kind === 'category' ? joined.lines : [...Array.from({ length: kept.length + 1 }, (_, line) => line), joined.lines.at(-1)!]
  const iv = joined.cells.reduce((sum, cell) => sum + informationOf(cell, all, cell.woe), 0)
  // Texts are put in order by what they are to explain, so each of them counts as a chance to find something.
  const freedom = (feature.kind === 'category' ? order.length : joined.cells.filter(({ rows }) => rows > 0).length) - 1
  const isMeant = isBeyondChance(iv, freedom, all) || (feature.kind !== 'category' && hasTrend(cells.slice(0, -1)))
  const isStrong = iv >= parameters.minInformationValue && isMeant
  return {
    edges: kept,
    lines,
    cells: joined.cells,
    iv,
    isStrong,
    woe: Float64Array.from(codes, (code) => joined.cells[joined.lines[code]!]!.woe)
  }
}

/** Value bins in the order in which they may be joined: of numbers their own, of texts that of their share of events. */
function orderOf(cells: readonly Cell[], feature: FeatureEncoding): number[] {
  const bins = cells.slice(0, -1).map((_, bin) => bin)
  if (feature.kind !== 'category') return bins
  const share = (bin: number): number => cells[bin]!.events / cells[bin]!.rows
  return bins.filter((bin) => cells[bin]!.rows > 0).sort((a, b) => share(a) - share(b) || a - b)
}

/** Joins cells to the lines of the table; missing values, and texts that training did not see, have a line of their own without evidence where they are too few. */
function joinCells(cells: readonly Cell[], order: readonly number[], all: Cell, parameters: ScorecardParameters) {
  const { maxBins, minEvents, minRows, smoothing } = parameters
  const missing = cells.length - 1
  const terms: BinTerms = { maxBins, minEvents, minRows: Math.max(minRows, parameters.minShare * all.rows), smoothing }
  const starts = chooseBins(
    order.map((bin) => cells[bin]!),
    all,
    terms
  )
  const lines = new Array<number>(cells.length).fill(-1)
  const joined = starts.map((start, line) => {
    const own = order.slice(start, starts[line + 1] ?? order.length)
    for (const bin of own) lines[bin] = line
    return sumCells(own.map((bin) => cells[bin]!))
  })
  lines[missing] = joined.push(cells[missing]!) - 1
  // Texts that training did not see are as little known as missing values that it did not see.
  const unseen = lines.includes(-1) ? joined.push({ rows: 0, events: 0 }) - 1 : -1
  // Missing values that are too few are shown as they are counted, but they are no evidence.
  const weighed = joined.map((cell, line): Line => {
    const isOwn = line < starts.length || (cell.rows >= minRows && cell.events >= minEvents && cell.rows - cell.events >= minEvents)
    return { ...cell, woe: isOwn ? evidenceOf(cell, all, smoothing) : 0 }
  })
  return { starts, lines: lines.map((line) => (line < 0 ? unseen : line)), cells: weighed }
}
