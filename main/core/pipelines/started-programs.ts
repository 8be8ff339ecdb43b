import type { StartedPrograms } from '../../model/commands/pipelines'
import { WorkbenchError } from '../../model/errors'
import type { PipelineDocument } from '../../model/pipeline'
import { type Sha256 } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'
import type { RunPlan } from './prepare-run'
import { substituteParameters } from './substitute-parameters'

/**
 * The programs that a run starts. Their digest is over what the steps say with the texts that parameters put there, and over the bytes
 * of their code. A number or truth value of a parameter does not count: it can make no other program of it, and would ask at each trial.
 */
export function startedPrograms({ name }: PipelineDocument, { steps, parameters }: RunPlan): StartedPrograms {
  const texts = Object.fromEntries(Object.entries(parameters).filter(([, value]) => typeof value === 'string'))
  const starting = [...steps.values()].filter(({ definition }) => definition.startsPrograms)
  const said = starting.map(({ step, frozen }) => [step.id, substituteParameters(step.parameters ?? {}, texts), frozen.code ?? {}])
  return {
    pipeline: name,
    digest: sha256(JSON.stringify(said)),
    programs: starting.map(({ step, definition, parameters: values, frozen }) => {
      const { command, ...others } = definition.recorded?.(values as never, frozen) ?? {}
      return {
        stepId: step.id,
        command: String(command),
        files: Object.keys(others).flatMap((key) => /^(?:file|code) (.*)$/s.exec(key)?.[1] ?? [])
      }
    })
  }
}

/** Throws CONFLICT when a run would start other programs than those that were allowed. */
export function assertSamePrograms(found: StartedPrograms, allowed: Sha256 | undefined): void {
  if (allowed === undefined || allowed === found.digest) return
  throw new WorkbenchError(
    'CONFLICT',
    'The programs that this pipeline starts have changed since they were looked at. Nothing was started. Look at them, and start it again.',
    { details: { digest: found.digest } }
  )
}
