import type { Attempt, OutputReference, StepRun } from '../../model/pipeline-run'
import { ProgramSummary } from '../../model/program-environment'
import { decisionsOf, noProgress } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import type { HandedFile, StepPlace } from './journal'
import type { LiveRun } from './live-run'
import type { StepRunRow } from './tables'
import type { Sha256, PipelineRunId } from '../../model/reference'

type AttemptRow = Omit<Attempt, 'duration' | 'failure'> & { stepId: string; failure: string | null }
type ProducedRow = OutputReference & { runId: PipelineRunId; stepId: string; attempt: number }

/** Seconds between two times; null while one is missing. */
const secondsBetween = (start: string | null, end: string | null): number | null =>
  start && end ? Math.max(0, (Date.parse(end) - Date.parse(start)) / 1000) : null
/** A JSON column. */
export const parse = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T))

/** What a row tells beside its keys: all that a list of steps shows, and nothing of the long texts that it does not. */
export const SHOWN_STEP =
  "run_id, step_id, type, title, state, cached, reason, changes, cache_key, handed, started_at, finished_at, failure, source_run, source_step, source_attempt, frozen -> '$.environment' AS environment"
export type ShownStep = Omit<StepRunRow, 'position' | 'pipeline' | 'type_version' | 'parameters' | 'frozen' | 'key_parts'> & {
  /** What the step was frozen with as the environment of its program, JSON. */
  environment: string | null
}

/** The environment that a step was frozen with, from its JSON; undefined where it has none. */
export function programOf(text: string | null): ProgramSummary | undefined {
  return text === null ? undefined : ProgramSummary.safeParse(JSON.parse(text)).data
}

/** Reads the environments of steps, equal ones once. */
function createEnvironments(): (text: string | null) => Pick<StepRun, 'environment'> {
  const known = new Map<string, Pick<StepRun, 'environment'>>()
  return (text) => {
    if (text === null) return {}
    const earlier = known.get(text)
    if (earlier) return earlier
    const environment = programOf(text)
    const read = environment ? { environment } : {}
    known.set(text, read)
    return read
  }
}

/** Reads the steps of a run with their attempts, inputs and outputs, with what only this process knows laid over. */
export function createRunSteps({ ledger }: WorkspaceContext, live: (runId: PipelineRunId) => LiveRun | undefined) {
  const toStep = (
    row: ShownStep,
    attempts: Attempt[],
    outputs: OutputReference[],
    inputs: StepRun['inputs'],
    more: Pick<StepRun, 'environment' | 'gate'>
  ): StepRun => {
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
      ...more,
      failure: parse(row.failure) ?? active?.failure ?? null
    }
  }

  const placeOf = ({ run, step }: StepPlace): StepRun['inputs'][number]['madeBy'] => {
    const { pipeline } = ledger.get<{ pipeline: string }>('SELECT pipeline FROM pipeline_run WHERE id = ?', run)!
    return { pipeline, runId: run, stepId: step }
  }

  /** `rows` are all steps of one run, or one of them; `inputsOf` gives port and `step.output` of a step's connections. */
  return (rows: ShownStep[], runId: PipelineRunId, inputsOf: (stepId: string) => [string, string][]): StepRun[] => {
    const attempts = new Map<string, Attempt[]>()
    const one = rows.length === 1
    const values = one ? [runId, rows[0].step_id] : [runId]
    for (const { stepId, failure, confinement, ...attempt } of ledger.all<AttemptRow>(
      `SELECT step_id AS stepId, number, outcome, started_at AS startedAt, finished_at AS finishedAt, peak_memory AS peakMemory, exit_code AS exitCode, failure, environment ->> '$.confinement' AS confinement FROM attempt WHERE run_id = ? ${one ? 'AND step_id = ?' : ''} ORDER BY number`,
      ...values
    ))
      attempts.set(stepId, [
        ...(attempts.get(stepId) ?? []),
        {
          ...attempt,
          duration: secondsBetween(attempt.startedAt, attempt.finishedAt),
          failure: parse(failure),
          ...(confinement !== null && { confinement })
        }
      ])
    const outputs = new Map<string, OutputReference[]>()
    for (const { stepId, ...output } of ledger.all<ProducedRow>(
      `SELECT s.step_id AS stepId, p.port, p.type, p.sha256, p.size, p.row_count AS rows, p.media_type AS mediaType, p.run FROM step_run s
       JOIN produced p ON p.run_id = s.source_run AND p.step_id = s.source_step AND p.attempt = s.source_attempt
       WHERE s.run_id = ? ${one ? 'AND s.step_id = ?' : ''} AND p.part = '' ORDER BY p.rowid`,
      ...values
    ))
      outputs.set(stepId, [...(outputs.get(stepId) ?? []), output])
    const environmentOf = createEnvironments()
    const decisions = rows.some(({ type }) => type === 'gate') ? decisionsOf(ledger, runId, one ? rows[0].step_id : undefined) : new Map()
    return rows.map((row) => {
      const used = new Map(
        row.source_run === null
          ? []
          : ledger
              .all<{ port: string; sha256: Sha256 }>(
                'SELECT port, sha256 FROM used WHERE run_id = ? AND step_id = ? AND attempt = ?',
                row.source_run,
                row.source_step,
                row.source_attempt
              )
              .map((item) => [item.port, item.sha256])
      )
      const connected = inputsOf(row.step_id).map(([port, from]) => {
        const [stepId, output] = from.split('.')
        const sha256 = used.get(port) ?? outputs.get(stepId)?.find((item) => item.port === output)?.sha256 ?? null
        return { port, from, sha256, madeBy: null }
      })
      const given = (parse<HandedFile[]>(row.handed) ?? [])
        .filter(({ port }) => connected.every((input) => input.port !== port))
        .map(({ port, sha256, reference, from }) => ({ port, from: reference, sha256, madeBy: from && placeOf(from) }))
      return toStep(row, attempts.get(row.step_id) ?? [], outputs.get(row.step_id) ?? [], [...connected, ...given], {
        ...environmentOf(row.environment),
        ...(decisions.has(row.step_id) && { gate: decisions.get(row.step_id) })
      })
    })
  }
}
