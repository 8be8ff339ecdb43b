import { z } from 'zod'
import type { PointsDrawing, PointsLine } from '../../../model/glass-box'
import { usualTask } from '../../../model/tasks'
import type { EncodedTable, FeatureEncoding } from '../features'
import type { Objective } from '../objective'
import type { Outcome } from '../trainer'
import { binCount, checkEdges, codesOf } from '../value-bins'

/** One line of the table: what a bin holds of the training rows (weighted), and what it is worth. */
export const scorecardBinSchema = z.object({
  rows: z.number().min(0),
  events: z.number().min(0),
  /** Log of the share of the rows without the event over the share of the events, smoothed; 0 where the line is no evidence. */
  woe: z.number(),
  /** Its part of the information value. */
  iv: z.number(),
  points: z.int()
})

export const characteristicSchema = z.object({
  /** Upper edges (inclusive) of the value bins but the last; empty for texts. */
  edges: z.array(z.number()),
  /** The line of the table for every bin of the column: of a number its value bins and missing, of a text its codes. */
  lines: z.array(z.int().min(0)),
  bins: z.array(scorecardBinSchema).min(1),
  iv: z.number(),
  /** Weight of the evidence in the log-odds of the event; null for a column that was left out and gives no points. */
  weight: z.number().nullable()
})

/**
 * A points scorecard. The table is the model: a row's points are the sum of its lines, whole numbers, and the log-odds of the event are
 * (offset - points) / factor. One characteristic per feature.
 */
export const scorecardModelSchema = z.object({
  /** Points of a scorecard that no column is part of; 0 otherwise, since the lines share the intercept. */
  basePoints: z.int(),
  factor: z.number().gt(0),
  offset: z.number(),
  characteristics: z.array(characteristicSchema)
})
export type ScorecardModel = z.infer<typeof scorecardModelSchema>

/** The points of every line for every bin of a column; null for a column that gives none. */
export const pointsByBin = ({ lines, bins, weight }: ScorecardModel['characteristics'][number]): number[] | null =>
  weight === null ? null : lines.map((line) => bins[line]!.points)

/** Points that each column gives every row, one array per feature: with the base points they sum to the score. */
export const pointContributions = (model: ScorecardModel, features: readonly FeatureEncoding[], table: EncodedTable): Float64Array[] =>
  model.characteristics.map((characteristic, index) => {
    const points = pointsByBin(characteristic)
    if (points === null) return new Float64Array(table.rows)
    return Float64Array.from(codesOf(table.columns[index]!, features[index]!, characteristic.edges), (code) => points[code]!)
  })

/** Log-odds of the event of encoded rows. */
export function predictScorecard(model: ScorecardModel, features: readonly FeatureEncoding[], table: EncodedTable): Float64Array {
  const points = new Float64Array(table.rows).fill(model.basePoints)
  for (const part of pointContributions(model, features, table)) for (let row = 0; row < table.rows; row++) points[row]! += part[row]!
  return points.map((sum) => (model.offset - sum) / model.factor)
}

/** @throws Error with the reason where model and features do not fit each other */
export function checkScorecard(model: ScorecardModel, features: readonly FeatureEncoding[]): void {
  if (model.characteristics.length !== features.length) throw new Error('it has not one characteristic per feature')
  model.characteristics.forEach(({ edges, lines, bins }, index) => {
    const feature = features[index]!
    checkEdges(feature, edges)
    if (lines.length !== binCount(feature, edges)) throw new Error(`the lines of "${feature.name}" do not fit its bins`)
    if (lines.some((line) => line >= bins.length)) throw new Error(`"${feature.name}" names a line that does not exist`)
  })
}

const short = (value: number): string => String(Number(value.toPrecision(7)))

function nameOf({ kept, kind }: FeatureEncoding, edges: readonly number[], lines: readonly number[], line: number): string {
  const own = lines.flatMap((each, bin) => (each === line ? [bin] : []))
  const missing = lines.length - 1
  if (kind === 'category') return own.map((bin) => (bin === missing ? 'missing' : (kept[bin] ?? 'other texts'))).join(', ')
  const values = own.filter((bin) => bin !== missing)
  const [first, last] = [values[0], values.at(-1)]
  if (first === undefined || last === undefined) return 'missing'
  const low = first === 0 ? null : `above ${short(edges[first - 1]!)}`
  const high = last === edges.length ? null : `up to ${short(edges[last]!)}`
  return [low, high].filter((part) => part !== null).join(' ') || 'any value'
}

/** The table of a scorecard: the lines of the columns that give points, in the order of the features. */
export const pointsTable = (model: ScorecardModel, features: readonly FeatureEncoding[]): PointsLine[] =>
  model.characteristics.flatMap(({ edges, lines, bins, weight }, index) =>
    weight === null
      ? []
      : bins.map((bin, line) => ({ feature: features[index]!.name, bin: nameOf(features[index]!, edges, lines, line), ...bin }))
  )

/** The model as a document for people: the scaling, the columns and every line of the table. */
export const drawPoints = (
  model: ScorecardModel,
  features: readonly FeatureEncoding[],
  _objective: Objective,
  target: Outcome
): PointsDrawing => ({
  ...{ schema: 'drydock.glass-box', version: 1, kind: 'points', algorithm: 'scorecard', target: target.name },
  event: usualTask.event.of(target),
  basePoints: model.basePoints,
  factor: model.factor,
  offset: model.offset,
  columns: model.characteristics.map(({ iv, weight }, index) => ({ feature: features[index]!.name, iv, weight })),
  lines: pointsTable(model, features)
})
