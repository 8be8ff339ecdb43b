import type { Ledger } from '../../storage/ledger/ledger'
import { type Evaluation } from '../../model/evaluation'
import { runMetricsOf } from '../../model/run-metrics'
import { taskOf, usualTask, type Task } from '../../model/tasks'
import type { RunArtifact, RunEnvironment, RunInput, RunMetric, RunStatus } from '../../model/run'
import type { WorkspaceContext } from '../workspace'
import { putJudgedRows } from './judged-rows'
import { experiment, run as runTable, runArtifact, runInput, runMetric, runParameter } from './tables'
import { RunId, type Sha256, type PipelineRunId, ExperimentId } from '../../model/reference'

/** What a training step hands over when it succeeded (or failed): everything a reviewer needs to repeat it. */
export interface TrainingRecord {
  experiment: string
  /** What runs of the experiment are ranked by, where this run is its first one. */
  primaryMetric?: string
  name: string
  status: Extract<RunStatus, 'finished' | 'failed' | 'cancelled'>
  algorithm: string
  parameters: Record<string, unknown>
  seed: number | null
  pipeline: string | null
  pipelineRun: PipelineRunId | null
  step: string | null
  codeSha256: Sha256 | null
  environment: RunEnvironment
  inputs: RunInput[]
  artifacts: RunArtifact[]
  /** Last values; with the ends of a 95% interval where there is one. */
  metrics?: Record<string, number | RunMetric>
  startedAt: string
  endedAt: string
  error: string | null
}

export interface EvaluationRecord {
  /** The run whose model was evaluated. */
  run: RunId
  evaluation: Evaluation
  artifact: RunArtifact
  /** The score of each judged row. */
  rowScores?: RunArtifact
  inputs: RunInput[]
  /** Another evaluation of this model is still to come, and the run is kept for that one. */
  isRunKept?: boolean
}

/** Writes runs; every call joins the caller's ledger transaction, so a succeeded step and its run commit together. */
export interface RunRecords {
  /** Returns the new run's id (32 hex). */
  training(record: TrainingRecord): RunId
  /** Adds an evaluation to a run and returns the run that has it. A second evaluation becomes a run of its own: results are never overwritten. */
  evaluation(record: EvaluationRecord): RunId
  /** Adds a document that belongs to the run's evidence, such as the quality report its gate looked at. */
  attach(run: RunId, artifact: RunArtifact): void
  /** The run of a training step, for outputs made before runs travelled with them. */
  ofStep(pipelineRun: PipelineRunId, step: string): RunId | null
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Nothing that a program logged stays under the name of a figure that is measured: one parameter of the run says what it was. */
function dropLogged(ledger: Ledger, run: RunId, { metrics }: Task, measured: Record<string, RunMetric>): void {
  // Only the step knows the memory of its training, and no evaluation tells it again.
  const names = new Set(metrics.map(({ key }) => key).filter((key) => key !== 'train_memory'))
  const logged = ledger
    .all<{ key: string; value: number | null }>('SELECT key, value FROM run_metric WHERE run_id = ? ORDER BY key', run)
    .filter(({ key, value }) => names.has(key) && measured[key]?.value !== value)
  if (logged.length === 0) return
  for (const { key } of logged) ledger.run('DELETE FROM run_metric WHERE run_id = ? AND key = ?', run, key)
  const value = logged.map((metric) => `${metric.key} ${metric.value ?? NaN}`).join(', ')
  ledger.insert(runParameter, { run_id: run, key: 'replacedFigures', value }, 'OR REPLACE')
}

export function createRunRecords(context: WorkspaceContext, actor: () => string): RunRecords {
  const { ledger, clock } = context
  const newRunId = (): RunId => RunId.parse(context.newId().replaceAll('-', ''))

  const experimentId = (name: string, metric = usualTask.primaryMetric as string): ExperimentId => {
    const found = ledger.get<{ id: ExperimentId }>('SELECT id FROM experiment WHERE name = ?', name)
    if (found) return found.id
    const { n } = ledger.get<{ n: number }>('SELECT coalesce(max(CAST(id AS INTEGER)), 0) + 1 AS n FROM experiment')!
    const id = ExperimentId.parse(String(n))
    ledger.insert(experiment, { id, name, question: '', primary_metric: metric, created_at: clock().toISOString() })
    return id
  }
  const putInputs = (run: RunId, inputs: readonly RunInput[]): void => {
    for (const { role, reference, name, sha256 } of inputs)
      ledger.insert(runInput, { run_id: run, role, reference, name, sha256 }, 'OR REPLACE')
  }
  const putArtifacts = (run: RunId, artifacts: readonly RunArtifact[]): void => {
    for (const { name, kind, sha256, size } of artifacts)
      ledger.insert(runArtifact, { run_id: run, name, kind, sha256, size }, 'OR REPLACE')
  }
  const putMetrics = (run: RunId, metrics: Record<string, RunMetric>): void => {
    for (const [key, { value, low, high }] of Object.entries(metrics))
      ledger.insert(runMetric, { run_id: run, key, value: Number.isNaN(value) ? null : value, low, high }, 'OR REPLACE')
  }
  const copyRun = (source: RunId): RunId => {
    const id = newRunId()
    ledger.run(
      `INSERT INTO run(id, experiment_id, name, status, algorithm, started_at, ended_at, pipeline, pipeline_run, train_step, seed,
         code_sha256, environment, note, error, created_by)
       SELECT ?, experiment_id, name || ' (evaluated again)', status, algorithm, ?, ended_at, pipeline, pipeline_run, train_step, seed,
         code_sha256, environment, note, error, ? FROM run WHERE id = ?`,
      id,
      clock().toISOString(),
      actor(),
      source
    )
    ledger.run('INSERT INTO run_parameter(run_id, key, value) SELECT ?, key, value FROM run_parameter WHERE run_id = ?', id, source)
    ledger.run(
      "INSERT INTO run_artifact(run_id, name, kind, sha256, size) SELECT ?, name, kind, sha256, size FROM run_artifact WHERE run_id = ? AND kind NOT IN ('evaluation', 'row-scores', 'explanation', 'contributions', 'dependence')",
      id,
      source
    )
    ledger.run(
      "INSERT INTO run_input(run_id, role, reference, name, sha256) SELECT ?, role, reference, name, sha256 FROM run_input WHERE run_id = ? AND role <> 'test'",
      id,
      source
    )
    return id
  }
  return {
    ofStep: (pipelineRun, step) =>
      ledger.get<{ id: RunId }>('SELECT id FROM run WHERE pipeline_run = ? AND train_step = ? ORDER BY rowid LIMIT 1', pipelineRun, step)
        ?.id ?? null,
    attach: (run, artifact) => putArtifacts(run, [artifact]),
    training: (r) =>
      ledger.transaction(() => {
        const id = newRunId()
        ledger.insert(runTable, {
          id,
          experiment_id: experimentId(r.experiment, r.primaryMetric),
          name: r.name,
          status: r.status,
          algorithm: r.algorithm,
          started_at: r.startedAt,
          ended_at: r.endedAt,
          pipeline: r.pipeline,
          pipeline_run: r.pipelineRun,
          train_step: r.step,
          seed: r.seed,
          code_sha256: r.codeSha256,
          environment: JSON.stringify(r.environment),
          note: '',
          error: r.error,
          created_by: actor()
        })
        for (const [key, value] of Object.entries(r.parameters)) ledger.insert(runParameter, { run_id: id, key, value: asText(value) })
        putInputs(id, r.inputs)
        putArtifacts(id, r.artifacts)
        const metrics = Object.entries(r.metrics ?? {})
        putMetrics(
          id,
          Object.fromEntries(metrics.map(([key, own]) => [key, typeof own === 'number' ? { value: own, low: null, high: null } : own]))
        )
        return id
      }),
    evaluation: ({ run: judged, evaluation, artifact, rowScores, inputs, isRunKept = false }) =>
      ledger.transaction(() => {
        let run = judged
        const before = ledger.get<{ sha256: Sha256 }>("SELECT sha256 FROM run_artifact WHERE run_id = ? AND kind = 'evaluation'", run)
        if (before ? before.sha256 !== artifact.sha256 : isRunKept) run = copyRun(run)
        putArtifacts(run, rowScores ? [artifact, rowScores] : [artifact])
        putInputs(run, inputs)
        const measured = runMetricsOf(evaluation)
        dropLogged(ledger, run, taskOf(evaluation), measured)
        putMetrics(run, measured)
        putJudgedRows(ledger, run, evaluation)
        return run
      })
  }
}
