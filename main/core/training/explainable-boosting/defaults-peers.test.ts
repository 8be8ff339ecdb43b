import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isDeep } from '../../../testing/deep'
import { selectRows } from '../../frames'
import { Random } from '../../numerics'
import { taskOf } from '../../tasks'
import { encodeFeatures } from '../features'
import { fitModel, type FitRequest } from '../fit-model'
import { aucOf, heldIn, logLoss, mean } from '../fixtures/held-out-figures'
import { acceleration, frameOf, fromTheUsa, gentoo, noise, sex, weak, type SmallSet } from '../fixtures/small-sets'
import { predictNative } from '../native-model'

interface Peers {
  seeds: number[]
  sets: Record<string, { boosting: Partial<Record<'auc' | 'log_loss' | 'rmse', number>> }>
}
const { seeds, sets: peers } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'defaults-peers.json'), 'utf8')) as Peers

/** Fits seven tenths by the defaults; returns what is stated of the other three, and what happened there. */
async function answersOf(set: SmallSet<Uint8Array | Float64Array>, held: (row: number) => boolean, seed: number) {
  const frame = frameOf(set)
  const all = Uint32Array.from(set.labels.keys())
  const part = (rows: Uint32Array) => ({ frame: selectRows(frame, rows), labels: Float64Array.from(rows, (row) => set.labels[row]!) })
  const [rows, test] = [part(all.filter((row) => !held(row))), part(all.filter(held))]
  const isEvent = set.labels instanceof Uint8Array
  const { native } = await fitModel(
    {
      ...(isEvent
        ? { task: taskOf({}), target: { name: 'y', positive: 1, negatives: [0] }, objective: { name: 'logistic' } }
        : { task: taskOf({ task: 'regression' }), target: { name: 'y', objective: 'squared' }, objective: { name: 'squared' } }),
      ...{ algorithm: 'explainable-boosting', parameters: {}, seed, features: Object.keys(set.cells) },
      rows: { frame: rows.frame, labels: isEvent ? Uint8Array.from(rows.labels) : rows.labels, weights: null },
      ...{ validation: null, holdBack: { by: 'random', column: null }, isMeasured: false }
    } as FitRequest,
    [],
    {}
  )
  return { scores: predictNative(native, encodeFeatures(test.frame, native.features)), labels: test.labels }
}

const events: Record<string, () => SmallSet> = {
  'penguins: sex': sex,
  ...(isDeep && {
    'weak signal, 300 rows': () => weak(300, 5),
    'weak signal, 1000 rows': () => weak(1000, 6),
    'penguins: Gentoo': gentoo,
    'cars: from the USA': fromTheUsa
  })
}

describe('the defaults of explainable boosting on small tables', () => {
  it.each(Object.keys(events))('rank and state events as well as those of interpret, %s', { timeout: 300_000 }, async (name) => {
    const found = []
    for (const seed of seeds) {
      const { scores, labels } = await answersOf(events[name]!(), heldIn(seed), seed)
      found.push({ auc: aucOf(scores, labels), loss: logLoss(scores, labels) })
    }
    const [auc, loss] = [mean(found.map((each) => each.auc)), mean(found.map((each) => each.loss))]
    const { boosting: theirs } = peers[name]!
    console.log(
      `${name}: AUC ${auc.toFixed(4)}, interpret ${theirs.auc!.toFixed(4)}; log loss ${loss.toFixed(4)}, ${theirs.log_loss!.toFixed(4)}`
    )
    expect(auc).toBeGreaterThan(theirs.auc! - 0.01)
    expect(loss).toBeLessThan(theirs.log_loss! + 0.01)
  })

  it('predict an amount as well as those of interpret', { timeout: 300_000 }, async () => {
    const found: number[] = []
    for (const seed of seeds) {
      const { scores, labels } = await answersOf(acceleration(), heldIn(seed), seed)
      found.push(Math.sqrt(mean([...labels].map((label, row) => (scores[row]! - label) ** 2))))
    }
    const theirs = peers['cars: acceleration']!.boosting.rmse!
    console.log(`cars: acceleration: RMSE ${mean(found).toFixed(4)}, interpret ${theirs.toFixed(4)}`)
    expect(mean(found) / theirs).toBeLessThan(1.05)
  })

  it.runIf(isDeep)('are no worse than the base rate where nothing is to be learned', { timeout: 600_000 }, async () => {
    const set = noise(600, 0.2, 3)
    const ratios: number[] = []
    for (let seed = 1; seed <= 20; seed++) {
      const drawn = new Random(seed, 9).shuffle(Uint32Array.from(set.labels.keys()))
      const held = new Set(drawn.slice(0, 180))
      const { scores, labels } = await answersOf(set, (row) => held.has(row), seed)
      const share = mean([...set.labels].filter((_, row) => !held.has(row)))
      ratios.push(logLoss(scores, labels) / logLoss(new Float64Array(labels.length).fill(share), labels))
    }
    console.log(`noise, 600 rows: log loss ${mean(ratios).toFixed(4)} of the base rate's`)
    expect(mean(ratios)).toBeLessThan(1.02)
  })
})
