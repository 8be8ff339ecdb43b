import { describe, expect, it } from 'vitest'
import { decideClass, type ClassCosts } from '../../model/class-decision'
import { Random } from '../numerics'
import { placeCosts } from './class-costs'
import { judgeClassDecision } from './judge-classes'

/** Probabilities in single precision as a graph states them, the classes that came, and costs without any order in them. */
function drawn(random: Random, rows: number, classes: number) {
  const scores = new Float64Array(rows * classes)
  const labels = new Uint16Array(rows)
  for (let row = 0; row < rows; row++) {
    const shares = Array.from({ length: classes }, () => -Math.log(1 - random.uniform()))
    const sum = shares.reduce((a, b) => a + b)
    shares.forEach((each, place) => (scores[row * classes + place] = Math.fround(each / sum)))
    labels[row] = Math.min(classes - 1, Math.floor(random.uniform() * classes))
  }
  const costs: ClassCosts = Array.from({ length: classes }, (_, was) =>
    Array.from({ length: classes }, (__, decided) => (was === decided ? 0 : Math.round(1 + 20 * random.uniform())))
  )
  return { scores, labels, costs }
}

describe('the class of least expected cost', () => {
  it.each([3, 5, 12])('of %i classes is that of brute force over all decisions', (classes) => {
    const { scores, costs } = drawn(new Random(classes), 2000, classes)
    for (let row = 0; row < 2000; row++) {
      const own = Array.from(scores.subarray(row * classes, (row + 1) * classes))
      // What deciding for each class would cost, from every class that may come.
      const expected = costs.map((_, decided) => own.map((p, was) => p * costs[was]![decided]!).reduce((a, b) => a + b, 0))
      const least = Math.min(...expected)
      const chosen = decideClass(scores, row * classes, classes, costs)
      expect(expected[chosen]! - least).toBeLessThan(1e-6 * Math.max(1, least))
      expect(decideClass(own, 0, classes, null)).toBe(own.indexOf(Math.max(...own)))
    }
  })

  it('is the cheapest of all ways to decide where probabilities come true, and the likeliest class where all mistakes cost the same', () => {
    const random = new Random(9)
    const { scores, costs } = drawn(random, 4000, 4)
    const flat = placeCosts({}, ['a', 'b', 'c', 'd'])
    let [byCost, byLikeliest] = [0, 0]
    for (let row = 0; row < 4000; row++) {
      const own = scores.subarray(row * 4, (row + 1) * 4)
      const paid = (place: number): number => own.reduce((sum, p, was) => sum + p * costs[was]![place]!, 0)
      byCost += paid(decideClass(scores, row * 4, 4, costs))
      byLikeliest += paid(decideClass(scores, row * 4, 4, null))
      expect(decideClass(scores, row * 4, 4, flat)).toBe(decideClass(scores, row * 4, 4, null))
    }
    expect(byCost).toBeLessThan(byLikeliest)
  })

  it('of equal ones is the first, whatever the last digit of a sum', () => {
    expect(decideClass([0.1, 0.45, 0.45], 0, 3, placeCosts({}, ['a', 'b', 'c']))).toBe(1)
    expect(
      decideClass([0.1, 0.3, 0.6], 0, 3, [
        [0, 3, 3],
        [2, 0, 2],
        [1, 1, 0]
      ])
    ).toBe(1)
    expect(
      decideClass([1 / 3, 1 / 3, 1 / 3], 0, 3, [
        [0, 0.1, 0.2],
        [0.3, 0, 0],
        [0, 0.2, 0.1]
      ])
    ).toBe(0)
  })
})

describe('what a rule of costs does to rows', () => {
  it('is counted as by hand, by weight, with intervals that scipy has too', () => {
    const scores = Float64Array.of(0.6, 0.3, 0.1, 0.2, 0.5, 0.3, 0.1, 0.1, 0.8, 0.4, 0.35, 0.25)
    const labels = [0, 1, 2, 1]
    const costs = [
      [0, 1, 1],
      [4, 0, 1],
      [1, 1, 0]
    ]
    const found = judgeClassDecision({ scores, labels, weights: null }, costs, ['a', 'b', 'c'])
    // Expected: row 1 a 1.3, b 0.7 ...: by costs b, b, c, b; the likeliest are a, b, c, a.
    expect(found.matrix).toEqual([
      [0, 1, 0],
      [0, 2, 0],
      [0, 0, 1]
    ])
    expect(found.chosen).toMatchObject({ accuracy: 0.75, decided: [0, 0.75, 0.25] })
    expect(found.chosen.cost.value).toBe(0.25)
    expect(found.likeliest.cost.value).toBe(1)
    expect(found.saved.value).toBe(0.75)
    // numpy: d = np.tile([-1, 0, 0, 4], 20); d.mean() - 1.959964 * d.std() / 80 ** 0.5
    const times = Array.from({ length: 20 })
    const many = judgeClassDecision(
      { scores: Float64Array.from(times.flatMap(() => [...scores])), labels: times.flatMap(() => labels), weights: null },
      costs,
      ['a', 'b', 'c']
    )
    expect(many.saved.lower).toBeCloseTo(0.75 - 1.959964 * Math.sqrt((1.75 ** 2 + 2 * 0.75 ** 2 + 3.25 ** 2) / 4 / 80), 6)
    expect(found.single).toEqual({ name: 'b', cost: 0.5 })
    const weighted = judgeClassDecision({ scores, labels, weights: Float64Array.of(3, 1, 1, 1) }, costs, ['a', 'b', 'c'])
    expect(weighted.chosen.cost.value).toBe(0.5)
    expect(weighted.matrix[0]).toEqual([0, 3, 0])
  })
})

describe('what few dear decisions leave open', () => {
  const names = ['a', 'b', 'c']
  const costs = placeCosts({ a: { b: 10 } }, names)
  /** Rows of the first class that are all but certain; `wrong` of them are decided for the second. */
  const stated = (rows: number, wrong: number) => ({
    scores: Float64Array.from({ length: rows * 3 }, (_, at) => (at % 3 === (Math.floor(at / 3) < wrong ? 1 : 0) ? 0.998 : 0.001)),
    labels: new Uint16Array(rows),
    weights: null
  })

  it('is never told to be nothing: no mistake among 100 rows may be 3.7 of 100', () => {
    const { chosen, saved } = judgeClassDecision(stated(100, 0), costs, names)
    // statsmodels: proportion_confint(0, 100, method='wilson')[1] = 0.0369935, of a decision of 10
    expect(chosen.cost).toMatchObject({ value: 0, lower: 0 })
    expect(chosen.cost.upper).toBeCloseTo(0.369935, 4)
    expect(saved.value).toBe(0)
    expect(saved.lower).toBeCloseTo(-0.369935, 4)
    expect(saved.upper).toBeCloseTo(0.369935, 4)
  })

  it('is what the rows that count leave open, however many of weight 0 the costs decide otherwise', () => {
    const own = stated(25, 0)
    // The likeliest is the second class, which costs 10 where the first comes.
    const scores = Float64Array.of(...own.scores, ...Array.from({ length: 30 }, () => [0.3, 0.6, 0.1]).flat())
    const weights = Float64Array.from({ length: 55 }, (_, row) => (row < 25 ? 1 : 0))
    const found = judgeClassDecision({ scores, labels: new Uint16Array(55), weights }, costs, names)
    const alone = judgeClassDecision(own, costs, names)
    expect(found.saved.upper).toBeGreaterThan(1)
    for (const end of ['lower', 'value', 'upper'] as const) {
      expect(found.saved[end], end).toBeCloseTo(alone.saved[end], 12)
      expect(found.likeliest.cost[end], end).toBeCloseTo(alone.likeliest.cost[end], 12)
    }
  })

  it('is held by the interval as often as Wilson holds a share, however rare the dear decision', () => {
    // scipy.stats.binom: Wilson's interval of 200 rows holds these shares in 92.0, 93.3 and 96.7 of 100 tables; a normal one the first in 63.
    for (const [rate, least] of [
      [0.005, 0.9],
      [0.02, 0.925],
      [0.05, 0.94]
    ] as const) {
      const random = new Random(11)
      let held = 0
      for (let table = 0; table < 1000; table++) {
        let wrong = 0
        for (let row = 0; row < 200; row++) if (random.uniform() < rate) wrong++
        const { lower, upper } = judgeClassDecision(stated(200, wrong), costs, names).chosen.cost
        if (lower <= 10 * rate && 10 * rate <= upper) held++
      }
      expect(held / 1000, String(rate)).toBeGreaterThan(least)
    }
  })
})

describe('costs as people write them', () => {
  it('are placed by the names of the classes, and cost 1 where nothing is said', () => {
    expect(placeCosts({ b: { a: 5, b: 0.5 } }, ['a', 'b', 'c'])).toEqual([
      [0, 1, 1],
      [5, 0.5, 1],
      [1, 1, 0]
    ])
  })

  it.each([
    [{ d: { a: 1 } }, /no class "d"/],
    [{ a: { d: 1 } }, /no class "d"/],
    [{ a: { a: 2 } }, /A row of "a" costs 2 decided rightly and 1 decided for "b"/],
    [{ a: { a: 1 } }, /A row of "a" costs 1 whatever is decided, so the class says nothing/]
  ])('%j are refused', (named, words) => {
    expect(() => placeCosts(named, ['a', 'b', 'c'])).toThrow(words)
  })
})
