import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { Sha256 } from '../../model/reference'
import type { ModelVersionDetail } from '../../model/registry'
import type { ReproductionRecord } from '../../model/reproduction-record'
import type { RunDetail } from '../../model/run'
import { arrowColumns } from '../../storage/arrow'
import { inspectArrowFile } from '../../storage/arrow/inspect'
import { recordedRun, type RecordedRun } from '../pipelines'
import type { WorkspaceContext } from '../workspace'
import type { ExportSources } from './collect-facts'

const comparedKinds = ['model', 'signature', 'row-scores'] as const

/** What the run of a model was made of; null for a run that no pipeline made, which nobody can do again. */
export async function reproductionRecord(
  context: WorkspaceContext,
  { datasets, experiments }: Pick<ExportSources, 'datasets' | 'experiments'>,
  model: Pick<ModelVersionDetail, 'name' | 'version'>,
  run: RunDetail
): Promise<ReproductionRecord | null> {
  const record = await recordOf(context, run)
  if (!record) return null
  const { text: pipeline, parameters, targetStep, frozen, sources } = record
  const tables = new Map(sources.map((source) => [source.sha256, source.reference]))
  return {
    schema: 'drydock.reproduction-record',
    version: 1,
    model: `${model.name}@${model.version}`,
    ...{ pipeline, parameters, targetStep, sources },
    frozen: Object.fromEntries([...frozen].map(([step, { imports: _cells, ...facts }]) => [step, facts])),
    tables: await Promise.all([...tables].map(([sha256, reference]) => tableOf(context, datasets, sha256, reference))),
    found: {
      inputs: run.inputs,
      metrics: run.metrics,
      environment: run.environment,
      modelDigest: (await experiments.training(run.id))?.modelDigest ?? null,
      artifacts: comparedKinds.flatMap((kind) => {
        const found = run.artifacts.find((artifact) => artifact.kind === kind)
        return found ? [{ kind, sha256: found.sha256 }] : []
      })
    }
  }
}

async function recordOf(context: WorkspaceContext, run: RunDetail): Promise<RecordedRun | null> {
  try {
    return await recordedRun(context, run.id)
  } catch (error) {
    if (error instanceof WorkbenchError && error.code === 'INVALID_INPUT') return null
    throw error
  }
}

async function tableOf(
  { directory }: WorkspaceContext,
  datasets: ExportSources['datasets'],
  sha256: Sha256,
  reference: string
): Promise<ReproductionRecord['tables'][number]> {
  const path = join(directory, 'data', `${sha256}.arrow`)
  const found = versionOf(datasets, reference)
  return {
    name: found?.name ?? reference.replace(/^dataset:|@.*$/g, ''),
    sha256,
    choices: found?.version.choices ?? {},
    source: found?.version.source ? { name: found.version.source.name, sha256: found.version.source.sha256 } : null,
    ...(existsSync(path) && {
      shape: { rows: (await inspectArrowFile(path)).rows, columns: arrowColumns(path).map(({ name, type }) => ({ name, type })) }
    })
  }
}

/** A dataset may have been removed since. */
function versionOf(datasets: ExportSources['datasets'], reference: string) {
  try {
    return datasets.get(reference)
  } catch (error) {
    if (error instanceof WorkbenchError && error.code === 'NOT_FOUND') return undefined
    throw error
  }
}
