import { WorkbenchError } from '../../model/errors'
import type { Attempt, OutputReference, PipelineRun, PipelineRunSummary, RunState, StepRun } from '../../model/pipeline-run'
import type { WorkspaceContext } from '../workspace/context'
import { isFinished } from '../../model/job'
import { noProgress } from '../jobs'
import type { LiveRun } from './live-run'
import { parsePipeline } from './pipeline-document'
import type { PipelineRunRow, StepRunRow } from './tables'

type AttemptRow = Omit<Attempt, 'duration' | 'failure'> & { stepId: string; failure: string | null }
type ProducedRow = OutputReference & { runId: string; stepId: string; attempt: number }

/** Seconds between two times; null while one is missing. */
export const secondsBetween = (start: string | null, end: string | null): number | null =>
  start && end ? Math.max(0, (Date.parse(end) - Date.parse(start)) / 1000) : null
const parse = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T))

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
  summary(runId: string): PipelineRunSummary
  /** @throws WorkbenchError NOT_FOUND */
  run(runId: string): Promise<PipelineRun>
  /** @throws WorkbenchError NOT_FOUND */
  step(runId: string, stepId: string): StepRun
}

export function createRunViews(context: WorkspaceContext, live: (runId: string) => LiveRun | undefined): RunViews {
  const { ledger } = context
  const documents = new Map<string, PipelineRun['document']>()

  const toSummary = (row: PipelineRunRow): PipelineRunSummary => {
    const counts: Record<string, number> = {}
    let cachedSteps = 0
    for (const { state, cached, n } of ledger.all<{ state: string; cached: number; n: number }>(
      'SELECT state, cached, count(*) AS n FROM step_run WHERE run_id = ? GROUP BY 1, 2',
      row.id
    )) {
      counts[state] = (counts[state] ?? 0) + n
      if (cached) cachedSteps += n
    }
    const active = live(row.id)
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
      failure: parse(row.failure) ?? active?.failure ?? null
    }
  }
  const runRow = (runId: string): PipelineRunRow => {
    const row = ledger.get<PipelineRunRow>('SELECT * FROM pipeline_run WHERE id = ?', runId)
    if (!row) throw new WorkbenchError('NOT_FOUND', `There is no pipeline run ${runId} in this workspace. Look at the list of runs.`)
    return row
  }
  const documentOf = async (version: string): Promise<PipelineRun['document']> => {
    const known = documents.get(version)
    if (known) return known
    const { document } = parsePipeline((await context.objects.read(version)).toString('utf8'))
    if (!document) throw new WorkbenchError('STORAGE_CORRUPT', `The frozen pipeline ${version} cannot be read by this version of Drydock.`)
    if (documents.size > 50) documents.clear()
    documents.set(version, document)
    return document
  }

  const toStep = (row: StepRunRow, attempts: Attempt[], outputs: OutputReference[], inputs: StepRun['inputs']): StepRun => {
    const active = live(row.run_id)?.steps.get(row.step_id)
    return {
      stepId: row.step_id,
      type: row.type,
      title: row.title,
      state: active?.state ?? row.state,
      cached: row.cached === 1,
      reason: row.reason,
      changes: JSON.parse(row.changes) as StepRun['changes'],
      cacheKey: row.cache_key,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      duration: secondsBetween(row.started_at, row.finished_at),
      progress: active?.progress ?? { ...noProgress, fraction: row.state === 'succeeded' ? 1 : null },
      waitingFor: active?.waitingFor ?? null,
      attempts,
      inputs,
      outputs,
      failure: parse(row.failure) ?? active?.failure ?? null
    }
  }

  const collectSteps = (rows: StepRunRow[], runId: string, inputsOf: (stepId: string) => [string, string][]): StepRun[] => {
    const attempts = new Map<string, Attempt[]>()
    const one = rows.length === 1
    const values = one ? [runId, rows[0].step_id] : [runId]
    for (const { stepId, failure, ...attempt } of ledger.all<AttemptRow>(
      `SELECT step_id AS stepId, number, outcome, started_at AS startedAt, finished_at AS finishedAt, peak_memory AS peakMemory, exit_code AS exitCode, failure FROM attempt WHERE run_id = ? ${one ? 'AND step_id = ?' : ''} ORDER BY number`,
      ...values
    ))
      attempts.set(stepId, [
        ...(attempts.get(stepId) ?? []),
        { ...attempt, duration: secondsBetween(attempt.startedAt, attempt.finishedAt), failure: parse(failure) }
      ])
    const outputs = new Map<string, OutputReference[]>()
    for (const { stepId, ...output } of ledger.all<ProducedRow>(
      `SELECT s.step_id AS stepId, p.port, p.type, p.sha256, p.size, p.row_count AS rows, p.media_type AS mediaType FROM step_run s
       JOIN produced p ON p.run_id = s.source_run AND p.step_id = s.source_step AND p.attempt = s.source_attempt
       WHERE s.run_id = ? ${one ? 'AND s.step_id = ?' : ''} AND p.part = '' ORDER BY p.rowid`,
      ...values
    ))
      outputs.set(stepId, [...(outputs.get(stepId) ?? []), output])
    return rows.map((row) => {
      const used = new Map(
        row.source_run === null
          ? []
          : ledger
              .all<{ port: string; sha256: string }>(
                'SELECT port, sha256 FROM used WHERE run_id = ? AND step_id = ? AND attempt = ?',
                row.source_run,
                row.source_step,
                row.source_attempt
              )
              .map((item) => [item.port, item.sha256])
      )
      const inputs = inputsOf(row.step_id).map(([port, from]) => {
        const [stepId, output] = from.split('.')
        return { port, from, sha256: used.get(port) ?? outputs.get(stepId)?.find((item) => item.port === output)?.sha256 ?? null }
      })
      return toStep(row, attempts.get(row.step_id) ?? [], outputs.get(row.step_id) ?? [], inputs)
    })
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
      const rows = ledger.all<StepRunRow>('SELECT * FROM step_run WHERE run_id = ? ORDER BY position', runId)
      return {
        ...toSummary(row),
        parameters: JSON.parse(row.parameters) as PipelineRun['parameters'],
        document,
        steps: collectSteps(rows, runId, (stepId) => inputs.get(stepId) ?? [])
      }
    },
    step(runId, stepId) {
      const row = ledger.get<StepRunRow>('SELECT * FROM step_run WHERE run_id = ? AND step_id = ?', runId, stepId)
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
