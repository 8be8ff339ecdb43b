import { WorkbenchError } from '../../model/errors'
import { assertDigest } from '../../storage/objects/digest-check'
import type { Do } from '../commands'
import type { Datasets } from '../datasets'
import { runCommands, type ExperimentsWriter } from '../experiments'
import type { JobsWriter } from '../jobs'
import { opened, type Manifest } from '../manifest'
import { modelCommands, type ModelsWriter } from '../models'
import { gateCommands, type Policies, type PoliciesWriter } from '../policies'
import { pipelineCommands } from './commands'
import type { StepRecords } from './commit-step'
import { createPipelines, type Pipelines, type PipelinesOptions, type PipelinesWriter } from './pipelines'
import { pipelineTables } from './tables'

interface Needs {
  readonly unfinishedRuns: 'requeue' | 'mark'
  readonly do: Do<{ experiments: ExperimentsWriter; policies: PoliciesWriter; models: ModelsWriter }>
  readonly jobs: JobsWriter
  readonly datasets: Pick<Datasets, 'resolve'>
  readonly policies: Pick<Policies, 'text'>
  readonly experiments: Pick<ExperimentsWriter, 'records'>
}

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
      records: recordedWriters(needs)
    })
    return opened<Pipelines, PipelinesWriter>(pipelines, {
      start: () => pipelines.recover(needs.unfinishedRuns),
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
        knownWhen: Object.fromEntries(found.columns.map((column) => [column.name, column.knownWhen]))
      }
    },
    datasetColumns(name, version) {
      try {
        const { columns } = datasets.resolve(version === 'latest' ? name : `${name}@${version}`)
        return columns.map((column) => ({ dataset: name, name: column.name, role: column.role, knownWhen: column.knownWhen }))
      } catch (error) {
        // A document may name what is not there (yet); starting a run says so.
        if (error instanceof WorkbenchError) return undefined
        throw error
      }
    }
  }
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
      record: (run, report, reportSha256, pipelineRun) => carryOut(gateCommands.record, { run, report, reportSha256, pipelineRun })
    }
  }
}
