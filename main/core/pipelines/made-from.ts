import type { Sha256, PipelineRunId } from '../../model/reference'
import type { WorkspaceContext } from '../workspace/context'
import { handedTo } from './handed'
import type { StepPlace } from './journal-records'
import { modelManifest, modelOf } from '../../model/model-manifest'

/** Which steps are asked for: those that have an output with these bytes, or those of one type in a pipeline run. */
export type Makers = { sha256: Sha256; type: 'evaluate' } | { pipelineRun: PipelineRunId; type: 'gate' }

/** What a step was handed, by port and digest, and the model among it, by its own. */
export interface MadeFrom {
  ports: Readonly<Record<string, Sha256>>
  model: Sha256 | null
}

/** What steps were handed, as the journal knows it: for documents of earlier programs, which do not say what they are about. */
export async function madeFrom({ ledger, objects }: WorkspaceContext, makers: Makers): Promise<MadeFrom[]> {
  const places =
    'sha256' in makers
      ? ledger.all<StepPlace>(
          `SELECT s.run_id AS run, s.step_id AS step FROM produced p
           JOIN step_run s ON s.source_run = p.run_id AND s.source_step = p.step_id AND s.source_attempt = p.attempt
           WHERE p.sha256 = ? AND s.type = ?`,
          makers.sha256,
          makers.type
        )
      : ledger.all<StepPlace>(
          'SELECT run_id AS run, step_id AS step FROM step_run WHERE run_id = ? AND type = ?',
          makers.pipelineRun,
          makers.type
        )
  return Promise.all(
    places.map(async (place) => {
      const ports = Object.fromEntries(handedTo(ledger, place).map(({ port, sha256 }) => [port, sha256]))
      return {
        ports,
        model: ports.model ? (modelOf(modelManifest.parse(JSON.parse((await objects.read(ports.model)).toString('utf8')))) ?? null) : null
      }
    })
  )
}
