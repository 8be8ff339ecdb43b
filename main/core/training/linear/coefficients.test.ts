import { describe, expect, it } from 'vitest'
import { coefficientSchema } from '../../../model/coefficients'
import { Random } from '../../numerics'
import type { EncodedTable, FeatureEncoding } from '../features'
import type { Labels } from '../objective'
import { fitLinear, type LinearSettings } from './fit-linear'
import type { LinearObjective } from './losses'

const settings: LinearSettings = { penalty: 0, l1Ratio: 0, maxIterations: 3000, tolerance: 1e-10, imputation: 'median' }
const number = (name: string): FeatureEncoding => ({
  ...{ name, kind: 'number', missingShare: 0, min: null, max: null, kept: [], hasOther: false, categoryCount: 0 }
})
const text = (name: string, kept: string[]): FeatureEncoding => ({
  ...number(name),
  kind: 'category',
  kept,
  hasOther: true,
  categoryCount: kept.length
})

/** A fit to columns of numbers, or of texts given by their codes. */
function fitColumns(
  objective: LinearObjective,
  columns: Record<string, number[] | { kept: string[]; codes: number[] }>,
  labels: Labels,
  change: Partial<LinearSettings> = {},
  weights: Float64Array | null = null
) {
  const encodings = Object.entries(columns).map(([name, cells]) => (Array.isArray(cells) ? number(name) : text(name, cells.kept)))
  const table: EncodedTable = {
    rows: labels.length,
    columns: Object.values(columns).map((cells) => (Array.isArray(cells) ? Float64Array.from(cells) : Uint32Array.from(cells.codes)))
  }
  return fitLinear(objective, table, encodings, labels, weights, { ...settings, ...change })
}

const random = new Random(5)
const draw = (rows: number): number[] => Array.from({ length: rows }, () => random.uniform())
const rows = 200
const [x, noise] = [draw(rows), draw(rows)]
const amounts = Float64Array.from(x, (value, row) => 3 * value + noise[row]!)
const events = Uint8Array.from(amounts, (amount, row) => Number(amount + (row % 3) > 2.5))
const counts = Float64Array.from(amounts, (amount) => Math.floor(amount * 2))

describe('coefficients', () => {
  it.each([{ name: 'squared' }, { name: 'logistic' }, { name: 'poisson' }] as LinearObjective[])(
    'of columns that copy each other are told as one, and the same at every fit: $name',
    async (objective) => {
      const labels = objective.name === 'logistic' ? events : objective.name === 'poisson' ? counts : amounts
      const alone = await fitColumns(objective, { x, noise }, labels)
      const double = { x, copy: x.map((value) => 10 - 2 * value), noise }
      const together = await fitColumns(objective, double, labels)
      expect(together.coefficients.map(({ feature, basis }) => [feature, basis])).toEqual([
        [null, 'collinear'],
        ['x', 'collinear'],
        ['copy', 'collinear'],
        ['noise', 'likelihood']
      ])
      const [own, wanted] = [together.coefficients[3]!, alone.coefficients[2]!]
      for (const part of ['estimate', 'error', 'low', 'high'] as const) expect(own[part]!).toBeCloseTo(wanted[part]!, 6)
      // The smallest weights that fit share the effect, in standard deviations.
      expect(2 * together.coefficients[1]!.estimate).toBeCloseTo(alone.coefficients[1]!.estimate, 6)
      expect((await fitColumns(objective, double, labels)).model).toEqual(together.model)
    }
  )

  it('of a column of one value, or of a text that every row has, are none', async () => {
    const { coefficients } = await fitColumns(
      { name: 'squared' },
      { x, still: x.map(() => 1e9 + 0.1), same: { kept: ['a'], codes: x.map(() => 0) } },
      amounts
    )
    expect(coefficients.map(({ feature, basis }) => [feature, basis])).toEqual([
      [null, 'likelihood'],
      ['x', 'likelihood']
    ])
  })

  it('name the level that a text is compared with, rare and missing ones too', async () => {
    const codes = x.map((_, row) => [0, 0, 1, 2, 3][row % 5]!)
    const { coefficients } = await fitColumns(
      { name: 'gamma' },
      { town: { kept: ['north', 'south'], codes } },
      amounts.map((y) => y + 1)
    )
    expect(coefficients.map(({ term, level, reference }) => [term, level, reference])).toEqual([
      ['intercept', undefined, undefined],
      ['level', 'south', 'north'],
      ['rare', undefined, 'north'],
      ['missing', undefined, 'north']
    ])
    for (const each of coefficients) expect(coefficientSchema.parse(each)).toEqual(each)
    const mean = (code: number): number => {
      const own = [...amounts].filter((_, row) => codes[row] === code)
      return own.reduce((sum, y) => sum + y + 1, 0) / own.length
    }
    expect(coefficients[1]!.ratio!.value).toBeCloseTo(mean(1) / mean(0), 8)
    expect(coefficients[3]!.ratio!.value).toBeCloseTo(mean(3) / mean(0), 8)
  })

  it('have no interval with more columns than rows, unless a penalty holds them', async () => {
    const few = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`c${index}`, draw(10)]))
    const wide = await fitColumns({ name: 'squared' }, few, amounts.slice(0, 10))
    expect(new Set(wide.coefficients.map(({ basis }) => basis))).toEqual(new Set(['saturated']))
    const held = await fitColumns({ name: 'squared' }, few, amounts.slice(0, 10), { penalty: 5 })
    expect(held.coefficients.every(({ basis, low, high, estimate }) => basis === 'ridge' && low! < estimate && estimate < high!)).toBe(true)
  })

  it('say that counts vary more than Poisson, and stay silent where they do not', async () => {
    const wild = counts.map((count, row) => count * (row % 2 ? 6 : 0))
    expect((await fitColumns({ name: 'poisson' }, { x }, wild)).findings.join()).toMatch(/vary \d+\.\d times as much as Poisson/)
    expect((await fitColumns({ name: 'poisson' }, { x }, counts)).findings).toEqual([])
  })
})

describe('outcomes that follow from a column', () => {
  it('are named, with the penalty that helps, and get no interval', async () => {
    const sorted = Uint8Array.from(x, (value) => Number(value > 0.5))
    const free = await fitColumns({ name: 'logistic' }, { x, noise }, sorted)
    expect(free.findings.join()).toMatch(/perfect separation.*"x" parts rows.*Give the fit a penalty/s)
    expect(free.coefficients.every(({ basis }) => basis === 'separated')).toBe(true)
    const held = await fitColumns({ name: 'logistic' }, { x, noise }, sorted, { penalty: 1 })
    expect(held.findings).toEqual([])
    expect(held.coefficients.every(({ basis }) => basis === 'ridge')).toBe(true)
  })

  it('cost only the text that has one outcome its interval', async () => {
    const codes = x.map((_, row) => (row % 10 === 0 ? 2 : row % 2))
    const outcomes = events.map((event, row) => (codes[row] === 2 ? 1 : event))
    const { coefficients, findings } = await fitColumns({ name: 'logistic' }, { town: { kept: ['a', 'b', 'c'], codes }, x }, outcomes)
    expect(coefficients.map(({ level, feature, basis }) => [level ?? feature, basis])).toEqual([
      [null, 'likelihood'],
      ['b', 'likelihood'],
      ['c', 'separated'],
      ['x', 'likelihood']
    ])
    expect(findings.join()).toMatch(/"town" parts rows by their outcome: without a penalty/)
    const none = counts.map((count, row) => (codes[row] === 2 ? 0 : count + 1))
    expect((await fitColumns({ name: 'poisson' }, { town: { kept: ['a', 'b', 'c'], codes } }, none)).findings.join()).toMatch(
      /Every count is zero/
    )
  })

  it('are found among several classes', async () => {
    const classes = Uint8Array.from(x, (value) => Math.floor(value * 3))
    const { findings, coefficients } = await fitColumns({ name: 'softmax', classes: 3 }, { x, square: x.map((v) => v * v) }, classes)
    expect(findings.join()).toMatch(/perfect separation/)
    expect(coefficients.every(({ basis, error }) => basis === 'separated' && error === null)).toBe(true)
  })
})

describe('rows that nothing can be fitted to', () => {
  const fails = (objective: LinearObjective, labels: Labels, weights: Float64Array | null = null) =>
    fitColumns(objective, { x: [1, 2, 3] }, labels, {}, weights)

  it('are refused with the row, the cause and what to do', async () => {
    await expect(fails({ name: 'poisson' }, Float64Array.of(1, -2, 3))).rejects.toThrow(/row 2 is -2.*counts from zero on.*squared/)
    await expect(fails({ name: 'gamma' }, Float64Array.of(1, 2, 0))).rejects.toThrow(/row 3 is 0.*above zero/)
    await expect(fails({ name: 'poisson' }, Float64Array.of(0, 0, 0))).rejects.toThrow(/Every count.*is zero/)
    await expect(fails({ name: 'squared' }, Float64Array.of(1, 2, 3), new Float64Array(3))).rejects.toThrow(
      /weight of every training row is zero/
    )
    await expect(fails({ name: 'squared' }, Float64Array.of(1, 2, 3), Float64Array.of(1, -1, 1))).rejects.toThrow(
      /weight of training row 2/
    )
    await expect(fails({ name: 'logistic' }, Uint8Array.of(0, 1, 1), Float64Array.of(0, 1, 1))).rejects.toThrow(/same outcome/)
  })

  it('do not count where their weight is zero', async () => {
    await expect(fails({ name: 'gamma' }, Float64Array.of(1, 2, 0), Float64Array.of(1, 1, 0))).resolves.toHaveProperty('converged', true)
  })
})

describe('an L1 penalty on columns that are the same', () => {
  it('shares one weight among them', async () => {
    const weightsOf = async (columns: Record<string, number[]>): Promise<number[]> => {
      const { model } = await fitColumns({ name: 'logistic' }, columns, events, { penalty: 2, l1Ratio: 1 })
      if (!('intercept' in model)) throw new Error('several outputs')
      return model.terms.map((term) => (term.type === 'number' ? term.weight : NaN))
    }
    const [alone] = await weightsOf({ x, noise })
    const [one, other] = await weightsOf({ x, again: [...x], noise })
    expect(other).toBe(one)
    expect(one! + other!).toBeCloseTo(alone!, 7)
  })
})

describe('an L1 penalty on log-linear models', () => {
  it.each([{ name: 'poisson' }, { name: 'gamma' }] as LinearObjective[])('ends where no weight can move: $name', async (objective) => {
    const columns = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`c${index}`, draw(rows)]))
    const labels = objective.name === 'gamma' ? amounts.map((y) => y + 0.5) : counts
    const [penalty, l1Ratio] = [20, 0.7]
    const { model, converged } = await fitColumns(objective, { x, ...columns }, labels, { penalty, l1Ratio })
    expect(converged).toBe(true)
    if (!('intercept' in model)) throw new Error('several outputs')
    const cells = Object.values({ x, ...columns })
    const terms = model.terms.map((term) => (term.type === 'number' ? term : null)!)
    const margin = cells[0]!.map((_, row) =>
      terms.reduce((sum, term, at) => sum + ((cells[at]![row]! - term.mean) / term.scale) * term.weight, model.intercept)
    )
    const residual = margin.map((z, row) => (objective.name === 'gamma' ? 1 - labels[row]! * Math.exp(-z) : Math.exp(z) - labels[row]!))
    expect(Math.abs(residual.reduce((sum, each) => sum + each, 0))).toBeLessThan(1e-6)
    const weights = terms.map((term, at) => {
      const slope = residual.reduce((sum, each, row) => sum + each * ((cells[at]![row]! - term.mean) / term.scale), 0)
      const whole = slope + penalty * (1 - l1Ratio) * term.weight
      if (term.weight === 0) expect(Math.abs(whole)).toBeLessThanOrEqual(penalty * l1Ratio)
      else expect(whole + penalty * l1Ratio * Math.sign(term.weight)).toBeCloseTo(0, 6)
      return term.weight
    })
    expect([weights.includes(0), weights.some((weight) => weight !== 0)]).toEqual([true, true])
  })
})
