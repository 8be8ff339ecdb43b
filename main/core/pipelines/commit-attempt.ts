import { assertDigest } from '../../storage/objects/digest-check'
import type { WorkspaceContext } from '../workspace/context'
import type { AttemptProgress, createStepCommit } from './commit-step'
import type { AttemptId, Journal, ProducedFile, UsedFile } from './journal'
import { inputsOf, type LiveRun, type LiveStep } from './live-run'
import { findOutputs } from './step-cache'
import { pathOfOutput } from './workspace-files'

/** The result of the same work that was committed before, and whether its files still have their bytes. */
interface FirstResult {
  source: AttemptId
  files: ProducedFile[]
  isWhole: boolean
}
const isSameAttempt = (one: AttemptId | undefined, other: AttemptId | undefined): boolean =>
  one?.runId === other?.runId && one?.stepId === other?.stepId && one?.attempt === other?.attempt

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

  const cachedFor = (run: LiveRun, live: LiveStep): AttemptId | undefined =>
    live.cacheKey && live.step.cache !== 'never' && !run.force ? journal.cached(live.cacheKey) : undefined
  const firstResult = async (run: LiveRun, live: LiveStep): Promise<FirstResult | undefined> => {
    const source = cachedFor(run, live)
    if (!source) return undefined
    const files = journal.outputsOf(source)
    return { source, files, isWhole: (await findOutputs(context, files)) === 'intact' }
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
    const write = (first: FirstResult | undefined): void => {
      journal.attemptFinished(id, 'succeeded', about)
      if (first?.isWhole) {
        // Another run finished the same work meanwhile: the first committed result stands, also for a step that is not deterministic.
        journal.produced(id, files, used)
        steps.recalled(run, live, first.files)
        live.source = first.source
        live.outputs = first.files
      } else {
        steps.admit(run, live, documents)
        const runOf = steps.succeeded(run, live, id, about, { documents, outputs, metrics: journal.lastMetrics(id) })
        live.source = id
        live.outputs = files.map((file) => ({ ...file, run: runOf(file.port) }))
        journal.produced(id, live.outputs, used)
        if (live.cacheKey && live.step.cache !== 'never' && !live.isVolatile) journal.remember(live.cacheKey, id)
      }
      journal.stepSucceeded(run.id, live.step.id, live.source, false)
    }
    for (let isWritten = false; !isWritten;) {
      const first = await firstResult(run, live)
      isWritten = context.ledger.transaction(() => {
        // Its files were read meanwhile, and somebody else may have committed.
        if (!isSameAttempt(cachedFor(run, live), first?.source)) return false
        write(first)
        return true
      })
    }
  }

  return { assertInputs, commit }
}
