import { qualityReportSchema } from '../../model/quality'
import type { RunReport } from '../../model/run-report'
import { parseNamed, type PipelineRunId, type Sha256 } from '../../model/reference'
import type { WorkspaceContext } from '../workspace/context'
import { datasetsBehind } from './lineage'

/** So many checks of runs are looked at, and so many of one dataset are told. */
const [LOOKED_AT, TOLD] = [500, 20]

interface MadeReport {
  runId: PipelineRunId
  stepId: string
  pipeline: string
  at: string
  sha256: Sha256
}

/** The quality reports that runs of pipelines made of tables from a dataset, newest first; also where a step took its report from the cache. */
export async function reportsOfRuns({ ledger, objects }: WorkspaceContext, dataset: string): Promise<RunReport[]> {
  const made = ledger.all<MadeReport>(
    `SELECT s.run_id AS runId, s.step_id AS stepId, s.pipeline, s.finished_at AS at, p.sha256 FROM step_run s
     JOIN produced p ON p.run_id = s.source_run AND p.step_id = s.source_step AND p.attempt = s.source_attempt
     WHERE s.type = 'quality-check' AND p.type = 'QualityReport' AND p.part = '' AND s.finished_at IS NOT NULL
     ORDER BY s.rowid DESC LIMIT ${LOOKED_AT}`
  )
  const found: RunReport[] = []
  for (const { sha256, ...report } of made) {
    const ref = datasetsBehind(ledger, { run: report.runId, step: report.stepId }).find(
      (each) => parseNamed('dataset', each)?.name === dataset
    )
    if (!ref) continue
    const kept = objects.has(sha256) ? qualityReportSchema.parse(JSON.parse((await objects.read(sha256)).toString('utf8'))) : null
    found.push({ ...report, dataset: ref, target: kept?.target?.column ?? null, counts: kept?.counts ?? null })
    if (found.length === TOLD) break
  }
  return found
}
