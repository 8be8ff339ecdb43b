import { WorkbenchError } from '../../model/errors'
import { modelManifest, modelOf } from '../../model/model-manifest'
import type { RunId, Sha256 } from '../../model/reference'
import type { WorkspaceContext } from '../workspace/context'
import { handedTo, placeOfRun } from './handed'
import type { StepPlace } from './journal-records'
import { givenBy, type GivenInput } from './run-evidence'

/** A registered version that a step names. */
export interface RegisteredVersion {
  name: string
  version: number
  run: RunId
  /** Of its model.onnx. */
  modelSha256: Sha256
  /** From which score on its evaluation decides for the event; null where it decides nothing. */
  decidesFrom: number | null
}

/** The same with its files, as the step that made them left them: a version that is named later under this name is another. */
export interface NamedModel extends RegisteredVersion {
  model: GivenInput
}

type Found = StepPlace & { sha256: Sha256 }

/**
 * The files of a registered version, from the step that made its model.
 * @throws WorkbenchError INVALID_INPUT where no step of this workspace made it, DIGEST_MISMATCH where what the step left is another model
 */
export async function namedModel(context: WorkspaceContext, version: RegisteredVersion): Promise<NamedModel> {
  const label = `${version.name}@${version.version}`
  const found = modelOfRun(context, version.run)
  if (!found)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `No step of this workspace made the model of ${label}, so a pipeline cannot use it. Score a file with it instead: drydock score.`
    )
  const manifest = modelManifest.parse(JSON.parse((await context.objects.read(found.sha256)).toString('utf8')))
  if (modelOf(manifest) !== version.modelSha256)
    throw new WorkbenchError(
      'DIGEST_MISMATCH',
      `The model that is registered as ${label} is another than the step "${found.step}" left. Restore the workspace from a backup, or register the model again.`
    )
  return { ...version, model: givenBy(context, found, found.sha256) }
}

/** The step that made the model of a run: the one that its evaluation was handed it by, else the one that recorded the run. */
function modelOfRun({ ledger }: WorkspaceContext, run: RunId): Found | undefined {
  const evaluated = ledger.get<StepPlace>(
    "SELECT run_id AS run, step_id AS step FROM produced WHERE run = ? AND type = 'Evaluation' AND part = '' ORDER BY rowid LIMIT 1",
    run
  )
  const handed = evaluated && handedTo(ledger, evaluated).find(({ port }) => port === 'model')
  if (handed?.from) return { ...handed.from, sha256: handed.sha256 }
  const place = placeOfRun(ledger, run)
  const made =
    place &&
    ledger.get<{ sha256: Sha256 }>(
      `SELECT p.sha256 FROM produced p JOIN step_run s ON s.source_run = p.run_id AND s.source_step = p.step_id AND s.source_attempt = p.attempt
       WHERE s.run_id = ? AND s.step_id = ? AND p.type = 'Model' AND p.part = '' ORDER BY p.rowid LIMIT 1`,
      place.run,
      place.step
    )
  return place && made ? { ...place, sha256: made.sha256 } : undefined
}
