import { assertDigest } from '../../storage/objects/digest-check'
import type { WorkspaceContext } from '../workspace/context'
import type { AttemptProgress, createStepCommit } from './commit-step'
import type { AttemptId, Journal, ProducedFile, UsedFile } from './journal'
import { inputsOf, type LiveRun, type LiveStep } from './live-run'
import { arePresent } from './step-cache'
import { pathOfOutput } from './workspace-files'

/** The last step of the attempt protocol: what an attempt made, what it used and what it found, in one transaction. */
export function createAttemptCommit(context: WorkspaceContext, journal: Journal, steps: ReturnType<typeof createStepCommit>) {
  /** What was used, as references. */
  const usedBy = (run: LiveRun, live: LiveStep): UsedFile[] => [
    ...inputsOf(run, live).map(({ port, file }) => ({ port, sha256: file.sha256, reference: file.reference })),
    ...(live.definition.uses?.(live.parameters as never, live.frozen) ?? [])
  ]
  /** Throws DIGEST_MISMATCH when an input is no longer what was made. */
  const assertInputs = async (run: LiveRun, live: LiveStep): Promise<void> => {
    for (const { port, file, parts } of inputsOf(run, live))
      for (const used of [file, ...parts])
        await assertDigest(pathOfOutput(context, used), used.sha256, `The input "${port}" of "${live.step.id}" (${used.reference})`)
  }

  /** A live step that is committed has its outputs and their source. */
  const commit = async (
    run: LiveRun,
    live: LiveStep,
    id: AttemptId,
    files: ProducedFile[],
    about: AttemptProgress & { exitCode: number | null }
  ): Promise<void> => {
    // What is recorded now must be about the bytes as they are now.
    if (live.definition.admit) await assertInputs(run, live)
    const documents = await steps.documentsOf(run, live)
    const outputs = await steps.outputDocuments(live, files)
    const used = usedBy(run, live)
    context.ledger.transaction(() => {
      journal.attemptFinished(id, 'succeeded', about)
      const first = live.cacheKey && live.step.cache !== 'never' && !run.force ? journal.cached(live.cacheKey) : undefined
      const firstFiles = first ? journal.outputsOf(first) : []
      if (first && arePresent(context, firstFiles)) {
        // Another run finished the same work meanwhile: the first committed result stands, also for a step that is not deterministic.
        journal.produced(id, files, used)
        steps.recalled(run, live, firstFiles)
        live.source = first
        live.outputs = firstFiles
      } else {
        steps.admit(run, live, documents)
        const runOf = steps.succeeded(run, live, id, about, { documents, outputs, metrics: journal.lastMetrics(id) })
        live.source = id
        live.outputs = files.map((file) => ({ ...file, run: runOf(file.port) }))
        journal.produced(id, live.outputs, used)
        if (live.cacheKey && live.step.cache !== 'never') journal.remember(live.cacheKey, id)
      }
      journal.stepSucceeded(run.id, live.step.id, live.source, false)
    })
  }

  return { assertInputs, commit }
}
