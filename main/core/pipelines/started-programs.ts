import type { StartedPrograms } from '../../model/commands/pipelines'
import { WorkbenchError } from '../../model/errors'
import { commandWords, externalScorerSchema, SCORER_FILE } from '../../model/external-scorer'
import type { PipelineDocument } from '../../model/pipeline'
import { type Sha256 } from '../../model/reference'
import type { ContentStore } from '../../storage/objects/content-store'
import { sha256 } from '../../storage/objects/durable-files'
import type { LiveStep } from './live-run'
import type { RunPlan } from './prepare-run'
import { substituteParameters } from './substitute-parameters'

type Planned = Pick<LiveStep, 'step' | 'definition' | 'parameters' | 'frozen'>
type Program = StartedPrograms['programs'][number]

const scorersOf = ({ definition, frozen }: Pick<Planned, 'definition' | 'frozen'>): Sha256[] => definition.scorers?.(frozen) ?? []

/** Whether a step starts programs: by its type, or because a registered model that it is given is one. */
export const startsPrograms = (step: Pick<Planned, 'definition' | 'frozen'>): boolean =>
  step.definition.startsPrograms === true || scorersOf(step).length > 0

/**
 * The programs that a run starts. Their digest is over what the steps say with the texts that parameters put there, and over the bytes
 * of their code. A number or truth value of a parameter does not count: it can make no other program of it, and would ask at each trial.
 */
export async function startedPrograms(
  { name }: PipelineDocument,
  { steps, parameters }: RunPlan,
  objects: Pick<ContentStore, 'read'>
): Promise<StartedPrograms> {
  const texts = Object.fromEntries(Object.entries(parameters).filter(([, value]) => typeof value === 'string'))
  const starting = [...steps.values()].filter(startsPrograms)
  const said = starting.map((live) => [
    live.step.id,
    substituteParameters(live.step.parameters ?? {}, texts),
    live.frozen.code ?? {},
    ...scorersOf(live)
  ])
  const programs = await Promise.all(starting.map((live) => programsOfStep(live, objects)))
  return { pipeline: name, digest: sha256(JSON.stringify(said)), programs: programs.flat() }
}

async function programsOfStep(live: Planned, objects: Pick<ContentStore, 'read'>): Promise<Program[]> {
  const { step, definition, parameters, frozen } = live
  const scorers = await Promise.all(scorersOf(live).map((digest) => programOfScorer(step.id, digest, objects)))
  if (!definition.startsPrograms) return scorers
  const { command, ...others } = definition.recorded?.(parameters as never, frozen) ?? {}
  const files = Object.keys(others).flatMap((key) => /^(?:file|code) (.*)$/s.exec(key)?.[1] ?? [])
  return [{ stepId: step.id, command: String(command), files }, ...scorers]
}

/** What the scorer.json of a model starts; only its digest where it is not there or cannot be read, which its start will say. */
async function programOfScorer(stepId: string, digest: Sha256, objects: Pick<ContentStore, 'read'>): Promise<Program> {
  try {
    const { command, files } = externalScorerSchema.parse(JSON.parse((await objects.read(digest)).toString('utf8')))
    return { stepId, command: commandWords(command), files: files.map(({ path }) => path) }
  } catch {
    return { stepId, command: `${SCORER_FILE} ${digest.slice(0, 8)}`, files: [] }
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
