import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestWorkspace, type TestWorkspace } from '../datasets/workspace.fixture'
import { createExperiments } from '../experiments'
import { createModels } from '../models'
import { createFeatures, type Features } from './features'
import type { Sha256 } from '../../model/reference'
import { executionIdOf } from '../../testing/sample-runs'

let workspace: TestWorkspace
let features: Features
let files: string[]
beforeEach(async () => {
  workspace = await openTestWorkspace()
  const { context, datasets } = workspace
  const sets: Sha256[] = []
  for (const name of ['whole', 'gone', 'changed'])
    sets.push((await datasets.importFile(workspace.source(`${name}.csv`, `a,b\n1,${name}\n2,x\n`), { name })).version.sha256)
  files = sets.map((sha256) => join(context.directory, 'data', `${sha256}.arrow`))
  const experiments = createExperiments(context, () => 'Ada')
  const models = createModels(context, {
    run: experiments.run,
    actor: () => 'Ada',
    lineage: () => ({ nodes: [], edges: [] }),
    people: { holderOf: () => undefined }
  })
  features = createFeatures(context, {
    produced: () =>
      sets.map((sha256, index) => ({
        sha256,
        pipeline: 'p',
        pipelineRun: executionIdOf('r'),
        step: ['whole', 'gone', 'changed'][index],
        rows: 2,
        createdAt: '2026-01-01T00:00:00.000Z',
        sources: [],
        sql: null
      })),
    trainedOn: () => new Set(),
    models,
    experiments
  })
})
afterEach(() => workspace.close())

describe('feature sets', () => {
  it('are listed although a file is gone, and say when they are opened what happened to it', async () => {
    rmSync(files[1])
    appendFileSync(files[2], 'x')
    const listed = await features.list()
    expect(listed.map(({ step, columns }) => [step, columns]).slice(0, 2)).toEqual([
      ['whole', 2],
      ['gone', null]
    ])
    const [whole, gone, changed] = listed.map(({ sha256 }) => sha256)
    expect((await features.get(whole)).statistics.map(({ name }) => name)).toEqual(['a', 'b'])
    await expect(features.get(gone)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(features.get(changed)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' })
    await expect(features.rows(changed, 0, 10)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' })
  })
})
