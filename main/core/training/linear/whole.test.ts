import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { trainModel } from '../index'
import { writeArrow } from '../fixtures/synthetic'
import { linearRows } from './fixtures/linear-rows'
import reference from './fixtures/linear.json'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whole-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a generalised linear model, trained whole', () => {
  it('reads an exposure as rate and weight, and says the coefficients of statsmodels in its record', async () => {
    const { rows, labels, weights } = linearRows(400, 21)
    const { load, age, count, noise, phase } = rows
    // A rate times its exposure is what stands in a table of counts.
    const claims = [...labels.poisson].map((rate, row) => rate * weights[row]!)
    const table = await writeArrow(join(folder, 'rows.arrow'), { load, age, count, noise, phase, claims, years: [...weights] })
    const trained = await trainModel({
      ...{ table, task: 'regression', target: 'claims', objective: 'poisson', exposure: 'years', algorithm: 'generalised-linear-model' },
      ...{ features: ['load', 'age', 'count', 'noise', 'phase'], seed: 1, outputDirectory: join(folder, 'poisson') },
      parameters: { penalty: 0, tolerance: 1e-10 }
    })
    expect(trained.stopped).toBe('converged')
    expect(trained.parity.maxDifference).toBeLessThan(1e-6)
    const found = trained.coefficients!.find(({ feature }) => feature === 'load')!
    const wanted = reference.unpenalised['poisson weighted'].find(({ term }) => term === 'load')!
    for (const part of ['estimate', 'error', 'low', 'high'] as const) expect(found[part]).toBeCloseTo(wanted[part], 6)
    expect(found.ratio).toMatchObject({ of: 'rate', value: Math.exp(found.estimate) })
  })
})
