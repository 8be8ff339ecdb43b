import { existsSync } from 'node:fs'
import type { WorkspaceContext } from '../workspace/context'
import type { StepCommit } from './commit-step'
import { compareKeys, contentKey } from './content-key'
import { environmentKey } from './environment'
import type { HandedFile, Journal, ProducedFile } from './journal'
import { inputsOf, type LiveInput, type LiveRun, type LiveStep } from './live-run'
import { fixedFor } from './upstream'
import { pathOfOutput } from './workspace-files'

/** True when every file is there and there is at least one. */
export const arePresent = (context: WorkspaceContext, files: ProducedFile[]): boolean =>
  files.length > 0 && files.every((file) => existsSync(pathOfOutput(context, file)))

/** Values, at this moment, of the environment variables that a step declares. */
export const declaredVariables = (live: LiveStep): Record<string, string | undefined> =>
  Object.fromEntries((live.definition.environment?.(live.parameters as never) ?? []).map((name) => [name, process.env[name]]))

const handedFile = ({ port, file: { sha256, reference }, from }: LiveInput): HandedFile => ({ port, sha256, reference, from })

/**
 * Takes the outputs of an earlier attempt with the same content key over, if there is one, and records key and reason. False when the
 * step has to run.
 */
export function takeFromCache(
  { context, journal, recalled }: { context: WorkspaceContext; journal: Journal; recalled: StepCommit['recalled'] },
  run: LiveRun,
  live: LiveStep
): boolean {
  const inputs = inputsOf(run, live)
  const { key, parts } = contentKey({
    type: live.definition.type,
    version: live.definition.version,
    parameters: live.parameters,
    frozen: fixedFor(context.ledger, live, inputs),
    inputs: Object.fromEntries(inputs.map(({ port, file }) => [port, file.sha256])),
    environment: environmentKey(live.definition.platformBound ?? false),
    variables: declaredVariables(live)
  })
  live.cacheKey = key
  const isNever = live.step.cache === 'never'
  const hit = isNever || run.force ? undefined : journal.cached(key)
  const files = hit ? journal.outputsOf(hit) : []
  const taken = hit !== undefined && arePresent(context, files)
  const before = journal.lastSuccess(run.pipeline, live.step.id, run.id)
  const changes = before ? compareKeys(before.keyParts, parts) : []
  const reason = taken
    ? 'Unchanged: the outputs of the earlier run were taken.'
    : isNever
      ? 'Runs every time, as the pipeline says.'
      : run.force
        ? 'Run again on request.'
        : hit
          ? 'Its earlier outputs are no longer in the workspace.'
          : !before
            ? 'First run of this step.'
            : changes.length
              ? `Changed: ${changes.map((change) => change.part).join(', ')}.`
              : 'Nothing changed, but no finished result was kept.'
  context.ledger.transaction(() => {
    journal.stepKey(run.id, live.step.id, { key, parts, reason, changes, handed: inputs.map(handedFile) })
    if (!taken) return
    journal.stepSucceeded(run.id, live.step.id, hit, true)
    recalled(run, live, files)
  })
  if (!taken) return false
  live.source = hit
  live.outputs = files
  return true
}
