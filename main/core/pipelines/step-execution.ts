import { existsSync, promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { KeyChange, MetricPoint, OutputReference } from '../../model/pipeline-run'
import type { Progress } from '../../model/job'
import { WorkbenchError } from '../../model/errors'
import { assertDigest } from '../../storage/objects/digest-check'
import { createProgressMeter, failureOf } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import { defaultMemoryLimit, runAttempt, type AttemptResult } from './attempt'
import { compareKeys, contentKey } from './content-key'
import type { CommitContext, CommitInput, StepInput } from './define-step'
import { captureEnvironment, environmentKey } from './environment'
import type { AttemptId, Journal, ProducedFile, UsedFile } from './journal'
import { datasetsBehind } from './lineage'
import type { LiveRun, LiveStep } from './live-run'
import type { StepCommits } from './step-commits'
import { outputsOfStep } from './validate-pipeline'
import { attemptDirectory, attemptLog, isTable, pathOfOutput, takeIn } from './workspace-files'

const MAX_JSON = 16 * 1024 * 1024

export interface ExecutionEvents {
  environment(): void
  progress(progress: Progress): void
  metrics(points: MetricPoint[]): void
}
export interface StepExecution {
  /** Takes the outputs of an earlier attempt with the same content key over. False when the step has to run. */
  takeFromCache(run: LiveRun, live: LiveStep): boolean
  /** One attempt, start to commit. The result says how it ended; on success the live step has its outputs. */
  attempt(run: LiveRun, live: LiveStep, events: ExecutionEvents): Promise<Pick<AttemptResult, 'outcome' | 'failure'>>
}

/** The attempt protocol (journal, spawn, record, write aside, take in, commit) over one workspace. */
export function createStepExecution(context: WorkspaceContext, journal: Journal, commits: StepCommits): StepExecution {
  const inputsOf = (run: LiveRun, live: LiveStep): { port: string; file: ProducedFile; from: LiveStep; parts: ProducedFile[] }[] =>
    Object.entries(live.step.inputs ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([port, reference]) => {
        const [stepId, output] = reference.split('.')
        const from = run.steps.get(stepId)!
        const file = from.outputs.find((item) => item.port === output && item.part === '')
        if (!file)
          throw new WorkbenchError(
            'JOB_FAILED',
            `"${live.step.id}" needs "${reference}", but "${stepId}" made no such output this time. Change the parameters of "${stepId}" or disconnect it.`
          )
        return { port, file, from, parts: from.outputs.filter((item) => item.port === output && item.part !== '') }
      })

  const keyOf = (run: LiveRun, live: LiveStep): { key: string; parts: Record<string, string> } => {
    const variables = live.definition.environment?.(live.parameters as never) ?? []
    return contentKey({
      type: live.definition.type,
      version: live.definition.version,
      parameters: live.parameters,
      frozen: live.frozen,
      inputs: Object.fromEntries(inputsOf(run, live).map(({ port, file }) => [port, file.sha256])),
      environment: environmentKey(live.definition.platformBound ?? false),
      variables: Object.fromEntries(variables.map((name) => [name, process.env[name]]))
    })
  }
  const arePresent = (files: ProducedFile[]): boolean => files.length > 0 && files.every((file) => existsSync(pathOfOutput(context, file)))

  /** Steps 5 and 6 share this: what was used, as references. */
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

  const takeInOutputs = async (live: LiveStep, result: AttemptResult): Promise<ProducedFile[]> => {
    const files: ProducedFile[] = []
    for (const output of result.outputs) {
      const base = { port: output.port, type: output.type, rows: output.rows, mediaType: output.mediaType }
      for (const part of output.parts) {
        const stored = await takeIn(context, { type: 'File', path: part.path, expected: part.sha256 })
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
        : await takeIn(context, output)
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
      if (first && arePresent(firstFiles)) {
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

  return {
    takeFromCache(run, live) {
      const { key, parts } = keyOf(run, live)
      live.cacheKey = key
      const hit = live.step.cache === 'never' || run.force ? undefined : journal.cached(key)
      const files = hit ? journal.outputsOf(hit) : []
      const isPresent = arePresent(files)
      const before = journal.lastSuccess(run.pipeline, live.step.id, run.id)
      const changes: KeyChange[] = before ? compareKeys(before.keyParts, parts) : []
      const taken = hit !== undefined && isPresent
      const reason = taken
        ? 'Unchanged: the outputs of the earlier run were taken.'
        : live.step.cache === 'never'
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
        journal.stepKey(run.id, live.step.id, { key, parts, reason, changes })
        if (taken) journal.stepSucceeded(run.id, live.step.id, hit, true)
      })
      if (!taken) return false
      live.source = hit
      live.outputs = files
      return true
    },

    async attempt(run, live, events) {
      const token = context.newId()
      const startedAt = context.clock().toISOString()
      const id: AttemptId = { runId: run.id, stepId: live.step.id, attempt: journal.attemptStarted(run.id, live.step.id, token) }
      const directory = attemptDirectory(context.directory, run.id, live.step.id, id.attempt)
      const meter = createProgressMeter(() => Date.now())
      let environment: CommitContext['environment'] = null
      const failed = (
        outcome: AttemptResult['outcome'],
        failure: AttemptResult['failure'],
        about: { peakMemory: number | null; exitCode: number | null }
      ) => {
        context.ledger.transaction(() => {
          journal.attemptFinished(id, outcome, { ...about, failure })
          if (outcome !== 'succeeded' && failure)
            live.definition.commitFailure?.({ ...commitFacts(run, live, id, { startedAt, environment, ...about }), outcome, failure })
        })
        return { outcome, failure }
      }
      let about = { peakMemory: null as number | null, exitCode: null as number | null }
      try {
        if (live.definition.inline) {
          environment = captureEnvironment()
          journal.attemptEnvironment(id, environment)
          const files = await Promise.all(
            live.definition.inline(live.parameters as never, live.frozen).map(async (output): Promise<ProducedFile> => ({
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
        const variables = live.definition.environment?.(live.parameters as never) ?? []
        const outputs = Object.entries(outputsOfStep({ parameters: live.parameters as never }, live.definition))
        const result = await runAttempt({
          token,
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
            environment: Object.fromEntries(
              variables.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]!]]))
            )
          },
          onSpawned: (process) => journal.attemptSpawned(id, process),
          onEnvironment: (captured) => {
            environment = captured
            journal.attemptEnvironment(id, captured)
          },
          onProgress: (fraction, message) => events.progress(meter(fraction, message)),
          onMetrics: (points) => {
            journal.metrics(id, points)
            events.metrics(points)
          }
        })
        about = { peakMemory: result.peakMemory, exitCode: result.exitCode }
        if (result.outcome !== 'succeeded') return failed(result.outcome, result.failure, about)
        const files = await takeInOutputs(live, result)
        if (run.cancel.signal.aborted) return failed('cancelled', { code: 'CANCELLED', message: 'The step was cancelled.' }, about)
        await commit(run, live, id, files, { startedAt, ...about, environment })
        return { outcome: 'succeeded', failure: null }
      } catch (error) {
        context.log('error', `Attempt of "${live.step.id}" failed`, { stack: error instanceof Error ? error.stack : String(error) })
        return failed('failed', failureOf(error, `running the step "${live.step.id}"`), about)
      } finally {
        await fs.rm(directory, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
      }
    }
  }
}
