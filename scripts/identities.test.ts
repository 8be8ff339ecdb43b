import { describe, expect, expectTypeOf, it } from 'vitest'
import type { z } from 'zod'
import type { Jobs, JobsWriter } from '../main/core/jobs'
import type { DatasetsWriter } from '../main/core/datasets'
import type { People } from '../main/core/people'
import type { QualityWriter } from '../main/core/quality'
import type { CommitInput, FrozenDataset, RecallContext } from '../main/core/pipelines/define-step'
import type { DatasetSummary, DatasetVersion } from '../main/model/dataset'
import type { Person } from '../main/model/workspace'
import type { Experiments, ExperimentsWriter } from '../main/core/experiments'
import type { PoliciesWriter } from '../main/core/policies'
import type { ModelVersion } from '../main/model/registry'
import type { EvaluationSubject } from '../main/model/evidence'
import type { GateReport, GateSummary } from '../main/model/policy'
import type { QualityReportSummary } from '../main/model/quality'
import {
  DatasetId,
  DatasetRef,
  datasetReference,
  ExperimentId,
  GateResultId,
  isSha256,
  JobId,
  PersonId,
  PipelineRunId,
  QualityReportId,
  RunId,
  runReference,
  Sha256
} from '../main/model/reference'
import type { Job } from '../main/model/job'
import type { Experiment, RunArtifact, RunDetail } from '../main/model/run'
import type { ContentStore } from '../main/storage/objects/content-store'
import type { Pipelines, PipelinesWriter } from '../main/core/pipelines'
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
    expectTypeOf<Parameters<Experiments['compare']>[0]>().toEqualTypeOf<readonly RunId[]>()
    expectTypeOf<Parameters<PoliciesWriter['record']>[0]>().toEqualTypeOf<RunId>()
    expectTypeOf<ModelVersion['run']>().toEqualTypeOf<RunId>()
    expectTypeOf(runReference).parameter(0).toEqualTypeOf<RunId>()
  })

  it('is plain text where the window writes it', () => {
    expectTypeOf<z.input<typeof contract.experiments.run.input>>().toEqualTypeOf<{ id: string }>()
    expectTypeOf<z.output<typeof contract.experiments.run.input>>().toEqualTypeOf<{ id: RunId }>()
    const id = 'a'.repeat(32)
    expect(contract.experiments.run.input.parse({ id })).toEqual({ id })
  })
})

describe('an execution of a pipeline', () => {
  const uuid = '080b61b6-4eaf-4fa1-a02c-254d18ac7c3e'
  it('is a job, but neither a run nor any other text, and not every job is one', () => {
    expectTypeOf<PipelineRunId>().toExtend<JobId>()
    expectTypeOf<JobId>().not.toExtend<PipelineRunId>()
    expectTypeOf<RunId>().not.toExtend<JobId>()
    expectTypeOf<PersonId>().not.toExtend<JobId>()
    expectTypeOf<PipelineRunId>().not.toExtend<RunId>()
    expectTypeOf<string>().not.toExtend<JobId>()
    for (const schema of [JobId, PipelineRunId]) {
      expect(schema.parse(uuid)).toBe(uuid)
      for (const other of ['a'.repeat(32), 'a'.repeat(64), uuid.replaceAll('-', ''), `${uuid}\n`, ''])
        expect(schema.safeParse(other).success).toBe(false)
    }
  })

  it('is asked for wherever one is meant, and told wherever one is named', () => {
    expectTypeOf<Parameters<Pipelines['getRun']>[0]>().toEqualTypeOf<PipelineRunId>()
    expectTypeOf<Parameters<Pipelines['preview']>[0]>().toEqualTypeOf<PipelineRunId>()
    expectTypeOf<Parameters<PipelinesWriter['cancel']>[0]>().toEqualTypeOf<PipelineRunId>()
    expectTypeOf<Awaited<ReturnType<PipelinesWriter['holdGate']>>>().toEqualTypeOf<PipelineRunId>()
    expectTypeOf<Parameters<PoliciesWriter['record']>[3]>().toEqualTypeOf<PipelineRunId>()
    expectTypeOf<NonNullable<CommitInput['producedBy']>['pipelineRun']>().toEqualTypeOf<PipelineRunId>()
    expectTypeOf<RecallContext['pipelineRun']>().toEqualTypeOf<PipelineRunId>()
    expectTypeOf<RunDetail['pipelineRun']>().toEqualTypeOf<PipelineRunId | null>()
    expectTypeOf<Parameters<Jobs['get']>[0]>().toEqualTypeOf<JobId>()
    expectTypeOf<Parameters<JobsWriter['cancel']>[0]>().toEqualTypeOf<JobId>()
    expectTypeOf<Job['id']>().toEqualTypeOf<JobId>()
  })

  it('is plain text where the window writes it', () => {
    expectTypeOf<z.input<typeof contract.pipelines.getRun.input>>().toEqualTypeOf<{ runId: string }>()
    expectTypeOf<z.output<typeof contract.pipelines.getRun.input>>().toEqualTypeOf<{ runId: PipelineRunId }>()
    expectTypeOf<z.input<typeof contract.jobs.cancel.input>>().toEqualTypeOf<{ id: string }>()
    expectTypeOf<z.output<typeof contract.jobs.cancel.input>>().toEqualTypeOf<{ id: JobId }>()
    expect(contract.pipelines.getRun.input.parse({ runId: uuid })).toEqual({ runId: uuid })
    expect(contract.pipelines.getRun.input.safeParse({ runId: 'a'.repeat(32) }).success).toBe(false)
  })
})

describe('a gate result, an experiment, a dataset and a quality report', () => {
  const uuids = [GateResultId, DatasetId, QualityReportId]
  it('are told apart from every other text, also from each other', () => {
    type Ids = [GateResultId, ExperimentId, DatasetId, QualityReportId, JobId, PersonId, RunId]
    expectTypeOf<Extract<Ids[number], GateResultId>>().toEqualTypeOf<GateResultId>()
    expectTypeOf<Extract<Ids[number], ExperimentId>>().toEqualTypeOf<ExperimentId>()
    expectTypeOf<Extract<Ids[number], DatasetId>>().toEqualTypeOf<DatasetId>()
    expectTypeOf<Extract<Ids[number], QualityReportId>>().toEqualTypeOf<QualityReportId>()
    expectTypeOf<string>().not.toExtend<Ids[number]>()
    for (const schema of uuids) for (const other of ['a'.repeat(32), '1', '']) expect(schema.safeParse(other).success).toBe(false)
    for (const other of ['0', '01', '-1', '1.5', 'sweep', '080b61b6-4eaf-4fa1-a02c-254d18ac7c3e', ''])
      expect(ExperimentId.safeParse(other).success).toBe(false)
  })

  it('are asked for and told wherever they are meant', () => {
    expectTypeOf<Parameters<PoliciesWriter['gate']>[0]>().toEqualTypeOf<GateResultId>()
    expectTypeOf<ReturnType<PoliciesWriter['record']>>().toEqualTypeOf<GateResultId>()
    expectTypeOf<GateSummary['id']>().toEqualTypeOf<GateResultId>()
    expectTypeOf<NonNullable<ModelVersion['gate']>['id']>().toEqualTypeOf<GateResultId>()
    expectTypeOf<Parameters<ExperimentsWriter['update']>[0]>().toEqualTypeOf<ExperimentId>()
    expectTypeOf<Experiment['id']>().toEqualTypeOf<ExperimentId>()
    expectTypeOf<Parameters<DatasetsWriter['restore']>[0]>().toEqualTypeOf<DatasetId>()
    expectTypeOf<DatasetSummary['id']>().toEqualTypeOf<DatasetId>()
    expectTypeOf<Parameters<QualityWriter['save']>[0]>().toEqualTypeOf<QualityReportId>()
    expectTypeOf<QualityReportSummary['id']>().toEqualTypeOf<QualityReportId>()
  })

  it('are plain text where the window writes them', () => {
    expectTypeOf<z.input<typeof contract.policies.gate.input>>().toEqualTypeOf<{ id: string }>()
    expectTypeOf<z.output<typeof contract.policies.gate.input>>().toEqualTypeOf<{ id: GateResultId }>()
    expectTypeOf<z.output<typeof contract.experiments.update.input>['id']>().toEqualTypeOf<ExperimentId>()
    expectTypeOf<z.output<typeof contract.datasets.restore.input>>().toEqualTypeOf<{ id: DatasetId }>()
    expectTypeOf<z.output<typeof contract.quality.get.input>>().toEqualTypeOf<{ id: QualityReportId }>()
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
    expectTypeOf<z.input<typeof contract.people.use.input>['id']>().toEqualTypeOf<string>()
    expectTypeOf<DatasetVersion['ref']>().toEqualTypeOf<DatasetRef>()
    expectTypeOf<FrozenDataset['reference']>().toEqualTypeOf<DatasetRef>()
    expectTypeOf<CommitInput['datasets']>().toEqualTypeOf<DatasetRef[]>()
  })
})
