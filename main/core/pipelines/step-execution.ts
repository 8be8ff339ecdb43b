import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { MetricPoint } from '../../model/pipeline-run'
import type { JobFailure, Progress } from '../../model/job'
import { assertDigest } from '../../storage/objects/digest-check'
import { createProgressMeter, failureOf } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import { defaultMemoryLimit, runAttempt, type AttemptResult } from './attempt'
import { createStepCommit, type AttemptProgress, type StepRecords } from './commit-step'
import type { OutputPort, StepInput } from './define-step'
import { captureEnvironment } from './environment'
import type { AttemptId, Journal, ProducedFile, UsedFile } from './journal'
import { inputsOf, PROGRAM_ENDS, type LiveRun, type LiveStep } from './live-run'
import { arePresent, declaredVariables } from './step-cache'
import type { ReservedWorker, StepWorkers } from './step-workers'
import { outputsOfStep } from './validate-pipeline'
import { takeInOutputs } from './take-in-outputs'
import { attemptDirectory, attemptLog, pathOfOutput, removeFolder } from './workspace-files'

const cancelled: JobFailure = { code: 'CANCELLED', message: 'The step was cancelled.' }

export interface ExecutionEvents {
  /** The worker took its order. */
  started(): void
  progress(progress: Progress): void
  metrics(points: MetricPoint[]): void
}
export interface StepExecution {
  /** One attempt, start to commit. The result says how it ended; on success the live step has its outputs. */
  attempt(run: LiveRun, live: LiveStep, events: ExecutionEvents): Promise<Pick<AttemptResult, 'outcome' | 'failure'>>
}

const declaredOutputs = (live: LiveStep): Record<string, OutputPort> =>
  outputsOfStep({ parameters: live.parameters as never }, live.definition)

/** The attempt protocol (journal, spawn, record, write aside, take in, commit) over one workspace. */
export function createStepExecution(
  context: WorkspaceContext,
  journal: Journal,
  records: StepRecords,
  workers: StepWorkers
): StepExecution {
  const steps = createStepCommit(context, records)
  /** What was used, as references. */
  const usedBy = (run: LiveRun, live: LiveStep): UsedFile[] => [
    ...inputsOf(run, live).map(({ port, file }) => ({ port, sha256: file.sha256, reference: file.reference })),
    ...(live.definition.uses?.(live.parameters as never, live.frozen) ?? [])
  ]
  const assertInputs = async (run: LiveRun, live: LiveStep): Promise<void> => {
    for (const { port, file, parts } of inputsOf(run, live))
      for (const used of [file, ...parts])
        await assertDigest(pathOfOutput(context, used), used.sha256, `The input "${port}" of "${live.step.id}" (${used.reference})`)
  }

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

  /** Step 1 of the protocol: the token is in the journal before the process has anything to do. */
  const startAttempt = (run: LiveRun, live: LiveStep, worker: ReservedWorker | undefined): AttemptId => {
    try {
      const attempt = journal.attemptStarted(run.id, live.step.id, worker?.token ?? context.newId())
      return { runId: run.id, stepId: live.step.id, attempt }
    } catch (error) {
      worker?.release()
      throw error
    }
  }

  return {
    async attempt(run, live, events) {
      const startedAt = context.clock().toISOString()
      const worker = live.definition.inline ? undefined : workers.reserve()
      const id = startAttempt(run, live, worker)
      const directory = attemptDirectory(context.directory, run.id, live.step.id, id.attempt)
      const meter = createProgressMeter()
      let environment: AttemptProgress['environment'] = null
      const failed = (
        outcome: AttemptResult['outcome'],
        failure: AttemptResult['failure'],
        about: { peakMemory: number | null; exitCode: number | null }
      ) => {
        context.ledger.transaction(() => {
          journal.attemptFinished(id, outcome, { ...about, failure })
          if (outcome !== 'succeeded' && failure && run.cancel.signal.reason !== PROGRAM_ENDS)
            steps.failed(
              run,
              live,
              id,
              { startedAt, environment, ...about },
              { outcome, failure },
              { declared: declaredOutputs(live), metrics: journal.lastMetrics(id) }
            )
        })
        return { outcome, failure }
      }
      let about = { peakMemory: null as number | null, exitCode: null as number | null }
      try {
        if (!worker) {
          environment = captureEnvironment()
          journal.attemptEnvironment(id, environment)
          const files = await Promise.all(
            live.definition.inline!(live.parameters as never, live.frozen).map(async (output): Promise<ProducedFile> => ({
              ...output,
              part: '',
              run: null,
              size: (await fs.stat(pathOfOutput(context, output))).size
            }))
          )
          await commit(run, live, id, files, { startedAt, ...about, environment })
          return { outcome: 'succeeded', failure: null }
        }
        await assertInputs(run, live)
        if (live.definition.admit) steps.admit(run, live, await steps.documentsOf(run, live))
        await fs.mkdir(directory, { recursive: true })
        if (run.cancel.signal.aborted) return failed('cancelled', cancelled, about)
        const outputs = Object.entries(declaredOutputs(live))
        const result = await runAttempt({
          worker,
          signal: run.cancel.signal,
          timeout: live.step.timeout,
          order: {
            kind: 'run',
            stepType: live.definition.type,
            stepId: live.step.id,
            parameters: live.parameters,
            frozen: live.frozen,
            seed: typeof live.parameters.seed === 'number' ? live.parameters.seed : 0,
            inputs: Object.fromEntries(
              inputsOf(run, live).map(({ port, file, parts }): [string, StepInput] => [
                port,
                {
                  type: file.type,
                  path: pathOfOutput(context, file),
                  sha256: file.sha256,
                  rows: file.rows,
                  files: Object.fromEntries(parts.map((part) => [part.part, pathOfOutput(context, part)]))
                }
              ])
            ),
            outputs: Object.fromEntries(outputs.map(([port, output]) => [port, { type: output.type, optional: output.optional ?? false }])),
            directory,
            dataDirectory: join(context.directory, 'data'),
            objectsDirectory: join(context.directory, 'objects'),
            logFile: attemptLog(context.directory, run.id, live.step.id, id.attempt),
            memoryLimitBytes: live.step.memory ? live.step.memory * 2 ** 20 : defaultMemoryLimit(),
            environment: declaredVariables(live)
          },
          onSpawned: (process) => journal.attemptSpawned(id, process),
          onEnvironment: (captured) => {
            environment = captured
            journal.attemptEnvironment(id, captured)
            events.started()
          },
          onProgress: (fraction, message) => events.progress(meter(fraction, message)),
          onMetrics: (points) => {
            journal.metrics(id, points)
            events.metrics(points)
          }
        })
        about = { peakMemory: result.peakMemory, exitCode: result.exitCode }
        if (result.outcome !== 'succeeded') return failed(result.outcome, result.failure, about)
        const files = await takeInOutputs(context, live.step.id, directory, result)
        if (run.cancel.signal.aborted) return failed('cancelled', cancelled, about)
        await commit(run, live, id, files, { startedAt, ...about, environment })
        return { outcome: 'succeeded', failure: null }
      } catch (error) {
        context.log('error', `Attempt of "${live.step.id}" failed`, { stack: error instanceof Error ? error.stack : String(error) })
        return failed('failed', failureOf(error, `running the step "${live.step.id}"`), about)
      } finally {
        worker?.release()
        if (!(await removeFolder(directory))) context.log('warn', 'Files of an attempt could not be removed', { directory })
      }
    }
  }
}
