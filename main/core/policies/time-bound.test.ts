import { describe, expect, it } from 'vitest'
import { createTimeBudget, runBounded } from './time-bound'

const sleep = (milliseconds: number): string => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

describe('a slice of time', () => {
  it('is not used up by waiting for the processor', () => {
    let calls = 0
    const outcome = runBounded(
      () => {
        calls++
        sleep(150)
        return 'answered'
      },
      createTimeBudget(1_000, 100)
    )
    expect(outcome).toEqual({ done: true, value: 'answered' })
    expect(calls).toBeGreaterThan(1)
  })

  it('stops what works too long, once, and what never comes back', () => {
    const budget = createTimeBudget(1_000, 60)
    expect(
      runBounded(() => {
        for (;;);
      }, budget)
    ).toMatchObject({ done: false, reason: 'time' })
    expect(budget.remaining).toBeLessThan(960)
    expect(runBounded(() => sleep(60_000), createTimeBudget(1_000, 20))).toMatchObject({ done: false, reason: 'time' })
  })
})
