import { describe, expect, it } from 'vitest'
import { isBeyondChance } from '../../../model/tasks/slices'
import { rounds } from '../../../testing/deep'
import { selectRows, type Column, type Frame } from '../../frames'
import { Random } from '../../numerics'
import { findSlices } from '.'

const rows = 800
const textColumn = (random: Random, names: string[]): Column => ({
  kind: 'category',
  categories: names,
  codes: Int32Array.from({ length: rows }, () => random.below(names.length))
})

/** Rows with skewed losses that no column explains. */
function drawn(seed: number) {
  const random = new Random(seed, 31)
  const columns = new Map<string, Column>([
    ['region', textColumn(random, ['north', 'south', 'east', 'west'])],
    ['kind', textColumn(random, ['a', 'b', 'c'])],
    ['age', { kind: 'number', outOfRange: 0, values: Float64Array.from({ length: rows }, () => random.uniform()) }],
    [
      'id',
      {
        kind: 'category',
        categories: Array.from({ length: rows }, (_, row) => `r${row}`),
        codes: Int32Array.from({ length: rows }, (_, row) => row)
      }
    ]
  ])
  const frame: Frame = { rows, columns }
  return { frame, losses: Float64Array.from({ length: rows }, () => -Math.log(1 - random.uniform())), random }
}
const ask = { columns: ['region', 'kind', 'age', 'id'], loss: 'log loss', weights: null, clusters: null }

describe('worst slices', () => {
  it('find the pair in which losses were doubled, and say so beyond chance', async () => {
    const { frame, losses } = drawn(1)
    const [region, kind] = [frame.columns.get('region')!, frame.columns.get('kind')!] as { codes: Int32Array }[]
    const planted = losses.map((loss, row) => (region!.codes[row] === 2 && kind!.codes[row] === 1 ? 3 * loss : loss))
    const found = await findSlices({ ...ask, frame, losses: planted })
    expect(found.worst[0]!.where).toEqual([
      { column: 'region', value: 'east' },
      { column: 'kind', value: 'b' }
    ])
    expect(isBeyondChance(found.worst[0]!)).toBe(true)
    expect(found.worst[0]!.p).toBeLessThan(0.01)
    expect(found.leftOut).toEqual([{ column: 'id', reason: 'no value leaves at least 30 rows with it and without it' }])
    // 4 + 3 + 4 slices of one column, 12 + 16 + 12 of two.
    expect(found.examined).toBe(51)
    const own = [...planted.keys()].filter((row) => region!.codes[row] === 2 && kind!.codes[row] === 1)
    expect(found.worst[0]!.count).toBe(own.length)
    expect(found.worst[0]!.loss).toBeCloseTo(own.reduce((sum, row) => sum + planted[row]!, 0) / own.length, 12)
  })

  it('are rarely called worse where nothing is', async () => {
    const times = rounds(60, 600)
    let alarms = 0
    for (let round = 0; round < times; round++) {
      const { frame, losses } = drawn(100 + round)
      const { worst } = await findSlices({ ...ask, frame, losses })
      if (worst.some(isBeyondChance)) alarms++
    }
    expect(alarms / times).toBeLessThanOrEqual(0.05)
  })

  it('count rows by their weight: twice the weight is as two rows, in the mean', async () => {
    const { frame, losses, random } = drawn(3)
    const weights = Float64Array.from({ length: rows }, () => 1 + random.below(3))
    const { worst, mean } = await findSlices({ ...ask, frame, losses, weights })
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    expect(mean).toBeCloseTo(losses.reduce((sum, loss, row) => sum + weights[row]! * loss, 0) / total, 12)
    expect(worst.length).toBeGreaterThan(0)
  })

  it('let whole clusters vary where rows come in such', async () => {
    // Forty clusters that share their loss and their region: rows taken one by one would call the worst region worse.
    const times = 30
    const alarms = { clustered: 0, plain: 0 }
    for (let round = 0; round < times; round++) {
      const random = new Random(round, 32)
      const clusters = Uint32Array.from({ length: rows }, (_, row) => Math.floor(row / 20))
      const shared = Float64Array.from({ length: 40 }, () => -Math.log(1 - random.uniform()))
      const column: Column = {
        kind: 'category',
        categories: ['n', 's', 'e', 'w'],
        codes: Int32Array.from(clusters, (cluster) => cluster % 4)
      }
      const frame: Frame = { rows, columns: new Map([['region', column]]) }
      const losses = Float64Array.from(clusters, (cluster) => shared[cluster]! + random.uniform() / 10)
      const own = { ...ask, columns: ['region'], frame, losses }
      if ((await findSlices(own)).worst.some(isBeyondChance)) alarms.plain++
      if ((await findSlices({ ...own, clusters })).worst.some(isBeyondChance)) alarms.clustered++
    }
    expect(alarms.clustered).toBeLessThanOrEqual(3)
    expect(alarms.plain).toBeGreaterThan(15)
  })

  it('are not called worse for what one cluster, or a few rows of many that have no weight, show', async () => {
    const [times, sites] = [30, 40]
    const alarms = { oneCluster: 0, fewRows: 0 }
    for (let round = 0; round < times; round++) {
      const random = new Random(round, 77)
      const site = Uint32Array.from({ length: rows }, (_, row) => row % 20)
      const cluster = Uint32Array.from({ length: rows }, (_, row) => row % sites)
      const shared = Float64Array.from({ length: sites }, () => -Math.log(1 - random.uniform()))
      const names = Array.from({ length: sites }, (_, at) => `s${at}`)
      const frameOf = (codes: Uint32Array): Frame => ({
        rows,
        columns: new Map([['site', { kind: 'category', categories: names, codes: Int32Array.from(codes) }]])
      })
      const own = { ...ask, columns: ['site'], minimumRows: 20 }
      // Each site is a cluster, whose rows share their loss.
      const clustered = Float64Array.from(cluster, (at) => shared[at]! + random.uniform() / 10)
      if ((await findSlices({ ...own, frame: frameOf(cluster), losses: clustered, clusters: cluster })).worst.some(isBeyondChance))
        alarms.oneCluster++
      // Of the forty rows of a site two count.
      const losses = Float64Array.from(site, () => -Math.log(1 - random.uniform()))
      const weights = Float64Array.from({ length: rows }, (_, row) => (row < 40 ? 1 : 0))
      if ((await findSlices({ ...own, frame: frameOf(site), losses, weights })).worst.some(isBeyondChance)) alarms.fewRows++
    }
    expect(alarms).toEqual({ oneCluster: 0, fewRows: 0 })
  })

  it('have the difference of the rows that count, whatever rows of weight 0 hold', async () => {
    const { frame, losses, random } = drawn(4)
    const weights = Float64Array.from({ length: rows }, () => random.below(3))
    const counting = Uint32Array.from(weights.keys()).filter((row) => weights[row]! > 0)
    const pick = (values: Float64Array): Float64Array => Float64Array.from(counting, (row) => values[row]!)
    const other = losses.map((loss, row) => (weights[row]! > 0 ? loss : 100))
    const all = await findSlices({ ...ask, columns: ['region', 'kind'], frame, losses: other, weights })
    const some = await findSlices({
      ...ask,
      columns: ['region', 'kind'],
      frame: selectRows(frame, counting),
      losses: pick(losses),
      weights: pick(weights)
    })
    expect(all).toEqual(some)
  })
})
