import { existsSync } from 'node:fs'
import type { KeyChange } from '../../model/pipeline-run'
import { isIntact } from '../../storage/objects/digest-check'
import type { WorkspaceContext } from '../workspace/context'
import type { StepCommit } from './commit-step'
import { compareKeys, contentKey } from './content-key'
import { engineVersions, environmentKey } from './environment'
import type { AttemptId, HandedFile, Journal, ProducedFile, StepKey } from './journal'
import { nameProgramChanges } from './program-changes'
import { readProgram } from './read-program'
import { programOf } from './run-steps'
import { tooLarge } from './memory-promises'
import { inputsOf, type LiveInput, type LiveRun, type LiveStep, type RunSteps } from './live-run'
import { fixedFor } from './upstream'
import { pathOfOutput } from './workspace-files'
import type { PipelineRunId } from '../../model/reference'

/** How what an attempt made is found in the workspace now. */
type Found = 'intact' | 'gone' | 'changed'

/** Whether files are there and still have their bytes; one that was not touched since the last look is not read again. */
export async function findOutputs(context: WorkspaceContext, files: readonly ProducedFile[]): Promise<Found> {
  if (files.length === 0) return 'gone'
  const places = files.map((file) => ({ path: pathOfOutput(context, file), sha256: file.sha256 }))
  if (!places.every(({ path }) => existsSync(path))) return 'gone'
  return (await Promise.all(places.map(({ path, sha256 }) => isIntact(path, sha256)))).every(Boolean) ? 'intact' : 'changed'
}

/** Values, at this moment, of the environment variables that a step declares. */
export const declaredVariables = (live: LiveStep): Record<string, string | undefined> =>
  Object.fromEntries((live.definition.environment?.(live.parameters as never) ?? []).map((name) => [name, process.env[name]]))

const handedFile = ({ port, file: { sha256, reference }, from }: LiveInput): HandedFile => ({ port, sha256, reference, from })

function hitReason(live: LiveStep, named: Reusable | undefined): string {
  const what = named
    ? `Unchanged: the outputs of the run ${named.run.slice(0, 8)} were taken, as asked`
    : live.sameWork
      ? 'The same work was done at the same time: its outputs were taken'
      : 'Unchanged: the outputs of the earlier run were taken'
  return `${[what, ...(live.definition.unchecked?.(live.parameters as never, live.frozen) ?? [])].join('; ')}.`
}

/** The changes, with the packages and files by which the environment of a program is another than at the last success. */
async function withDetails(context: WorkspaceContext, live: LiveStep, earlier: string | null, changes: KeyChange[]): Promise<KeyChange[]> {
  if (!changes.some(({ part }) => part === 'fixed environment')) return changes
  const before = await readProgram(context, programOf(earlier))
  const after = await readProgram(context, live.definition.program?.(live.frozen))
  const detail = before && after ? nameProgramChanges(before, after) : ''
  return changes.map((change) => (detail && change.part === 'fixed environment' ? { ...change, detail } : change))
}

/** What a step of an earlier run made, and by which key. */
export interface Reusable {
  run: PipelineRunId
  source: AttemptId
  key: string | null
  parts: Record<string, string>
}

/** What the cache says of a step, before anything is written. */
export interface CacheAnswer extends StepKey {
  /** The attempt whose outputs the step gets; null when it has to run. */
  source: AttemptId | null
  files: ProducedFile[]
}

/**
 * Looks for an earlier attempt with the same content key whose outputs are all there, byte for byte; that of `reuse` before all others,
 * also where the step runs every time. Writes nothing.
 */
export async function askCache(
  { context, journal, memory, reuse }: { context: WorkspaceContext; journal: Journal; memory: number; reuse?: Reusable },
  run: RunSteps,
  live: LiveStep
): Promise<CacheAnswer> {
  const inputs = inputsOf(run, live)
  const { key, parts } = contentKey({
    type: live.definition.type,
    version: live.definition.version,
    parameters: live.parameters,
    frozen: fixedFor(context.ledger, live, inputs),
    inputs: Object.fromEntries(inputs.map(({ port, file }) => [port, file.sha256])),
    environment: environmentKey(live.definition.platformBound ?? false),
    engines: engineVersions,
    variables: declaredVariables(live)
  })
  const isNever = live.step.cache === 'never'
  const named = reuse?.key === key ? reuse : undefined
  const hit = named?.source ?? (isNever || run.force ? undefined : journal.cached(key))
  const files = hit ? journal.outputsOf(hit) : []
  const found = hit && (await findOutputs(context, files))
  const before = journal.lastSuccess(run.pipeline, live.step.id, run.id)
  const changes = before ? await withDetails(context, live, before.environment, compareKeys(before.keyParts, parts)) : []
  const reason =
    found === 'intact'
      ? hitReason(live, named)
      : isNever
        ? 'Runs every time, as the pipeline says.'
        : run.force
          ? 'Run again on request.'
          : found === 'gone'
            ? 'Its earlier outputs are no longer in the workspace.'
            : found === 'changed'
              ? 'Its earlier outputs were changed on the disk after they were written: they are made again.'
              : !before
                ? 'First run of this step.'
                : changes.length
                  ? `Changed: ${changes.map(({ part, detail }) => (detail ? `${part} (${detail})` : part)).join(', ')}.`
                  : 'Nothing changed, but no finished result was kept.'
  const isTaken = found === 'intact'
  const excess = isTaken ? null : tooLarge(live, memory)
  return {
    key,
    parts,
    reason: excess ? `${reason} ${excess}` : reason,
    changes,
    handed: inputs.map(handedFile),
    source: isTaken ? hit! : null,
    files: isTaken ? files : []
  }
}

/** Records key and reason of a step and, where the cache has them, its outputs; joins the caller's transaction. */
export function writeAnswer(
  journal: Journal,
  recalled: StepCommit['recalled'],
  run: Pick<LiveRun, 'id' | 'steps'>,
  live: LiveStep,
  answer: CacheAnswer
): void {
  const { source, files, ...key } = answer
  journal.stepKey(run.id, live.step.id, key)
  if (!source) return
  journal.stepSucceeded(run.id, live.step.id, source, true)
  recalled(run, live, files)
}
