import { describe, expect, it } from 'vitest'
import type { Column, Frame } from '../../frames'
import { rowsToJudge } from './judge-rows'
import { assertTrainable, countClasses, deriveClasses, describeClasses, trainingWarnings } from './target'

const texts = (values: (string | null)[], order = [...new Set(values.filter((value) => value !== null))]): Column => ({
  kind: 'category',
  codes: codesOf(values, new Map(order.map((value, code) => [value, code]))),
  categories: order
})
const codesOf = (values: (string | null)[], codes: ReadonlyMap<string, number>): Int32Array =>
  Int32Array.from(values, (value) => (value === null ? -1 : codes.get(value)!))
const numbers = (values: number[]): Column => ({ kind: 'number', values: Float64Array.from(values), outOfRange: 0 })
const frame = (y: Column, rows: number, more: Record<string, Column> = {}): Frame => ({
  rows,
  columns: new Map(Object.entries({ y, ...more }))
})
const wrong = (column: Column, rows: number): string => {
  try {
    deriveClasses(frame(column, rows), 'y')
  } catch (error) {
    return (error as Error).message
  }
  return 'nothing thrown'
}

describe('classes of a column', () => {
  it('are texts by code units and numbers by size, whatever order the rows have', () => {
    const target = deriveClasses(frame(texts(['b', 'a', null, 'C', 'b']), 5), 'y')
    expect(target.classes).toEqual(['C', 'a', 'b'])
    expect([...target.labels]).toEqual([2, 1, 0, 2])
    expect([...target.rows]).toEqual([0, 1, 3, 4])
    expect([target.withoutTarget, target.counts]).toEqual([1, [1, 1, 2]])
    expect(deriveClasses(frame(numbers([10, 9, NaN, -1]), 4), 'y').classes).toEqual([-1, 9, 10])
  })

  it('are refused with column, cause and next step where they are none', () => {
    expect(wrong(texts(['a', 'b', 'a']), 3)).toBe(
      'The target "y" has two values: "a", "b". That is a question of yes or no: choose the task "binary".'
    )
    expect(wrong(texts(['a', 'a']), 2)).toMatch(/^The target "y" has the same value in every row \("a"\).*Choose another column/)
    expect(wrong(numbers([1, 2, 2.5]), 3)).toMatch(/"y" has the value 2.5, which is no whole number.*task "regression"/)
    const ids = Array.from({ length: 10_000 }, (_, row) => `id ${row}`)
    expect(wrong(texts(ids), 10_000)).toMatch(
      /"y" has 10,000 different values, more than the 200 classes.*Put rare or similar values together/
    )
    expect(wrong(texts([null, null]), 2)).toMatch(/"y" has no value in any of 2 rows/)
    const times: Column = { kind: 'timestamp', values: Float64Array.of(1, 2, 3), outOfRange: 0 }
    expect(wrong(times, 3)).toMatch(/"y" is a point in time/)
  })

  it('with hardly any row are warned of, and one without any cannot be learned', () => {
    const values = [...Array<string>(30).fill('a'), ...Array<string>(30).fill('b'), 'c']
    const target = deriveClasses(frame(texts(values), values.length), 'y')
    expect(trainingWarnings('y', target)).toEqual([
      expect.stringMatching(/^The target "y" has a class with fewer than 10 rows: "c" \(1\)\. .*bring more rows/)
    ])
    const some = deriveClasses(frame(texts(['a', 'b']), 2), 'y', { classes: ['a', 'b', 'c'] })
    expect(() => assertTrainable('y', some)).toThrow(/None of 2 rows has the target "y" "c"/)
  })

  it('that training did not see are left out and said; a column of other classes is refused', () => {
    const whole = frame(texts(['b', 'x', 'a', 'x', null, 'c']), 6)
    const rows = rowsToJudge(whole, 'y', { name: 'y', classes: ['a', 'b', 'c'] })
    expect([...rows.target.rows]).toEqual([0, 2, 5])
    expect([...rows.target.labels]).toEqual([1, 0, 2])
    expect(rows.warnings).toContainEqual(expect.stringMatching(/classes that training did not see: "x".*2 rows were left out/))
    expect(() => rowsToJudge(whole, 'y', { name: 'y', classes: ['red', 'green', 'blue'] })).toThrow(
      /none of the classes that the model learned \("red", "green", "blue"\)/
    )
  })

  it('may be written as number, text or truth value', () => {
    expect([...deriveClasses(frame(texts(['2', '1', '3.0']), 3), 'y', { classes: [1, 2, 3] }).labels]).toEqual([1, 0, 2])
    expect([...deriveClasses(frame(numbers([3, 1]), 2), 'y', { classes: ['1', '2', '3'] }).labels]).toEqual([2, 0])
    expect([...deriveClasses(frame(texts(['01', '1']), 2), 'y', { classes: ['01', '1', '2'] }).labels]).toEqual([0, 1])
  })

  it('are named in signature and record by their order', () => {
    const target = deriveClasses(frame(texts(['b', 'a', 'c']), 3), 'y')
    expect(describeClasses('y', target)).toMatchObject({
      task: 'multiclass-classification',
      target: { name: 'y', classes: ['a', 'b', 'c'] }
    })
    expect(describeClasses('y', target).label).toContain('0: "a", 1: "b", 2: "c"')
    expect(countClasses(target)).toEqual({ classes: [1, 1, 1] })
  })
})

describe('weights of rows', () => {
  const of = (weights: number[]) => deriveClasses(frame(texts(['a', 'b', null, 'c']), 4, { w: numbers(weights) }), 'y', { weight: 'w' })

  it('are those of the rows with a class, and count in the base rates', () => {
    const target = of([2, 0, -1, 6])
    expect([...target.weights!]).toEqual([2, 0, 6])
    expect(countClasses(target)).toEqual({ classes: [1, 1, 1], weights: [2, 0, 6] })
  })

  it('are refused below zero, missing, or all zero, with the row', () => {
    expect(() => of([1, -0.5, 1, 1])).toThrow('The weight "w" is -0.5 in row 2; a weight is zero or more.')
    expect(() => of([1, NaN, 1, 1])).toThrow('The weight "w" has no value in row 2')
    expect(() => of([0, 0, 1, 0])).toThrow('The weight "w" is zero in every row')
  })
})
