import { describe, expect, expectTypeOf, it } from 'vitest'
import type { z } from 'zod'
import type { People } from '../main/core/people'
import type { CommitInput, FrozenDataset } from '../main/core/pipelines/define-step'
import type { DatasetVersion } from '../main/model/dataset'
import type { Person } from '../main/model/workspace'
import type { Experiments } from '../main/core/experiments'
import type { PoliciesWriter } from '../main/core/policies'
import type { ModelVersion } from '../main/model/registry'
import type { EvaluationSubject } from '../main/model/evidence'
import type { GateReport } from '../main/model/policy'
import { DatasetRef, datasetReference, isSha256, PersonId, RunId, Sha256 } from '../main/model/reference'
import type { RunArtifact, RunDetail } from '../main/model/run'
import type { ContentStore } from '../main/storage/objects/content-store'
import type { Pipelines } from '../main/core/pipelines'
import { contract } from '../preload/contract'

/** Types are judged by the compiler in `npm run check`: each line fails there when the signature takes any text again. */
describe('a run id', () => {
  it('is no other text', () => {
    expectTypeOf<string>().not.toExtend<RunId>()
    expectTypeOf<ModelVersion['modelSha256']>().not.toExtend<RunId>()
    expectTypeOf<NonNullable<RunDetail['pipelineRun']>>().not.toExtend<RunId>()
    for (const other of ['a'.repeat(64), '080b61b6-4eaf-4fa1-a02c-254d18ac7c3e', 'A'.repeat(32), ''])
      expect(RunId.safeParse(other).success).toBe(false)
  })

  it('is asked for wherever a run is meant, and told wherever one is named', () => {
    expectTypeOf<Parameters<Experiments['run']>[0]>().toEqualTypeOf<RunId>()
    expectTypeOf<Parameters<Experiments['compare']>[0]>().toEqualTypeOf<RunId[]>()
    expectTypeOf<Parameters<PoliciesWriter['record']>[0]>().toEqualTypeOf<RunId>()
    expectTypeOf<ModelVersion['run']>().toEqualTypeOf<RunId>()
  })

  it('is plain text where the window writes it', () => {
    expectTypeOf<z.input<typeof contract.experiments.run.input>>().toEqualTypeOf<{ id: string }>()
    expectTypeOf<z.output<typeof contract.experiments.run.input>>().toEqualTypeOf<{ id: RunId }>()
    const id = 'a'.repeat(32)
    expect(contract.experiments.run.input.parse({ id })).toEqual({ id })
  })
})

describe('a digest', () => {
  it('is no other text, and no other text is one', () => {
    expectTypeOf<string>().not.toExtend<Sha256>()
    expectTypeOf<RunId>().not.toExtend<Sha256>()
    expectTypeOf<Sha256>().not.toExtend<RunId>()
    for (const other of ['a'.repeat(63), 'A'.repeat(64), `${'a'.repeat(64)}\n`, `sha256:${'a'.repeat(64)}`]) {
      expect(isSha256(other)).toBe(false)
      expect(Sha256.safeParse(other).success).toBe(false)
    }
  })

  it('is asked for wherever bytes are meant, and told by whatever names them', () => {
    expectTypeOf<Parameters<ContentStore['read']>[0]>().toEqualTypeOf<Sha256>()
    expectTypeOf<Parameters<PoliciesWriter['record']>[2]>().toEqualTypeOf<Sha256>()
    expectTypeOf<Parameters<Pipelines['lineageOfRun']>[0]>().toEqualTypeOf<RunId>()
    expectTypeOf<ModelVersion['modelSha256']>().toEqualTypeOf<Sha256>()
    expectTypeOf<RunArtifact['sha256']>().toEqualTypeOf<Sha256>()
    expectTypeOf<EvaluationSubject['model']>().toEqualTypeOf<Sha256>()
    expectTypeOf<GateReport['sha256']>().toEqualTypeOf<Sha256>()
  })
})

describe('a person and a version of a dataset', () => {
  it('are told apart from every other text, also from each other', () => {
    expectTypeOf<PersonId>().not.toExtend<RunId>()
    expectTypeOf<RunId>().not.toExtend<PersonId>()
    expectTypeOf<string>().not.toExtend<PersonId>()
    expectTypeOf<string>().not.toExtend<DatasetRef>()
    expectTypeOf<Sha256>().not.toExtend<DatasetRef>()
    for (const other of ['Ada', 'a'.repeat(32), 'a'.repeat(64)]) expect(PersonId.safeParse(other).success).toBe(false)
    const digest = 'a'.repeat(64)
    for (const other of ['dataset:strikes', `dataset:${digest}`, `strikes@sha256:${digest}`, `policy:strikes@sha256:${digest}`, digest])
      expect(DatasetRef.safeParse(other).success).toBe(false)
    expect(DatasetRef.parse(datasetReference({ name: 'strikes', sha256: Sha256.parse(digest) }))).toBe(`dataset:strikes@sha256:${digest}`)
  })

  it('are asked for and told wherever they are meant', () => {
    expectTypeOf<Parameters<People['get']>[0]>().toEqualTypeOf<PersonId>()
    expectTypeOf<Person['id']>().toEqualTypeOf<PersonId>()
    expectTypeOf<z.input<typeof contract.people.use.input>>().toEqualTypeOf<{ id: string }>()
    expectTypeOf<DatasetVersion['ref']>().toEqualTypeOf<DatasetRef>()
    expectTypeOf<FrozenDataset['reference']>().toEqualTypeOf<DatasetRef>()
    expectTypeOf<CommitInput['datasets']>().toEqualTypeOf<DatasetRef[]>()
  })
})
