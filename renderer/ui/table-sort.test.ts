import { describe, expect, it } from 'vitest'
import { sortRows } from './table-sort'
import type { CellValue } from './table-types'

describe('sortRows', () => {
  const sorted = (values: CellValue[], numeric: boolean): CellValue[] =>
    sortRows(
      values.map((value) => ({ value })),
      [{ id: 'c', header: 'c', numeric, value: (row: { value: CellValue }) => row.value }],
      { column: 'c', direction: 'ascending' }
    ).map((row) => row!.value)

  it('puts numbers that came as text, because no number holds them, among the others by size', () => {
    expect(sorted([5, '9007199254740995', '-9007199254740995', '9007199254740993', null, '-9007199254740993', -7], true)).toEqual([
      '-9007199254740995',
      '-9007199254740993',
      -7,
      5,
      '9007199254740993',
      '9007199254740995',
      null
    ])
    expect(sorted(['NaN', 1, 'Infinity', '1234567890123456.78', '-Infinity', '1234567890123456.75'], true)).toEqual([
      '-Infinity',
      1,
      '1234567890123456.75',
      '1234567890123456.78',
      'Infinity',
      'NaN'
    ])
    expect(sorted(['run 10', 'run 2', 3], false)).toEqual([3, 'run 2', 'run 10'])
    expect(sorted(['12 s', '3 s'], true)).toEqual(['3 s', '12 s'])
  })
})
