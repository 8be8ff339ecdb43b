import { WorkbenchError } from '../../model/errors'
import { contentReference } from '../../model/reference'
import { assertDigest } from '../../storage/objects/digest-check'
import type { Do } from '../commands'
import type { Datasets } from '../datasets'
import { runCommands, type ExperimentsWriter } from '../experiments'
import type { JobsWriter } from '../jobs'
import { opened, type Manifest } from '../manifest'
import { modelCommands, type Models, type ModelsWriter } from '../models'
import { gateCommands, type Policies, type PoliciesWriter } from '../policies'
import type { Quality } from '../quality'
import { createBaselines, type Baselines } from './baseline'
import { nameOf } from './baseline-name'
import { pipelineCommands } from './commands'
import type { StepRecords } from './commit-step'
import { createPipelines, type Pipelines, type PipelinesOptions, type PipelinesWriter } from './pipelines'
import type { RegisteredVersion } from './named-model'
import { pipelineTables } from './tables'

interface Needs {
  readonly unfinishedRuns: 'requeue' | 'mark' | 'leave'
  /** Asked each time: trust may be taken back while runs are under way. */
  readonly workspace: { readonly restricted: boolean }
  readonly do: Do<{ experiments: ExperimentsWriter; policies: PoliciesWriter; models: ModelsWriter }>
  readonly jobs: JobsWriter
  readonly datasets: Pick<Datasets, 'resolve' | 'imported' | 'get' | 'sql'>
  readonly policies: Pick<Policies, 'text' | 'list'>
  /** Asked for when a baseline looks for a free name, and when a step names a model. */
  readonly models: Pick<Models, 'list' | 'resolve'>
  readonly experiments: Pick<ExperimentsWriter, 'records' | 'run' | 'trials' | 'evaluation'>
  readonly quality: Pick<Quality, 'list' | 'get'>
}

/** Why steps of a run that was under way do not start any more. */
const distrusted =
  'Not started: this workspace is not trusted any more, and steps run with your rights. Trust it again to go on, or cancel the run'

export const manifest = {
  tables: pipelineTables,
  commands: pipelineCommands,
  open(context, needs: Needs) {
    const pipelines = createPipelines(context, {
      jobs: needs.jobs,
      ...namedDatasets(needs.datasets),
      policy: async (reference) => {
        const { sha256, name } = await needs.policies.text(reference)
        return { sha256, name }
      },
      records: recordedWriters(needs),
      standing: () => (needs.workspace.restricted ? distrusted : null),
      evidence: runEvidence(needs),
      model: (reference) => registeredVersion(needs, reference)
    })
    const baselines = createBaselines(needs.datasets, needs.quality, (choices) =>
      nameOf(choices, { pipelines, policies: needs.policies, models: needs.models })
    )
    return opened<Pipelines & Baselines, PipelinesWriter & Baselines>(Object.assign(pipelines, baselines), {
      start: () => {
        if (needs.unfinishedRuns === 'requeue') return pipelines.recover()
        if (needs.unfinishedRuns === 'mark') pipelines.recoverBeforeRun(() => needs.jobs.recover())
      },
      close: () => pipelines.close()
    })
  }
} satisfies Manifest

/** What pipelines ask of Data: a version by name, and what its columns are for. */
function namedDatasets(datasets: Needs['datasets']): Pick<PipelinesOptions, 'datasetVersion' | 'datasetColumns'> {
  return {
    datasetVersion: async (name, version) => {
      const found = datasets.resolve(version === 'latest' ? name : `${name}@${version}`)
      await assertDigest(found.path, found.sha256, found.ref)
      return {
        sha256: found.sha256,
        rows: found.rows,
        reference: found.ref,
        roles: Object.fromEntries(found.columns.map((column) => [column.name, column.role])),
        knownWhen: Object.fromEntries(found.columns.map((column) => [column.name, column.knownWhen])),
        imported: datasets.imported(found.ref)
      }
    },
    datasetColumns(name, version) {
      try {
        const { columns } = datasets.resolve(version === 'latest' ? name : `${name}@${version}`)
        return columns.map(({ name: column, role, knownWhen, type }) => ({ dataset: name, name: column, role, knownWhen, type }))
      } catch (error) {
        // A document may name what is not there (yet); starting a run says so.
        if (error instanceof WorkbenchError) return undefined
        throw error
      }
    }
  }
}

/** What gates over a run ask of experiments and Data. */
function runEvidence({ experiments, quality }: Needs): PipelinesOptions['evidence'] {
  return {
    run(id) {
      const { name, artifacts, seed, codeSha256, inputs, environment, experiment } = experiments.run(id)
      return {
        name,
        isEvaluated: artifacts.some(({ kind }) => kind === 'evaluation'),
        facts: {
          seeded: seed !== null,
          reproducible: codeSha256 !== null && inputs.length > 0 && Object.keys(environment).length > 0,
          trials: experiments.trials(experiment).length
        }
      }
    },
    async qualityReport(tables, objects) {
      const found = quality.list().find(({ sha256 }) => tables.includes(sha256))
      if (!found) return null
      const { report } = await quality.get(found.id)
      const { sha256, size } = await objects.putBytes(JSON.stringify(report, null, 2))
      return { sha256, size, reference: contentReference('qualityreport', found.dataset, sha256) }
    }
  }
}

/** A version that a step names, and from which score on its evaluation decides. */
async function registeredVersion({ models, experiments }: Needs, reference: string): Promise<RegisteredVersion> {
  const { name, version, run, modelSha256 } = models.resolve(reference)
  const evaluation = await experiments.evaluation(run)
  return { name, version, run, modelSha256, decidesFrom: evaluation && 'threshold' in evaluation ? evaluation.threshold : null }
}

/** What steps write with when they finish: the same commands as everybody, inside of the journal's transaction. */
function recordedWriters({ do: carryOut, experiments }: Needs): StepRecords {
  return {
    runs: {
      ...experiments.records,
      training: (record) => carryOut(runCommands.recordTraining, record),
      evaluation: (record) => carryOut(runCommands.recordEvaluation, record)
    },
    models: { register: (request) => carryOut(modelCommands.register, request) },
    policies: {
      record: (run, report, reportSha256, pipelineRun) => carryOut(gateCommands.record, { run, report, reportSha256, pipelineRun }),
      recordAgain: (run, reportSha256, pipelineRun) => carryOut(gateCommands.recordAgain, { run, reportSha256, pipelineRun })
    }
  }
}
