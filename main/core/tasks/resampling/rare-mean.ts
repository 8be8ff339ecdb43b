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
  const usual = usualOf(values)
  const differing = countUnits(units, values.length, (row) => values[row] !== usual && weights?.[row] !== 0)
  if (differing >= fewest) return null
  if (!(most > least)) return { lower: least, upper: least }
  const whole = weights ?? new Float64Array(values.length).fill(1)
  const { part, whole: rows } = effectiveShare(
    values.map((value, row) => (whole[row]! * (value - least)) / (most - least)),
    whole,
    units
  )
  const { lower, upper } = wilsonInterval(part, rows)
  return { lower: least + lower * (most - least), upper: least + upper * (most - least) }
}

function usualOf(values: Float64Array): number | undefined {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  let usual: number | undefined
  for (const [value, count] of counts) if (usual === undefined || count > counts.get(usual)!) usual = value
  return usual
}
