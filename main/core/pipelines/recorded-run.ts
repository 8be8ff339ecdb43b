import { WorkbenchError } from '../../model/errors'
import type { ParameterValue } from '../../model/pipeline'
import type { PipelineRunId, RunId, Sha256 } from '../../model/reference'
import type { Ledger } from '../../storage/ledger/ledger'
import type { WorkspaceContext } from '../workspace/context'
import { placeOfRun } from './handed'
import type { StepPlace } from './journal-records'

/** What a run was made of: enough to do it again. */
export interface RecordedRun {
  /** The document as it was run. */
  text: string
  parameters: Record<string, ParameterValue>
  /** The step that judged the run, or where none did, that made it. */
  targetStep: string
  /** By step what it was frozen with. */
  frozen: ReadonlyMap<string, Record<string, unknown>>
  /** Tables that its sources gave, by step. */
  sources: { stepId: string; reference: string; sha256: Sha256 }[]
}

const judgeOf = (ledger: Ledger, run: RunId): StepPlace | undefined =>
  ledger.get<StepPlace>(
    "SELECT run_id AS run, step_id AS step FROM produced WHERE run = ? AND type = 'Evaluation' AND part = '' ORDER BY rowid DESC LIMIT 1",
    run
  )

/** @throws WorkbenchError INVALID_INPUT for a run that no pipeline of this workspace made */
export async function recordedRun({ ledger, objects }: Pick<WorkspaceContext, 'ledger' | 'objects'>, run: RunId): Promise<RecordedRun> {
  const place = judgeOf(ledger, run) ?? placeOfRun(ledger, run)
  if (!place)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'No pipeline of this workspace made this run, so there is no record to do it again from. Only runs of pipelines can be reproduced.'
    )
  const { version, parameters } = ledger.get<{ version: Sha256; parameters: string }>(
    'SELECT version, parameters FROM pipeline_run WHERE id = ?',
    place.run
  )!
  const steps = ledger.all<{ step_id: string; type: string; frozen: string }>(
    'SELECT step_id, type, frozen FROM step_run WHERE run_id = ?',
    place.run
  )
  const frozen = new Map(steps.map((step) => [step.step_id, JSON.parse(step.frozen) as Record<string, unknown>]))
  return {
    text: (await objects.read(version)).toString('utf8'),
    parameters: JSON.parse(parameters) as Record<string, ParameterValue>,
    targetStep: place.step,
    frozen,
    sources: steps.flatMap(({ step_id: stepId, type }) => {
      const { sha256, reference } = frozen.get(stepId) as { sha256?: Sha256; reference?: string }
      return type === 'source' && sha256 !== undefined && reference !== undefined ? [{ stepId, reference, sha256 }] : []
    })
  }
}

/** The run that a step of a pipeline run made or judged. */
export const runMadeBy = (ledger: Ledger, pipelineRun: PipelineRunId, step: string): RunId | undefined =>
  ledger.get<{ run: RunId }>(
    "SELECT run FROM produced WHERE run_id = ? AND step_id = ? AND run IS NOT NULL AND part = '' ORDER BY rowid DESC LIMIT 1",
    pipelineRun,
    step
  )?.run
