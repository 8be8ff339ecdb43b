import { expect, it } from 'vitest'
import type { Frame } from '../frames'
import { clustersOf } from './evaluate-model'

it('blocks of time hold rows that follow each other, also where some rows have no time', () => {
  const rows = 300
  // Times out of order; every third is missing.
  const values = Float64Array.from({ length: rows }, (_, row) => (row % 3 === 1 ? NaN : (row * 7919) % rows))
  const frame = { rows, columns: new Map([['day', { kind: 'number', values }]]) } as unknown as Frame
  const { codes } = clustersOf(frame, { by: 'time', column: 'day' })!
  const blocks = new Map<number, number[]>()
  for (const [row, value] of values.entries())
    if (!Number.isNaN(value)) blocks.set(codes[row]!, [...(blocks.get(codes[row]!) ?? []), value])
  const spans = [...blocks.values()]
    .map((times) => ({ first: Math.min(...times), last: Math.max(...times) }))
    .sort((a, b) => a.first - b.first)
  expect(spans.length).toBeGreaterThan(20)
  for (const [at, { first }] of spans.entries()) if (at > 0) expect(first).toBeGreaterThan(spans[at - 1]!.last)
})
