export interface CurvePoint {
  step: number
  value: number
}

/**
 * Thins a curve to at most `limit` points by keeping the smallest and the largest value of each bucket (and both ends),
 * so that no spike disappears. Returns the points in step order and whether all were kept.
 */
export function thinCurve(points: CurvePoint[], limit: number): { exact: boolean; points: CurvePoint[] } {
  if (points.length <= limit) return { exact: true, points }
  const buckets = Math.max(1, Math.floor((limit - 2) / 2))
  const inner = points.length - 2
  const kept = new Set<number>([0, points.length - 1])
  for (let b = 0; b < buckets; b++) {
    const from = 1 + Math.floor((b * inner) / buckets)
    const to = 1 + Math.floor(((b + 1) * inner) / buckets)
    let low = from
    let high = from
    for (let i = from; i < to; i++) {
      if (points[i].value < points[low].value) low = i
      if (points[i].value > points[high].value) high = i
    }
    if (to > from) kept.add(low).add(high)
  }
  return { exact: false, points: [...kept].sort((a, b) => a - b).map((index) => points[index]) }
}
