import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { MetricPoint, OutputReference } from '../../model/pipeline-run'
import type { JobFailure, Progress } from '../../model/job'
import { assertDigest } from '../../storage/objects/digest-check'
import { createProgressMeter, failureOf } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import { defaultMemoryLimit, runAttempt, type AttemptResult } from './attempt'
import type { CommitContext, CommitInput, StepInput } from './define-step'
import { captureEnvironment } from './environment'
import type { AttemptId, Journal, ProducedFile, UsedFile } from './journal'
import { datasetsBehind } from './lineage'
import { inputsOf, PROGRAM_ENDS, type LiveRun, type LiveStep } from './live-run'
import { arePresent, declaredVariables } from './step-cache'
import type { StepCommits } from './step-commits'
import type { ReservedWorker, StepWorkers } from './step-workers'
import { outputsOfStep } from './validate-pipeline'
import { attemptDirectory, attemptLog, isTable, pathOfOutput, removeFolder, takeIn } from './workspace-files'

const MAX_JSON = 16 * 1024 * 1024
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

/** The attempt protocol (journal, spawn, record, write aside, take in, commit) over one workspace. */
export function createStepExecution(
  context: WorkspaceContext,
  journal: Journal,
  commits: StepCommits,
  workers: StepWorkers
): StepExecution {
  /** What was used, as references. */
  const usedBy = (run: LiveRun, live: LiveStep): UsedFile[] => [
    ...inputsOf(run, live).map(({ port, file }) => ({ port, sha256: file.sha256, reference: file.reference })),
    ...(live.definition.uses?.(live.parameters as never, live.frozen) ?? [])
  ]
  const readJson = async (file: OutputReference): Promise<unknown> => {
    if (isTable(file.type) || file.mediaType !== 'application/json' || file.size > MAX_JSON) return undefined
    try {
      return JSON.parse((await context.objects.read(file.sha256)).toString('utf8')) as unknown
    } catch (error) {
      if (error instanceof SyntaxError) return undefined
      throw error
    }
  }

  const takeInOutputs = async (live: LiveStep, directory: string, result: AttemptResult): Promise<ProducedFile[]> => {
    const files: ProducedFile[] = []
    for (const output of result.outputs) {
      const base = { port: output.port, type: output.type, rows: output.rows, mediaType: output.mediaType }
      for (const part of output.parts) {
        const stored = await takeIn(context, directory, { type: 'File', path: part.path, expected: part.sha256 })
        files.push({
          ...base,
          ...stored,
          type: 'File',
          rows: null,
          mediaType: 'application/octet-stream',
          part: part.name,
          reference: `file:${part.name}@sha256:${stored.sha256}`
        })
      }
      const stored = output.existing
        ? { sha256: output.existing, size: (await fs.stat(pathOfOutput(context, { type: output.type, sha256: output.existing }))).size }
        : await takeIn(context, directory, output)
      files.push({
        ...base,
        ...stored,
        part: '',
        reference: `${output.type.toLowerCase()}:${live.step.id}.${output.port}@sha256:${stored.sha256}`
      })
    }
    return files
  }

  /** What a commit hook is told about an attempt, however it ended. */
  const commitFacts = (
    run: LiveRun,
    live: LiveStep,
    id: AttemptId,
    about: { startedAt: string; peakMemory: number | null; environment: CommitContext['environment'] }
  ): Omit<CommitContext, 'outputs' | 'json' | 'inputJson'> => ({
    pipeline: run.pipeline,
    pipelineSha256: run.version,
    pipelineRun: run.id,
    stepId: live.step.id,
    stepTitle: live.step.title ?? live.definition.title,
    attempt: id.attempt,
    parameters: live.parameters,
    frozen: live.frozen,
    finishedAt: context.clock().toISOString(),
    startedAt: about.startedAt,
    environment: about.environment,
    peakMemory: about.peakMemory,
    inputs: inputsOf(run, live).map(({ port, file, from }): CommitInput => ({
      port,
      type: file.type,
      sha256: file.sha256,
      reference: file.reference,
      rows: file.rows,
      producedBy: { pipelineRun: from.source!.runId, stepId: from.source!.stepId, attempt: from.source!.attempt },
      datasets: datasetsBehind(context.ledger, from.source!)
    })),
    commits
  })

  const commit = async (
    run: LiveRun,
    live: LiveStep,
    id: AttemptId,
    files: ProducedFile[],
    about: { startedAt: string; peakMemory: number | null; exitCode: number | null; environment: CommitContext['environment'] }
  ): Promise<void> => {
    const inputs = inputsOf(run, live)
    const inputJson = Object.fromEntries(await Promise.all(inputs.map(async ({ port, file }) => [port, await readJson(file)] as const)))
    const json = Object.fromEntries(
      await Promise.all(files.filter((f) => f.part === '').map(async (f) => [f.port, await readJson(f)] as const))
    )
    const used = usedBy(run, live)
    context.ledger.transaction(() => {
      journal.attemptFinished(id, 'succeeded', about)
      journal.produced(id, files, used)
      const first = live.cacheKey && live.step.cache !== 'never' && !run.force ? journal.cached(live.cacheKey) : undefined
      const firstFiles = first ? journal.outputsOf(first) : []
      if (first && arePresent(context, firstFiles)) {
        // Another run finished the same work meanwhile: the first committed result stands, also for a step that is not deterministic.
        live.source = first
        live.outputs = firstFiles
      } else {
        live.source = id
        live.outputs = files
        if (live.cacheKey && live.step.cache !== 'never') journal.remember(live.cacheKey, id)
        live.definition.commit?.({
          ...commitFacts(run, live, id, about),
          outputs: files.filter((file) => file.part === ''),
          json,
          inputJson
        })
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
      let environment: CommitContext['environment'] = null
      const failed = (
        outcome: AttemptResult['outcome'],
        failure: AttemptResult['failure'],
        about: { peakMemory: number | null; exitCode: number | null }
      ) => {
        context.ledger.transaction(() => {
          journal.attemptFinished(id, outcome, { ...about, failure })
          if (outcome !== 'succeeded' && failure && run.cancel.signal.reason !== PROGRAM_ENDS)
            live.definition.commitFailure?.({ ...commitFacts(run, live, id, { startedAt, environment, ...about }), outcome, failure })
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
              size: (await fs.stat(pathOfOutput(context, output))).size
            }))
          )
          await commit(run, live, id, files, { startedAt, ...about, environment })
          return { outcome: 'succeeded', failure: null }
        }
        for (const { port, file, parts } of inputsOf(run, live))
          for (const used of [file, ...parts])
            await assertDigest(pathOfOutput(context, used), used.sha256, `The input "${port}" of "${live.step.id}" (${used.reference})`)
        await fs.mkdir(directory, { recursive: true })
        if (run.cancel.signal.aborted) return failed('cancelled', cancelled, about)
        const outputs = Object.entries(outputsOfStep({ parameters: live.parameters as never }, live.definition))
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
        const files = await takeInOutputs(live, directory, result)
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
