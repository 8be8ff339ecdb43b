import { z } from 'zod'
import { WorkbenchError } from '../../model/errors'
import type { LogPage } from '../../model/job'
import type { ParameterValue, PipelineCheck, PipelineDetail, PipelineEdit, PipelineSummary, StepTypeInfo } from '../../model/pipeline'
import { isFinished } from '../../model/job'
import type { LineageNode, MetricPoint, OutputPreview, PipelineRun, PipelineRunEvent, PipelineRunSummary } from '../../model/pipeline-run'
import { createBroadcast, followLogFile, readLogPage, type Jobs } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import { checkPipelineWithRoles, createQueryParser, type ColumnLookup } from './column-roles'
import type { FreezeContext, StepRegistry } from './define-step'
import { applyPipelineEdits } from './edit-pipeline'
import { createEngine } from './engine'
import { splitSources } from './ancestry'
import { lineageOf } from './lineage'
import { createPipelineCatalog } from './pipeline-catalog'
import { prepareRun } from './prepare-run'
import { previewOutput } from './preview-output'
import type { Recovery } from './recovery'
import { createRunViews, type RunFilter } from './run-view'
import type { StepRecords } from './commit-step'
import { stepRegistry } from './steps'
import { portsOfType } from './validate-pipeline'
import { attemptLog } from './workspace-files'

export interface RunRequest {
  parameters?: Record<string, ParameterValue>
  targetStep?: string
  force?: boolean
}

export interface PipelinesOptions {
  jobs: Jobs
  /** Finds a dataset version: "latest", or the beginning of a SHA-256. Throws NOT_FOUND. */
  datasetVersion: FreezeContext['datasetVersion']
  /** What Data says of the columns of such a version; undefined when there is none. Without it no role is known. */
  datasetColumns?: ColumnLookup['dataset']
  /** Finds a policy by name or `name@sha256:...`; its text must be in the content store afterwards. Throws NOT_FOUND. */
  policy: FreezeContext['policy']
  records: StepRecords
  steps?: StepRegistry
  /** Attempts at the same time; one for each processor by default. */
  slots?: number
  maxInterruptions?: number
}

/** Pipelines of an open workspace: documents, runs, what they made. */
export interface Pipelines {
  list(options?: { removed?: boolean }): PipelineSummary[]
  get(name: string, version?: string): Promise<PipelineDetail>
  summary(name: string): PipelineSummary
  validate(yaml: string): Promise<PipelineCheck>
  edit(yaml: string, edits: readonly PipelineEdit[]): Promise<{ yaml: string; check: PipelineCheck }>
  stepTypes(): StepTypeInfo[]
  runs(filter?: RunFilter): { runs: PipelineRunSummary[]; total: number }
  getRun(runId: string): Promise<PipelineRun>
  watchRun(runId: string, signal: AbortSignal): AsyncGenerator<PipelineRunEvent, PipelineRun, void>
  /** Waits for the end of a run, or of the program, and returns the run. */
  finished(runId: string): Promise<PipelineRun>
  preview(runId: string, stepId: string, port: string, offset?: number, limit?: number): Promise<OutputPreview>
  metrics(runId: string, stepId: string): MetricPoint[]
  log(runId: string, stepId: string, attempt?: number, from?: number): Promise<LogPage>
  followLog(
    runId: string,
    stepId: string,
    attempt: number | undefined,
    signal: AbortSignal
  ): AsyncGenerator<LogPage, { size: number }, void>
  lineage(reference: string): LineageNode[]
  /** Tables that two tables were split from, all by SHA-256; the other may be unknown. */
  splitSources(one: string, other: string | null): string[]
  /** Call once when the workspace is opened, before anything is run. */
  recover(mode?: 'requeue' | 'mark'): Promise<Recovery>
  /** Stops attempts; unfinished runs go on at the next start. Call before closing the jobs and the ledger. */
  close(): Promise<void>
}

/** A version that a command made or took up, and the one that stood before. */
export interface SavedVersion {
  name: string
  sha256: string
  former: string | null
}
type Commit<T> = (write: () => T) => T

/** What the commands of this feature write with. `commit` runs the writes to the ledger. */
export interface PipelinesWriter extends Pipelines {
  saveDraft(name: string, yaml: string): { savedAt: string }
  discardDraft(name: string): void
  save(yaml: string, commit?: Commit<SavedVersion>): Promise<PipelineDetail>
  remove(name: string): void
  restore(name: string): void
  /** Starts a run of the newest version by name, or of a text, which becomes a version. Throws INVALID_INPUT with all problems. */
  run(
    what: { name: string } | { yaml: string },
    request?: RunRequest,
    commit?: Commit<{ runId: string; reference: string }>
  ): Promise<{ runId: string }>
  /** Returns when every attempt of the run has ended. */
  cancel(runId: string): Promise<void>
}

export function createPipelines(context: WorkspaceContext, options: PipelinesOptions): PipelinesWriter {
  const steps = options.steps ?? stepRegistry
  const lookup: ColumnLookup = { dataset: options.datasetColumns ?? (() => undefined), parse: createQueryParser(context.duckdb) }
  const check = (yaml: string): Promise<PipelineCheck> => checkPipelineWithRoles(yaml, steps, lookup)
  const catalog = createPipelineCatalog(context, check)
  const events = createBroadcast<{ runId: string; event: PipelineRunEvent }>()
  const freeze: FreezeContext = {
    directory: context.directory,
    putObject: async (bytes) => (await context.objects.putBytes(bytes)).sha256,
    datasetVersion: options.datasetVersion,
    policy: options.policy
  }
  const engine = createEngine(context, {
    jobs: options.jobs,
    steps,
    records: options.records,
    slots: options.slots,
    maxInterruptions: options.maxInterruptions,
    onStep: (runId, stepId) => events.publish({ runId, event: { kind: 'step', step: views.step(runId, stepId) } }),
    onProgress: (runId, stepId, progress) => events.publish({ runId, event: { kind: 'progress', stepId, progress } }),
    onMetric: (runId, stepId, point) => events.publish({ runId, event: { kind: 'metric', stepId, point } }),
    onRun: (runId) => events.publish({ runId, event: { kind: 'run', run: views.summary(runId) } })
  })
  const views = createRunViews(context, engine.live)

  const latestAttempt = (runId: string, stepId: string): number => views.step(runId, stepId).attempts.at(-1)?.number ?? 1
  const logPath = (runId: string, stepId: string, attempt?: number): string =>
    attemptLog(context.directory, views.summary(runId).id, views.step(runId, stepId).stepId, attempt ?? latestAttempt(runId, stepId))

  return {
    list: catalog.list,
    get: catalog.get,
    saveDraft: catalog.saveDraft,
    discardDraft: catalog.discardDraft,
    async save(yaml, commit = context.ledger.transaction) {
      const { document, sha256, write } = await catalog.store(yaml)
      commit(() => {
        const former = catalog.standing(document.name)
        write()
        catalog.settle(document.name)
        return { name: document.name, sha256, former }
      })
      return catalog.get(document.name)
    },
    summary: catalog.summary,
    remove: catalog.remove,
    restore: catalog.restore,
    validate: check,
    async edit(yaml, edits) {
      const edited = applyPipelineEdits(yaml, edits)
      return { yaml: edited, check: await check(edited) }
    },
    stepTypes: () =>
      [...steps.values()].map((definition) => ({
        type: definition.type,
        version: definition.version,
        title: definition.title,
        help: definition.help,
        icon: definition.icon,
        category: definition.category,
        ...portsOfType(definition),
        dynamicInputs: definition.dynamicInputs ? [...definition.dynamicInputs.types] : null,
        dynamicOutputs: definition.outputsFor !== undefined,
        parametersSchema: z.toJSONSchema(definition.parameters, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>
      })),

    async run(what, { parameters = {}, targetStep, force = false } = {}, commit = context.ledger.transaction) {
      const yaml = 'yaml' in what ? what.yaml : await newestVersion(what.name)
      const { document, problems } = await check(yaml)
      const errors = problems.filter((problem) => problem.severity === 'error')
      if (!document || errors.length)
        throw new WorkbenchError(
          errors[0]?.code === 'EVIDENCE_MISMATCH' ? 'EVIDENCE_MISMATCH' : 'INVALID_INPUT',
          `The pipeline cannot run: ${errors[0]?.message ?? 'it cannot be read.'}${errors.length > 1 ? ` There are ${errors.length - 1} more problems.` : ''}`,
          { details: { problems } }
        )
      const plan = await prepareRun(document, parameters, targetStep ?? null, { steps, freeze, lookup })
      // Kept only now: a text that cannot be started leaves no version behind.
      const { sha256, write } = await catalog.store(yaml)
      let begin = (): void => undefined
      const { runId } = commit(() => {
        write()
        const started = engine.start({ document, version: sha256, plan, force })
        begin = started.begin
        return { runId: started.runId, reference: `pipeline:${document.name}@sha256:${sha256}` }
      })
      begin()
      return { runId }
    },
    runs: (filter = {}) => views.runs(filter),
    getRun: views.run,
    async *watchRun(runId, signal) {
      const changes = events.subscribe(signal)
      try {
        let run = await views.run(runId)
        yield { kind: 'snapshot', run }
        let isOver = isFinished(run.state)
        while (!isOver) {
          const next = await changes.next()
          if (next.done) return run
          if (next.value === undefined) {
            run = await views.run(runId)
            yield { kind: 'snapshot', run }
            isOver = isFinished(run.state)
          } else if (next.value.runId === runId) {
            yield next.value.event
            isOver = next.value.event.kind === 'run' && isFinished(next.value.event.run.state)
          }
        }
        run = await views.run(runId)
        return run
      } finally {
        await changes.return()
      }
    },
    async finished(runId) {
      await engine.finished(runId)
      return views.run(runId)
    },
    async cancel(runId) {
      views.summary(runId)
      await engine.cancel(runId)
    },
    async preview(runId, stepId, port, offset = 0, limit = 100) {
      const output = views.step(runId, stepId).outputs.find((item) => item.port === port)
      if (!output)
        throw new WorkbenchError(
          'NOT_FOUND',
          `"${stepId}" has no output "${port}" in this run. Outputs appear when the step has succeeded.`
        )
      return previewOutput(context, output, offset, Math.min(100, limit))
    },
    metrics(runId, stepId) {
      views.step(runId, stepId)
      return context.ledger.all<MetricPoint>(
        `SELECT m.name, m.value, m.step, m.at FROM step_metric m JOIN step_run s ON s.run_id = ? AND s.step_id = ?
         WHERE m.run_id = coalesce(s.source_run, s.run_id) AND m.step_id = coalesce(s.source_step, s.step_id)
           AND m.attempt = coalesce(s.source_attempt, (SELECT max(number) FROM attempt a WHERE a.run_id = s.run_id AND a.step_id = s.step_id))
         ORDER BY m.name, m.step, m.rowid`,
        runId,
        stepId
      )
    },
    async log(runId, stepId, attempt, from) {
      return readLogPage(logPath(runId, stepId, attempt), from)
    },
    followLog(runId, stepId, attempt, signal) {
      const number = attempt ?? latestAttempt(runId, stepId)
      const isOver = (): boolean => {
        const step = views.step(runId, stepId)
        const own = step.attempts.find((item) => item.number === number)
        return own ? own.outcome !== 'started' : !['waiting', 'queued', 'running'].includes(step.state)
      }
      return followLogFile(logPath(runId, stepId, number), isOver, signal)
    },
    lineage: (reference) => lineageOf(context.ledger, reference),
    splitSources: (one, other) => splitSources(context.ledger, one, other),
    recover: (mode = 'requeue') => engine.recover(mode),
    async close() {
      await engine.close()
      events.close()
    }
  }

  async function newestVersion(name: string): Promise<string> {
    const { version } = await catalog.get(name)
    if (version === null) throw new WorkbenchError('INVALID_INPUT', `"${name}" is only a draft. Save it before running it.`)
    return (await context.objects.read(version)).toString('utf8')
  }
}
