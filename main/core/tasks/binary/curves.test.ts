import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sweep } from '../../../testing/deep'
import { Random } from '../../numerics'
import { precisionRecallCurve, rocCurve } from './curves'
import { deriveRanking, rankedFigures } from './ranking'

interface Place {
  x: number
  y: number
}

/** Where the pen goes between the points: the chord, or first up or down and then to the right. */
const strokes = (points: readonly Place[], stepped: boolean): Place[] =>
  points.flatMap((point, index) => (stepped && index > 0 ? [{ x: points[index - 1]!.x, y: point.y }, point] : [point]))

function areaBelow(path: readonly Place[]): number {
  let area = 0
  for (let i = 1; i < path.length; i++) area += ((path[i]!.x - path[i - 1]!.x) * (path[i]!.y + path[i - 1]!.y)) / 2
  return area
}

function distance(point: Place, path: readonly Place[]): number {
  let nearest = Infinity
  for (let i = 1; i < path.length; i++) {
    const [a, b] = [path[i - 1]!, path[i]!]
    if (a.x > point.x + nearest || b.x < point.x - nearest) continue
    const length = (b.x - a.x) ** 2 + (b.y - a.y) ** 2
    const share = length > 0 ? Math.min(1, Math.max(0, ((point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y)) / length)) : 0
    nearest = Math.min(nearest, Math.hypot(a.x + share * (b.x - a.x) - point.x, a.y + share * (b.y - a.y) - point.y))
  }
  return nearest
}

/** Every step of both curves by counting rows again for each score, without the code under test. */
function countedCurves(labels: Uint8Array, scores: Float64Array): { roc: Place[]; precisionRecall: Place[] } {
  const order = [...labels.keys()].sort((a, b) => scores[b]! - scores[a]!)
  const positives = labels.reduce((sum, label) => sum + label, 0)
  const roc = [{ x: 0, y: 0 }]
  const precisionRecall: Place[] = []
  let found = 0
  order.forEach((row, index) => {
    found += labels[row]!
    if (index + 1 < order.length && scores[order[index + 1]!] === scores[row]) return
    roc.push({ x: (index + 1 - found) / (labels.length - positives), y: found / positives })
    precisionRecall.push({ x: found / positives, y: found / (index + 1) })
  })
  return { roc, precisionRecall: [{ x: 0, y: precisionRecall[0]!.y }, ...precisionRecall] }
}

/** Scores of some shape for rows of which `share` are positive, as models give them: separated, ties, a spike, a rare event, or turned round. */
function drawRows(rows: number, share: number, separation: number, ties: number, seed: number) {
  const random = new Random(seed)
  const labels = Uint8Array.from({ length: rows }, (_, row) => (row === 0 || (row > 1 && random.uniform() < share) ? 1 : 0))
  const scores = Float64Array.from(labels, (label) => {
    const raw = 1 / (1 + Math.exp(-(separation * (label - 0.5) + Math.log(1 / (random.uniform() + 1e-12) - 1))))
    return ties > 0 ? Math.round(raw * ties) / ties : raw
  })
  return { labels, scores }
}

describe('curves', () => {
  it('keep every step, area and extreme that the rows have, within a bound that is stated, however many the rows', () => {
    let worst = { area: 0, distance: 0 }
    const drawn = fc.record({
      rows: fc.constantFrom(3, 40, 700, 5000, 20_000),
      share: fc.constantFrom(0.003, 0.05, 0.3, 0.5, 0.97),
      separation: fc.constantFrom(-2, 0, 1, 3, 8),
      ties: fc.constantFrom(0, 0, 0, 1, 12, 400),
      seed: fc.integer({ min: 0, max: 1e6 })
    })
    fc.assert(
      fc.property(drawn, ({ rows, share, separation, ties, seed }) => {
        const { labels, scores } = drawRows(rows, share, separation, ties, seed)
        const ranking = deriveRanking(scores)
        const { auc, averagePrecision } = rankedFigures(labels, ranking, null)
        const counted = countedCurves(labels, scores)
        const roc = rocCurve(labels, scores, ranking).map((point) => ({ x: point.falsePositiveRate, y: point.truePositiveRate }))
        const steps = precisionRecallCurve(labels, scores, ranking).map((point) => ({ x: point.recall, y: point.precision }))
        expect(areaBelow(strokes(counted.roc, false))).toBeCloseTo(auc!, 9)
        expect(areaBelow(strokes(counted.precisionRecall, true))).toBeCloseTo(averagePrecision!, 9)
        const all = [
          { kept: roc, whole: counted.roc, stepped: false, area: auc! },
          { kept: steps, whole: counted.precisionRecall, stepped: true, area: averagePrecision! }
        ]
        for (const { kept, whole, stepped, area } of all) {
          expect(kept.length).toBeLessThanOrEqual(500)
          const path = strokes(kept, stepped)
          const missed = Math.abs(areaBelow(path) - area)
          const away = Math.max(...whole.filter((_, i) => i % Math.ceil(whole.length / 2000) === 0).map((point) => distance(point, path)))
          worst = { area: Math.max(worst.area, missed), distance: Math.max(worst.distance, away) }
          expect(missed).toBeLessThan(whole.length <= 500 ? 1e-9 : 0.001)
          expect(away).toBeLessThan(whole.length <= 500 ? 1e-9 : 0.005)
        }
      }),
      sweep(30, 600)
    )
    console.log(`curves: area missed at most ${worst.area.toExponential(1)}, farthest point left out ${worst.distance.toExponential(1)}`)
  })

  it('fall where precision falls: straight down at one recall', () => {
    // 24 positives first, then 28 negatives of lower scores, then the last positive.
    const labels = Uint8Array.from([...new Array<number>(24).fill(1), ...new Array<number>(28).fill(0), 1])
    const scores = Float64Array.from(labels, (_, row) => 1 - row / 100)
    const ranking = deriveRanking(scores)
    const curve = precisionRecallCurve(labels, scores, ranking).map(({ recall, precision }) => [recall, precision])
    for (const corner of [
      [0, 1],
      [24 / 25, 1],
      [24 / 25, 24 / 52],
      [1, 25 / 53]
    ])
      expect(curve).toContainEqual(corner)
    expect(curve.filter(([recall, precision]) => recall! < 24 / 25 && precision! < 1)).toEqual([])
  })
})
