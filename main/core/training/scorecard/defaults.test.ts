import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Algorithm } from '../../../model/training'
import { isDeep } from '../../../testing/deep'
import { selectRows } from '../../frames'
import { Random } from '../../numerics'
import { taskOf } from '../../tasks'
import { encodeFeatures } from '../features'
import { fitModel } from '../fit-model'
import { aucOf, heldIn, logLoss, mean } from '../fixtures/held-out-figures'
import { frameOf, fromTheUsa, gentoo, noise, sex, weak, type SmallSet } from '../fixtures/small-sets'
import { predictNative } from '../native-model'

const { seeds, sets: peers } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'defaults-peers.json'), 'utf8')) as {
  seeds: number[]
  sets: Record<string, { logistic: { auc: number; log_loss: number } }>
}

/** Name, rows, and by how much the log loss may be more than that of a logistic regression. */
const sets: [string, () => SmallSet, number][] = [
  ['weak signal, 300 rows', () => weak(300, 5), 0.02],
  ['weak signal, 1000 rows', () => weak(1000, 6), 0.015],
  ['penguins: Gentoo', gentoo, 0.03],
  ['penguins: sex', sex, 0.05],
  ['cars: from the USA', fromTheUsa, 0]
]

/** Fits the rows that are not held by an algorithm's own defaults; returns what it states of the others, and what happened there. */
async function answersOf(set: SmallSet, algorithm: Algorithm, held: (row: number) => boolean, seed: number) {
  const frame = frameOf(set)
  const all = Uint32Array.from(set.labels.keys())
  const part = (rows: Uint32Array) => ({ frame: selectRows(frame, rows), labels: Uint8Array.from(rows, (row) => set.labels[row]!) })
  const [rows, test] = [part(all.filter((row) => !held(row))), part(all.filter(held))]
  const { native } = await fitModel(
    {
      ...{ task: taskOf({}), target: { name: 'y', positive: 1, negatives: [0] }, objective: { name: 'logistic' } },
      ...{ algorithm, parameters: {}, seed, features: Object.keys(set.cells) },
      ...{ rows: { ...rows, weights: null }, validation: null, holdBack: { by: 'random', column: null } }
    },
    [],
    {}
  )
  return { scores: predictNative(native, encodeFeatures(test.frame, native.features)), labels: test.labels }
}

/** Means over the seeds of the reference, whose rows make-defaults-peers.py divides in the same way. */
async function judge(set: SmallSet, algorithm: Algorithm = 'scorecard'): Promise<{ auc: number; log_loss: number }> {
  const found = []
  for (const seed of seeds) {
    const { scores, labels } = await answersOf(set, algorithm, heldIn(seed), seed)
    found.push({ auc: aucOf(scores, labels), log_loss: logLoss(scores, labels) })
  }
  return { auc: mean(found.map(({ auc }) => auc)), log_loss: mean(found.map((each) => each.log_loss)) }
}

/** Effects that level off or have a step, as few lines follow and bins do: three numbers, one of them skewed, one without effect, and texts. */
function curved(rows: number, seed: number): SmallSet {
  const random = new Random(seed)
  const normal = () => Array.from({ length: 12 }, () => random.uniform()).reduce((sum, value) => sum + value, -6)
  const draw = <Value>(make: () => Value) => Array.from({ length: rows }, make)
  const cells = {
    level: draw(normal),
    skewed: draw(() => Math.exp(normal())),
    step: draw(normal),
    none: draw(normal),
    kind: draw(() => `k${random.below(8)}`)
  }
  const labels = Uint8Array.from(cells.level, (level, row) => {
    const kind = 0.25 * (Number(cells.kind[row]!.slice(1)) - 3.5)
    const margin = 2 * Math.tanh(2 * level) + 1.2 * Math.log(cells.skewed[row]!) - (cells.step[row]! > 1 ? 2 : 0) + kind
    return random.uniform() < 1 / (1 + Math.exp(-margin)) ? 1 : 0
  })
  return { cells, labels }
}

describe('the defaults of a scorecard on small tables', () => {
  it.each(sets)('are close to a logistic regression of scikit-learn: %s', async (name, make, more) => {
    const { auc, log_loss } = await judge(make())
    const theirs = peers[name]!.logistic
    console.log(
      `${name}: AUC ${auc.toFixed(4)} of ${theirs.auc.toFixed(4)}; log loss ${log_loss.toFixed(4)} of ${theirs.log_loss.toFixed(4)}`
    )
    expect(auc).toBeGreaterThan(theirs.auc - 0.0155)
    expect(log_loss).toBeLessThan(theirs.log_loss + more)
  })

  it('order rows better than our own logistic regression where effects level off', async () => {
    const set = curved(1000, 6)
    const [ours, line] = [await judge(set), await judge(set, 'logistic-regression')]
    console.log(`levelling off: AUC ${ours.auc.toFixed(4)}, logistic regression ${line.auc.toFixed(4)}`)
    expect(ours.auc).toBeGreaterThan(line.auc + 0.02)
    expect(ours.log_loss).toBeLessThan(line.log_loss)
  })

  it.each([
    ['300 rows, 20%', noise(300, 0.2, 2), 1.06],
    ['600 rows, 20%', noise(600, 0.2, 3), 1.05],
    ['1500 rows, 20%', noise(1500, 0.2, 4), 1.03]
  ])('are hardly worse than the base rate where nothing is to be learned: %s', async (name, set, most) => {
    const ratios: number[] = []
    for (let seed = 1; seed <= (isDeep ? 20 : 3); seed++) {
      const held = new Set(new Random(seed, 9).shuffle(Uint32Array.from(set.labels.keys())).slice(0, Math.round(set.labels.length * 0.3)))
      const { scores, labels } = await answersOf(set, 'scorecard', (row) => held.has(row), seed)
      const share = mean([...set.labels].filter((_, row) => !held.has(row)))
      ratios.push(logLoss(scores, labels) / logLoss(new Float64Array(labels.length).fill(share), labels))
    }
    console.log(`nothing to learn, ${name}: ${mean(ratios).toFixed(3)} of the log loss of the base rate`)
    expect(mean(ratios)).toBeLessThan(most)
  })
})
