import { expect, it } from 'vitest'
import type { Sha256 } from '../../model/reference'
import { distanceToDecision } from './decided-label'

const on = { rows: 100, table: 'a'.repeat(64) as Sha256 }
const costs = [
  [0, 1, 1],
  [1, 0, 1],
  [20, 10, 0]
]
const byCosts = { decision: { rule: { by: 'class-costs' as const, costs }, ...on } }
const byThreshold = { decision: { threshold: 0.2, rule: { by: 'given' as const }, ...on } }

it('takes the label by the decision that is signed, and only without one that of the likeliest class', () => {
  // Of least expected cost is the third: 0.8 against 4.3 for the first and 2.5 for the second.
  const three = Float64Array.of(0.5, 0.3, 0.2)
  expect(distanceToDecision(three, 2, byCosts)).toBe(0)
  expect(distanceToDecision(three, 0, byCosts)).toBeCloseTo((4.3 - 0.8) / 20, 6)
  expect(distanceToDecision(three, 0, {})).toBe(0)
  expect(distanceToDecision(three, 2, {})).toBeCloseTo(0.3, 12)
  const two = Float64Array.of(0.7, 0.3)
  expect(distanceToDecision(two, 1, byThreshold)).toBe(0)
  expect(distanceToDecision(two, 0, byThreshold)).toBeCloseTo(0.1, 12)
  expect(distanceToDecision(two, 1, {})).toBeCloseTo(0.4, 12)
})
