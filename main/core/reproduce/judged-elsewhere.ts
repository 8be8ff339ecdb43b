import { WorkbenchError } from '../../model/errors'
import type { RecordedRun } from '../pipelines'

/**
 * A run that a pipeline only judged, by the name of a registered version, cannot be done again: what made the model stands in the record of that
 * version, and its bundle or workspace holds it.
 * @throws WorkbenchError INVALID_INPUT, naming the version that can be reproduced
 */
export function assertMadeByRecord({ frozen, targetStep }: Pick<RecordedRun, 'frozen' | 'targetStep'>): void {
  const { registered } = (frozen.get(targetStep) ?? {}) as { registered?: { name?: unknown; version?: unknown } }
  if (typeof registered?.name !== 'string' || typeof registered.version !== 'number') return
  const version = `${registered.name}@${registered.version}`
  throw new WorkbenchError(
    'INVALID_INPUT',
    `This run only judged the registered model ${version}, which another run made, so its record does not hold how to make it. Nothing was run. Reproduce ${version} instead, in its workspace with -w DIR or from a bundle of it, and judge it again with "drydock model evaluate".`,
    { details: { model: version } }
  )
}
