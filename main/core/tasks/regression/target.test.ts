import { describe, expect, it } from 'vitest'
import type { Column, Frame } from '../../frames'
import { assertAmountsDiffer, countJudged, countOutcomes, deriveTarget, trainingWarnings } from './target'

const numbers = (values: number[], outOfRange = 0): Column => ({ kind: 'number', values: Float64Array.from(values), outOfRange })
const frameOf = (columns: Record<string, Column>, rows: number): Frame => ({ rows, columns: new Map(Object.entries(columns)) })
const rising = Array.from({ length: 20 }, (_, row) => row)

describe('a target of amounts', () => {
  it('leaves out rows without a value, with the row numbers of the others', () => {
    const frame = frameOf({ cost: numbers([3, NaN, 5, NaN], 1) }, 4)
    const target = deriveTarget(frame, 'cost')
    expect(target).toMatchObject({
      rows: Uint32Array.of(0, 2),
      labels: Float64Array.of(3, 5),
      weights: null,
      withoutTarget: 2,
      outOfRange: 1
    })
    expect(trainingWarnings('cost', target).slice(0, 2)).toEqual([
      '1 row has no value in the target "cost" and was left out.',
      '1 row has an infinite value or one beyond 3.4e38 in the target "cost" and was left out. Mend the values, or drop such rows in an SQL step.'
    ])
  })

  it('divides by the exposure and multiplies the weight by it', () => {
    const frame = frameOf({ claims: numbers([0, 3, 2]), years: numbers([1, 2, 0.5]), w: numbers([1, 1, 4]) }, 3)
    const target = deriveTarget(frame, 'claims', { objective: 'poisson', exposure: 'years', weight: 'w' })
    expect(target.labels).toEqual(Float64Array.of(0, 1.5, 4))
    expect(target.weights).toEqual(Float64Array.of(1, 2, 2))
    // The rate of all: 5 claims, the last row counted four times, over 1 + 2 + 4 x 0.5 years.
    expect(countOutcomes(target)).toEqual({ constant: 11 / 5, mean: 11 / 5, minimum: 0, maximum: 4 })
    expect(countJudged(target)).toMatchObject({ mean: 11 / 5, weight: 5 })
  })

  it('states the weighted median and quantile where the objective asks for them', () => {
    const frame = frameOf({ cost: numbers([1, 2, 3, 10]), w: numbers([1, 1, 1, 5]) }, 4)
    expect(countOutcomes(deriveTarget(frame, 'cost', { objective: 'absolute' })).constant).toBe(2.5)
    expect(countOutcomes(deriveTarget(frame, 'cost', { objective: 'absolute', weight: 'w' })).constant).toBe(10)
    expect(countOutcomes(deriveTarget(frame, 'cost', { objective: 'quantile', quantile: 0.25 })).constant).toBe(1.5)
  })

  it.each([
    [
      'text',
      { kind: 'category', codes: Int32Array.of(0), categories: ['12 EUR'] } as Column,
      {},
      /"cost" is text, such as "12 EUR".*CAST\(cost AS DOUBLE\)/
    ],
    ['a time', { kind: 'timestamp', values: Float64Array.of(1), outOfRange: 0 } as Column, {}, /"cost" is a point in time.*subtract/],
    ['yes and no', { kind: 'boolean', values: Float64Array.of(1), outOfRange: 0 } as Column, {}, /"cost" is yes or no.*binary task/],
    ['nothing', numbers([NaN]), {}, /"cost" has no value in any of 1 rows.*Choose another column/],
    [
      'a negative count',
      numbers([4, -2]),
      { objective: 'poisson' },
      /"cost" has -2 in row 2.*poisson needs counts, zero and above.*squared/
    ],
    ['a zero for gamma', numbers([4, 0]), { objective: 'gamma' }, /"cost" has 0 in row 2.*gamma needs amounts above zero.*poisson/]
  ] as const)('is refused where it is %s, with the column, the cause and the next step', (_, column, choice, message) => {
    const rows = column.kind === 'category' ? column.codes.length : column.values.length
    expect(() => deriveTarget(frameOf({ cost: column }, rows), 'cost', choice)).toThrow(message)
  })

  it.each([
    ['weight', [1, -1], /weight "w" is -1 in row 2; a weight is zero or more\. Correct/],
    ['weight', [1, NaN], /weight "w" has no value in row 2/],
    ['weight', [0, 0], /weight "w" is zero in every row.*Data/],
    ['exposure', [1, 0], /exposure "w" is 0 in row 2; an exposure is above zero\. Correct/],
    ['exposure', [NaN, 1], /exposure "w" has no value in row 1/]
  ] as const)('is refused where the %s is %s', (role, values, message) => {
    const frame = frameOf({ cost: numbers([1, 2]), w: numbers([...values]) }, 2)
    expect(() => deriveTarget(frame, 'cost', { objective: 'poisson', [role]: 'w' })).toThrow(message)
  })

  it('is not trained on one value or on too few rows, and says where another task fits better', () => {
    const target = (values: number[]) => deriveTarget(frameOf({ cost: numbers(values) }, values.length), 'cost')
    expect(() => assertAmountsDiffer('cost', target(new Array(20).fill(7) as number[]))).toThrow(
      /Every one of 20 rows has 7 in the target "cost".*Choose/
    )
    expect(() => assertAmountsDiffer('cost', target([1, 2, 3]))).toThrow(/a value in 3 rows only.*at least 10/)
    expect(() => assertAmountsDiffer('cost', target(rising))).not.toThrow()
    expect(trainingWarnings('cost', target(rising.map((row) => row % 2))).join(' ')).toMatch(/two different values only.*binary task/)
    expect(trainingWarnings('cost', target(rising))).toEqual(['Only 20 rows have a value; expect a poor and uncertain model.'])
  })
})
