import { describe, expect, it } from 'vitest'
import { isotonic } from './isotonic'

describe('isotonic', () => {
  it('pools what falls, by weight', () => {
    // scikit-learn 1.2: IsotonicRegression().fit_transform(range(5), [1, 3, 2, 2, 5], sample_weight=[1, 1, 2, 1, 1])
    expect([...isotonic([1, 3, 2, 2, 5], [1, 1, 2, 1, 1])]).toEqual([1, 2.25, 2.25, 2.25, 5])
    expect([...isotonic([3, 2, 1], [1, 1, 1])]).toEqual([2, 2, 2])
  })

  it('gives a value of no weight that of its neighbours', () => {
    expect([...isotonic([9, 1, -5, 2], [0, 1, 0, 1])]).toEqual([1, 1, 1, 2])
    expect([...isotonic([3, 1], [0, 0])]).toEqual([3, 1])
    expect([...isotonic([], [])]).toEqual([])
  })
})
