import { describe, expect, it } from 'vitest'
import type { Parity } from '../../model/parity'
import type { Sha256 } from '../../model/reference'
import { findUnboundParity } from './bound-parity'

const digest = (letter: string): Sha256 => letter.repeat(64) as Sha256
const certificate: Parity = {
  schema: 'drydock.parity',
  version: 1,
  task: 'binary-classification',
  model: digest('a'),
  original: digest('b'),
  table: { input: 'rows', sha256: digest('c') },
  predictions: { name: 'predictions.csv', sha256: digest('d'), columns: ['prediction'] },
  rows: 240,
  largest: 0.25,
  mean: 0.01,
  largestRelative: null,
  flips: 3,
  threshold: 0.5,
  worst: { row: 7, original: 0.75, model: 0.5 }
}
const about = {
  model: digest('a'),
  signature: { task: 'binary-classification' as const },
  imported: { original: { name: 'loans.onnx', sha256: digest('b'), bytes: 1 }, adapted: ['the map of each row is given as a tensor'] }
}

describe('a certificate of parity in a bundle', () => {
  it('is fine with decisions that change: what is made of them is for the policy and the reviewer', () => {
    expect(findUnboundParity(certificate, about)).toEqual([])
    expect(findUnboundParity({ ...certificate, original: null }, { ...about, imported: { ...about.imported, adapted: [] } })).toEqual([])
  })
  it.each<[Partial<Parity>, RegExp]>([
    [{ model: digest('e') }, /is about the model eeeeeeee, but the enclosed one is aaaaaaaa/],
    [{ original: digest('e') }, /about the original eeeeeeee, but evidence\/import\.json names bbbbbbbb/],
    [{ original: null }, /names no original/],
    [
      { task: 'regression', flips: null, threshold: null, largestRelative: 0.25 },
      /task regression, but the enclosed signature says binary-classification/
    ],
    [{ mean: 0.3 }, /mean difference is 0\.3, more than the largest, 0\.25/],
    [{ largest: 0.0001, mean: 0 }, /largest difference is 0\.0001, but its row of the largest has 0\.75 and 0\.5, which are 0\.25 apart/],
    [{ worst: { row: 240, original: 0.75, model: 0.5 } }, /in row 241 of 240/],
    [{ flips: 241 }, /241 decisions of 240 change/],
    [
      { flips: 0, largest: 0.8, worst: { row: 0, original: 0.9, model: 0.1 } },
      /no decision changes at the threshold 0\.5, but .* 0\.9 and 0\.1/
    ],
    [{ flips: null }, /does not count the decisions/],
    [{ largestRelative: 0.1 }, /has a share of amounts/],
    [{ threshold: null }, /has no threshold/],
    [{ largest: 0, mean: 0, worst: { row: 0, original: 0.5, model: 0.5 } }, /3 decisions change although nothing differs/]
  ])('that says %o is not taken', (change, words) => {
    const reasons = findUnboundParity({ ...certificate, ...change }, about)
    expect(reasons).toHaveLength(1)
    expect(reasons[0]).toMatch(words)
  })

  const amounts = { ...certificate, task: 'regression', flips: null, threshold: null, worst: { row: 7, original: 100, model: 100.25 } }
  const ofAmounts = { ...about, signature: { task: 'regression' as const } }
  it('of amounts has the largest difference as a share, which is at least that of its row of the largest', () => {
    expect(findUnboundParity({ ...amounts, largestRelative: 0.0025 }, ofAmounts)).toEqual([])
    expect(findUnboundParity({ ...amounts, largestRelative: 0.1 }, ofAmounts)).toEqual([])
    expect(findUnboundParity({ ...amounts, largestRelative: 0.001 }, ofAmounts)).toEqual([
      expect.stringContaining('0.001 of the amount, but its row of the largest differs by 0.0025 of it')
    ])
    expect(findUnboundParity({ ...amounts, largestRelative: null }, ofAmounts)).toEqual([
      expect.stringContaining('no difference as a share')
    ])
    expect(findUnboundParity({ ...amounts, largestRelative: 0.0025, flips: 0, threshold: 0.5 }, ofAmounts)).toHaveLength(2)
  })

  it('is not refused where the mean of equal differences is rounded above the largest', () => {
    const largest = 0.1
    const mean = Array.from({ length: 3 }, () => largest).reduce((sum, each) => sum + each, 0) / 3
    expect(mean).toBeGreaterThan(largest)
    const equal = { ...certificate, rows: 3, flips: 0, largest, mean, worst: { row: 0, original: 0.1, model: 0 } }
    expect(findUnboundParity(equal, about)).toEqual([])
  })
})
