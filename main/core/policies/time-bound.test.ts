import { describe, expect, it } from 'vitest'
import { createTimeBudget, runBounded } from './time-bound'

const sleep = (milliseconds: number): string => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

describe('a slice of time', () => {
  it('is not used up by waiting for the processor', () => {
    let calls = 0
    const outcome = runBounded(
      () => {
        if (++calls === 1) sleep(600)
        return 'answered'
      },
      createTimeBudget(2_000, 500)
    )
    expect(outcome).toEqual({ done: true, value: 'answered' })
    expect(calls).toBeGreaterThan(1)
  })

  it('stops what works too long and takes its work off the budget, started again only when it had not worked for its time', () => {
    const allowed = 60
    const calls: { processor: number; clock: number }[] = []
    const budget = createTimeBudget(1_000, allowed)
    const outcome = runBounded(() => {
      const [usage, clock] = [process.cpuUsage(), performance.now()]
      const seen = { processor: 0, clock: 0 }
      calls.push(seen)
      for (;;) {
        const { user, system } = process.cpuUsage(usage)
        Object.assign(seen, { processor: (user + system) / 1_000, clock: performance.now() - clock })
      }
    }, budget)
    expect(outcome).toMatchObject({ done: false, reason: 'time' })
    // However little of the processor it got: what it saw itself was taken off.
    const seen = calls.reduce((sum, { processor, clock }) => sum + Math.min(processor, clock), 0)
    expect(seen).toBeGreaterThan(0)
    expect(1_000 - budget.remaining).toBeGreaterThanOrEqual(seen)
    for (const { processor } of calls.slice(0, -1)) expect(processor).toBeLessThan(allowed * 0.9)
  })

  it('ends what never comes back', () => {
    let calls = 0
    const endless = (): string => {
      calls++
      return sleep(60_000)
    }
    expect(runBounded(endless, createTimeBudget(1_000, 20))).toMatchObject({ done: false, reason: 'time' })
    expect(calls).toBeLessThanOrEqual(3)
  })

  it('is not given where the budget is used up, and a call gets no more than is left', () => {
    const unused = (): never => {
      throw new Error('this was called')
    }
    expect(runBounded(unused, createTimeBudget(0.9, 100))).toMatchObject({
      done: false,
      reason: 'time',
      detail: expect.stringContaining('whole policy')
    })
    const budget = createTimeBudget(20, 100)
    expect(runBounded(() => sleep(60_000), budget)).toMatchObject({ done: false, detail: 'it took more than 20 ms' })
  })

  it('says when it fails otherwise, and is then there for the next', () => {
    const deep = (): number => deep() + 1
    expect(runBounded(deep, createTimeBudget())).toEqual({ done: false, reason: 'depth', detail: 'it is nested too deeply' })
    const failing = (): never => {
      throw new Error('no such column')
    }
    expect(runBounded(failing, createTimeBudget())).toEqual({ done: false, reason: 'failed', detail: 'no such column' })
    const within = runBounded(() => [runBounded(() => 1, createTimeBudget()), runBounded(() => 2, createTimeBudget())], createTimeBudget())
    expect(within).toEqual({ done: true, value: [1, 2].map((value) => ({ done: true, value })) })
  })
})
