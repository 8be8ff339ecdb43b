import { describe, expect, it } from 'vitest'
import { assertRunnable } from './prepare-run'

describe('a pipeline that cannot run', () => {
  it.each([
    [1, /teleport[^.]*\.(?!.*more problem)/],
    [2, /There is 1 more problem\.$/],
    [3, /There are 2 more problems\.$/]
  ])('with %i problems says so', (count, message) => {
    const problems = Array.from({ length: count }, (_, i) => ({
      severity: 'error' as const,
      code: 'UNKNOWN_STEP' as const,
      message: `The step ${i} is a teleport, which nobody knows.`
    }))
    expect(() => assertRunnable({ document: null, problems } as never)).toThrow(message)
  })
})
