import { WorkbenchError } from '../../model/errors'
import type { PipelineRun, PipelineRunSummary, RunState, StepRun } from '../../model/pipeline-run'
import type { ProgramEnvironment, ProgramSummary } from '../../model/program-environment'
import type { WorkspaceContext } from '../workspace/context'
import { isFinished } from '../../model/job'
import { decisionOf } from '../jobs'
import type { Ledger } from '../../storage/ledger/ledger'
import type { LiveRun } from './live-run'
import { inTurns } from './pieces'
import { readPipeline } from './pipeline-document'
import { readProgram } from './read-program'
import { createRunSteps, parse, SHOWN_STEP, type ShownStep } from './run-steps'
import type { PipelineRunRow } from './tables'
import type { Sha256, PipelineRunId } from '../../model/reference'

export interface RunFilter {
  pipeline?: string
  states?: readonly RunState[]
  offset?: number
  limit?: number
}

/** Reads runs from the journal, with what only this process knows (progress, waiting) laid over. */
export interface RunViews {
  runs(filter: RunFilter): { runs: PipelineRunSummary[]; total: number }
  /** @throws WorkbenchError NOT_FOUND */
  summary(runId: PipelineRunId): PipelineRunSummary
  /** @throws WorkbenchError NOT_FOUND */
  run(runId: PipelineRunId): Promise<PipelineRun>
  /** @throws WorkbenchError NOT_FOUND */
  step(runId: PipelineRunId, stepId: string): StepRun
}

export function createRunViews(context: WorkspaceContext, live: (runId: PipelineRunId) => LiveRun | undefined): RunViews {
  const { ledger } = context
  const collectSteps = createRunSteps(context, live)
  const documents = new Map<string, PipelineRun['document']>()

  const toSummary = (row: PipelineRunRow): PipelineRunSummary => summaryOf(ledger, row, live(row.id))
  const runRow = (runId: PipelineRunId): PipelineRunRow => {
    const row = ledger.get<PipelineRunRow>('SELECT * FROM pipeline_run WHERE id = ?', runId)
    if (!row) throw new WorkbenchError('NOT_FOUND', `There is no pipeline run ${runId} in this workspace. Look at the list of runs.`)
    return row
  }
  const documentOf = async (version: Sha256): Promise<PipelineRun['document']> => {
    const known = documents.get(version)
    if (known) return known
    const { document } = await inTurns(readPipeline((await context.objects.read(version)).toString('utf8')))
    if (!document) throw new WorkbenchError('STORAGE_CORRUPT', `The frozen pipeline ${version} cannot be read by this version of Drydock.`)
    if (documents.size > 50) documents.clear()
    documents.set(version, document)
    return document
  }

  const environments = new Map<Sha256, ProgramEnvironment>()
  const environmentFor = async (summary: ProgramSummary): Promise<ProgramEnvironment | undefined> => {
    const known = environments.get(summary.sha256) ?? (await readProgram(context, summary))
    if (environments.size > 50) environments.clear()
    if (known) environments.set(summary.sha256, known)
    return known
  }

  return {
    runs({ pipeline, states, offset = 0, limit = 100 }) {
      const where: string[] = []
      const values: unknown[] = []
      if (pipeline !== undefined) {
        where.push('pipeline = ?')
        values.push(pipeline)
      }
      if (states) {
        where.push(`state IN (${states.map(() => '?').join(',') || 'NULL'})`)
        values.push(...states)
      }
      const condition = where.length ? `WHERE ${where.join(' AND ')}` : ''
      const total = ledger.get<{ n: number }>(`SELECT count(*) AS n FROM pipeline_run ${condition}`, ...values)!.n
      const rows = ledger.all<PipelineRunRow>(
        `SELECT * FROM pipeline_run ${condition} ORDER BY rowid DESC LIMIT ? OFFSET ?`,
        ...values,
        limit,
        offset
      )
      return { total, runs: rows.map(toSummary) }
    },
    summary: (runId) => toSummary(runRow(runId)),
    async run(runId) {
      const document = await documentOf(runRow(runId).version)
      // Read after the wait, so that summary and steps are of one moment.
      const row = runRow(runId)
      const inputs = new Map(document.steps.map((step) => [step.id, Object.entries(step.inputs ?? {})]))
      const rows = ledger.all<ShownStep>(`SELECT ${SHOWN_STEP} FROM step_run WHERE run_id = ? ORDER BY position`, runId)
      const steps = collectSteps(rows, runId, (stepId) => inputs.get(stepId) ?? [])
      const run = { ...toSummary(row), parameters: JSON.parse(row.parameters) as PipelineRun['parameters'], document, steps }
      const found = new Map(steps.flatMap(({ environment }) => (environment ? [[environment.sha256, environment] as const] : [])))
      const environments = await Promise.all([...found].map(async ([sha256, one]) => [sha256, await environmentFor(one)] as const))
      const known = environments.filter((entry): entry is [Sha256, ProgramEnvironment] => entry[1] !== undefined)
      return known.length ? { ...run, environments: Object.fromEntries(known) } : run
    },
    step(runId, stepId) {
      const row = ledger.get<ShownStep>(`SELECT ${SHOWN_STEP} FROM step_run WHERE run_id = ? AND step_id = ?`, runId, stepId)
      if (!row)
        throw new WorkbenchError(
          'NOT_FOUND',
          `There is no step "${stepId}" in the run ${runId}. It may not have been needed for the target; look at the run.`
        )
      const step = live(runId)?.steps.get(stepId)?.step ?? documents.get(runRow(runId).version)?.steps.find((item) => item.id === stepId)
      return collectSteps([row], runId, () => Object.entries(step?.inputs ?? {}))[0]
    }
  }
}

/** A run as lists have it, with how many of its steps are in which state. */
function summaryOf(ledger: Ledger, row: PipelineRunRow, active: LiveRun | undefined): PipelineRunSummary {
  const counts: Record<string, number> = {}
  let cachedSteps = 0
  for (const { state, cached, n } of ledger.all<{ state: string; cached: number; n: number }>(
    'SELECT state, cached, count(*) AS n FROM step_run WHERE run_id = ? GROUP BY 1, 2',
    row.id
  )) {
    counts[state] = (counts[state] ?? 0) + n
    if (cached) cachedSteps += n
  }
  const queued = [...(active?.steps.values() ?? [])].filter((step) => step.state === 'queued').length
  if (queued) Object.assign(counts, { queued, waiting: Math.max(0, (counts.waiting ?? 0) + (counts.queued ?? 0) - queued) })
  return {
    id: row.id,
    pipeline: row.pipeline,
    version: row.version,
    title: row.title,
    // A run that is over is shown so, even while its end cannot be written.
    state: active && isFinished(active.state) ? active.state : row.state,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    targetStep: row.target_step,
    counts,
    cachedSteps,
    ...decisionOf(ledger, row.id),
    failure: parse(row.failure) ?? active?.failure ?? null
  }
}
