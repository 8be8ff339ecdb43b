import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatAuto,
  formatCount,
  formatDuration,
  formatLocal,
  formatNumber,
  formatRelative,
  formatSize,
  formatUtc,
  shortHash
} from './format'
import { compareValues, nextSort, sortRows } from './table-sort'

describe('formats', () => {
  it('counts in English', () => {
    const counted = [
      formatCount(1, 'policy'),
      formatCount(2_304, 'policy'),
      formatCount(2, 'key'),
      formatCount(0, 'row'),
      formatCount(2, 'is', 'are')
    ]
    expect(counted).toEqual(['1 policy', '2,304 policies', '2 keys', '0 rows', '2 are'])
  })
  it('writes durations as people read them', () => {
    const cases: [number, string][] = [
      [0.32, '320 ms'],
      [0.9996, '1.0 s'],
      [4.24, '4.2 s'],
      [9.96, '10 s'],
      [59.6, '1 m 00 s'],
      [192, '3 m 12 s'],
      [7500, '2 h 05 m'],
      [273_600, '3 d 4 h']
    ]
    for (const [seconds, text] of cases) expect(formatDuration(seconds)).toBe(text)
    expect(formatDuration(null)).toBe('\u2013')
    expect(formatDuration(Number.NaN)).toBe('\u2013')
  })

  it('never shows 60 seconds or 60 minutes', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e7, noNaN: true }), (seconds) => !/(^|\s)(60 s|60 m|24 h)/.test(formatDuration(seconds)))
    )
  })

  it('writes sizes in binary units', () => {
    expect(formatSize(812)).toBe('812 B')
    expect(formatSize(1024)).toBe('1.00 KiB')
    expect(formatSize(1_048_575)).toBe('1.00 MiB')
    expect(formatSize(1.5 * 2 ** 30)).toBe('1.50 GiB')
  })

  it('keeps decimals fixed, or drops what says nothing', () => {
    expect(formatNumber(1234.5, 2)).toBe('1,234.50')
    expect(formatNumber(-0.004, 3)).toBe('\u22120.004')
    expect(formatNumber(Number.NaN, 3)).toBe('\u2013')
    expect(formatAuto(0.08)).toBe('0.08')
    expect(formatAuto(0.87123)).toBe('0.8712')
    expect(formatAuto(1_234_567)).toBe('1,234,567')
    expect(formatAuto(100.0004)).toBe('100')
    expect(formatAuto(1.5e-7)).toBe('1.500e\u22127')
  })

  it('writes times in UTC and says how long ago they were', () => {
    expect(formatUtc('2026-03-01T14:05:09.123Z')).toBe('2026-03-01 14:05:09Z')
    expect(formatUtc('nonsense')).toBe('\u2013')
    expect(formatLocal('2026-03-01T14:05:09.123Z')).toMatch(/^2026-0[23]-\d\d \d\d:\d\d:09/)
    const now = Date.parse('2026-03-01T12:00:00Z')
    expect(formatRelative('2026-03-01T11:56:00Z', now)).toBe('4 min ago')
    expect(formatRelative('2026-03-03T12:00:00Z', now)).toBe('in 2 d')
    expect(shortHash('sha256:ab12cd34ef')).toBe('ab12cd34')
  })
})

describe('sorting of tables', () => {
  const columns = [{ id: 'v', header: 'v', value: (row: { v: number | null }) => row.v }]
  it('is a permutation with missing values last, in both directions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ v: fc.option(fc.integer()) })),
        fc.constantFrom('ascending' as const, 'descending' as const),
        (rows, direction) => {
          const sorted = sortRows(rows, columns, { column: 'v', direction }).map((row) => row?.v ?? null)
          const present = rows.flatMap((row) => (row.v === null ? [] : [row.v])).sort((a, b) => (direction === 'ascending' ? a - b : b - a))
          expect(sorted).toEqual([...present, ...new Array<null>(rows.length - present.length).fill(null)])
        }
      )
    )
  })
  it('orders names naturally', () => {
    expect(['run 10', 'run 2', 'Run 1'].sort(compareValues)).toEqual(['Run 1', 'run 2', 'run 10'])
  })
  it('goes through three states', () => {
    const column = { id: 'a', header: 'a', numeric: true }
    const first = nextSort(null, column)
    const second = nextSort(first, column)
    expect([first?.direction, second?.direction, nextSort(second, column)]).toEqual(['descending', 'ascending', null])
  })
})
