import { wilsonInterval } from '../../numerics'
import { effectiveShare } from './effective'
import { countUnits, type Units } from './units'

/** With fewer rows or clusters away from the usual value than this, neither resamples nor the spread say how far a mean can be off. */
const fewest = 20

/**
 * 95% interval of a mean of bounded values of which nearly all are the same: a value between the ends varies at most as a row that has the one end
 * or the other, so Wilson's ends of that share hold, and have a width even where nothing varies. Null where enough rows differ.
 * @param values one for each row, from `least` to `most`
 */
export function rareMeanInterval(
  values: Float64Array,
  { least, most }: { least: number; most: number },
  { weights, units }: { weights: Float64Array | null; units: Units }
): { lower: number; upper: number } | null {
  const usual = usualOf(values, weights)
  const differs = (row: number): boolean => values[row] !== usual && weights?.[row] !== 0
  if (countUnits(units, values.length, differs) >= fewest) return null
  if (!(most > least)) return { lower: least, upper: least }
  const whole = weights ?? new Float64Array(values.length).fill(1)
  const found = effectiveShare(
    values.map((value, row) => (whole[row]! * (value - least)) / (most - least)),
    whole,
    units
  )
  const isRare = countUnits({ count: values.length, of: null }, values.length, differs) < fewest
  const rows = isRare ? Math.min(found.whole, unvaryingRows(whole, units)) : found.whole
  const { lower, upper } = wilsonInterval(found.whole > 0 ? (rows * found.part) / found.whole : 0, rows)
  return { lower: least + lower * (most - least), upper: least + upper * (most - least) }
}

/** As many plain rows as say as much where nothing varies: the spread of few rows says nothing, so one of them never makes a mean surer. */
const unvaryingRows = (weights: Float64Array, units: Units): number =>
  effectiveShare(new Float64Array(weights.length), weights, units).whole

/** The value that most rows have, of those that count. */
function usualOf(values: Float64Array, weights: Float64Array | null): number | undefined {
  const counts = new Map<number, number>()
  values.forEach((value, row) => {
    if (weights?.[row] !== 0) counts.set(value, (counts.get(value) ?? 0) + 1)
  })
  let usual: number | undefined
  for (const [value, count] of counts) if (usual === undefined || count > counts.get(usual)!) usual = value
  return usual
}
