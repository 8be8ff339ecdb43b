import { describe, expect, it } from 'vitest'
import type { ModelSignature } from '../../../model/training'
import { writeRows } from './external-table'

const signature = {
  inputs: [
    { name: 'opened at', input: 'opened', kind: 'timestamp', tensor: 'double' },
    { name: 'grade', input: 'grade', kind: 'category', tensor: 'string' }
  ]
} as unknown as ModelSignature
const rowsOf = (...seconds: number[]): string =>
  writeRows(
    [
      { name: 'opened', tensor: 'double', values: Float64Array.from(seconds) },
      { name: 'grade', tensor: 'string', codes: Int32Array.from(seconds, (_, at) => at - 1), texts: ['', 'a "b", c'] }
    ],
    signature,
    seconds.length
  )

describe('the rows for an external scorer', () => {
  it('are CSV, in which a missing value is another thing than an empty text', () => {
    expect(rowsOf(0, NaN, 8.64e12)).toBe('opened at,grade\n1970-01-01T00:00:00.000Z,\n,""\n+275760-09-13T00:00:00.000Z,"a ""b"", c"\n')
  })
  it.each([8.64e12 + 1, -9e15, Infinity])('name row and column of %d seconds, which is no point in time', (seconds) => {
    expect(() => rowsOf(0, seconds)).toThrowError(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(/"opened at" is .* in row 2 .*Nothing was run\. Correct this value/),
        details: { column: 'opened at', row: 2, value: seconds }
      })
    )
  })
})
