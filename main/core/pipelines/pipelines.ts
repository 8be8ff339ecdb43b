import type { RunForecast, StartedPrograms } from '../../model/commands/pipelines'
import { WorkbenchError } from '../../model/errors'
import type { LogPage } from '../../model/job'
import type { ParameterValue, PipelineCheck, PipelineDetail, PipelineEdit, PipelineSummary, StepTypeInfo } from '../../model/pipeline'
import type { LineageNode, MetricPoint, OutputPreview, PipelineRun, PipelineRunEvent, PipelineRunSummary } from '../../model/pipeline-run'
import { createBroadcast, type JobsWriter } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import { checkPipelineWithRoles, createAbsence, createQueryParser, type ColumnLookup } from './column-roles'
import type { FreezeContext, StepRegistry } from './define-step'
import { describeType } from './describe-type'
import { editPipeline } from './edit-pipeline'
import { createEngine } from './engine'
import { describeForecast, unkept, type Beginning } from './foresee-run'
import { holdGate, type GateRequest, type GateWork, type StartedRun } from './hold-gate'
import { judgedLineageOfRun, lineageOf, lineageOfRun } from './lineage'
import { madeFrom, type MadeFrom, type Makers } from './made-from'
import { inTurns } from './pieces'
import { createPipelineCatalog, type PipelineCatalog } from './pipeline-catalog'
import { assertRunnable, prepareRun, type HostFacts, type RecordedFrozen } from './prepare-run'
import { assertSamePrograms, startedPrograms } from './started-programs'
import { previewOutput } from './preview-output'
import { temporaryNames, type Recovery } from './recovery'
import { reportsOfRuns } from './run-reports'
import type { RunReport } from '../../model/run-report'
import { namedModel, type RegisteredVersion } from './named-model'
import { evidenceOfRun, type RunEvidenceSources } from './run-evidence'
import { metricsOf } from './run-metrics'
import { createRunViews, type RunFilter, type RunViews } from './run-view'
import type { StepRecords } from './commit-step'
import { createStepLogs } from './step-logs'
import { stepRegistry } from './steps'
import { watchRun, type RunEvents } from './watch-run'
import { type RunId, type Sha256, contentReference, PipelineRunId } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'

export interface RunRequest {
  parameters?: Record<string, ParameterValue>
  targetStep?: string
  force?: boolean
  /** Register also where values differ from the defaults; without it such a variant registers nothing. */
  register?: boolean
  /** The step at which it begins. */
  from?: string
  /** The run whose outputs are taken over before that step. */
  reuse?: PipelineRunId
  /** Digest of the programs that somebody has seen and allowed. */
  programs?: Sha256
}

export interface PipelinesOptions {
  jobs: JobsWriter
  /** Finds a dataset version: "latest", or the beginning of a SHA-256. Throws NOT_FOUND. */
  datasetVersion: FreezeContext['datasetVersion']
  /** What Data says of the columns of such a version; undefined when there is none. Without it no role is known. */
  datasetColumns?: ColumnLookup['dataset']
  /** Finds a policy by name or `name@sha256:...`; its text must be in the content store afterwards. Throws NOT_FOUND. */
  policy: FreezeContext['policy']
  records: StepRecords
  /** What a gate over a run is told besides the journal. */
  evidence: RunEvidenceSources
  /** Finds a registered version: its name alone for the newest, `name@2`, or `name@stage`. Throws NOT_FOUND. */
  model(reference: string): Promise<RegisteredVersion>
  steps?: StepRegistry
  /** Of a run that is done again from its record: what its steps were frozen with. */
  recorded?: RecordedFrozen
  /** Attempts at the same time; one for each processor by default. */
  slots?: number
  /** Bytes of memory that attempts may ask for together; those of the machine by default. */
  memory?: number
  maxInterruptions?: number
  /** Why no step may start now, in words; without it nothing keeps one. */
  standing?(): string | null
  /** Whether programs of steps are confined where that can be had; they are unless the person says `DRYDOCK_CONFINEMENT=none`. */
  confine?: boolean
}

/** Pipelines of an open workspace: documents, runs, what they made. */
export interface Pipelines {
  list(options?: { removed?: boolean }): PipelineSummary[]
  get(name: string, version?: Sha256): Promise<PipelineDetail>
  summary(name: string): PipelineSummary
  validate(yaml: string): Promise<PipelineCheck>
  edit(yaml: string, edits: readonly PipelineEdit[]): Promise<{ yaml: string; check: PipelineCheck }>
  stepTypes(): StepTypeInfo[]
  /** What a run of it would start besides the steps of the workbench. Throws what `run` throws. */
  programs(what: { name: string } | { yaml: string }, request: RunRequest): Promise<StartedPrograms>
  /** What a run of it would do with each step now. Throws what `run` throws. Nothing is kept. */
  foresee(what: { name: string } | { yaml: string }, request: RunRequest): Promise<RunForecast>
  runs(filter?: RunFilter): { runs: PipelineRunSummary[]; total: number }
  getRun(runId: PipelineRunId): Promise<PipelineRun>
  watchRun(runId: PipelineRunId, signal: AbortSignal): AsyncGenerator<PipelineRunEvent, PipelineRun, void>
  /** Waits for the end of a run, or of the program, and returns the run. */
  finished(runId: PipelineRunId): Promise<PipelineRun>
  preview(runId: PipelineRunId, stepId: string, port: string, offset?: number, limit?: number, whole?: boolean): Promise<OutputPreview>
  metrics(runId: PipelineRunId, stepId: string): MetricPoint[]
  log(runId: PipelineRunId, stepId: string, attempt?: number, from?: number): Promise<LogPage>
  followLog(
    runId: PipelineRunId,
    stepId: string,
    attempt: number | undefined,
    signal: AbortSignal
  ): AsyncGenerator<LogPage, { size: number }, void>
  lineage(reference: string): LineageNode[]
  /** The quality reports that runs made of tables from a dataset, newest first. */
  runReports(dataset: string): Promise<RunReport[]>
  /** Everything that led to the model of a run. */
  lineageOfRun(run: RunId): LineageNode[]
  /** The same with the steps that judged it: evaluations and gates. */
  judgedLineageOfRun(run: RunId): LineageNode[]
  /** What steps were handed that made a document which does not say itself what it is about. Throws DIGEST_MISMATCH. */
  madeFrom(makers: Makers): Promise<MadeFrom[]>
}

/** A version that a command made or took up, and the one that stood before. */
export interface SavedVersion {
  name: string
  sha256: Sha256
  former: Sha256 | null
}
type Commit<T> = (write: () => T) => T

/** What the commands of this feature write with. `commit` runs the writes to the ledger. */
export interface PipelinesWriter extends Pipelines {
  saveDraft(name: string, yaml: string, commit?: Commit<{ savedAt: string }>): Promise<{ savedAt: string }>
  discardDraft(name: string): void
  save(yaml: string, commit?: Commit<SavedVersion>): Promise<PipelineDetail>
  remove(name: string): void
  restore(name: string): void
  /** Starts a run of the newest version by name, or of a text, which becomes a version. Throws INVALID_INPUT with all problems. */
  run(
    what: { name: string } | { yaml: string },
    request?: RunRequest,
    commit?: Commit<StartedRun>
  ): Promise<{ runId: PipelineRunId; replaced: Sha256 | null }>
  /** Applies a policy to a run, by a pipeline of one gate step, and returns its pipeline run when it has ended. Throws what made the step fail. */
  holdGate(what: GateRequest, work: GateWork): Promise<PipelineRunId>
  /** Returns when every attempt of the run has ended. */
  cancel(runId: PipelineRunId): Promise<void>
  /** Call once when the workspace is opened, before anything is run. */
  recover(mode?: 'requeue' | 'mark'): Promise<Recovery>
  /** Leaves what an earlier process left until a run is started here, and closes it then; `then` is called after that. */
  recoverBeforeRun(then: () => unknown): void
  /** Stops attempts; unfinished runs go on at the next start. Call before closing the jobs and the ledger. */
  close(): Promise<void>
}

export function createPipelines(context: WorkspaceContext, options: PipelinesOptions): PipelinesWriter {
  const steps = options.steps ?? stepRegistry
  const lookup: ColumnLookup = { dataset: options.datasetColumns ?? (() => undefined), parse: createQueryParser(context.duckdb) }
  const absence = options.datasetColumns && createAbsence(options.datasetColumns, options)
  const check = (yaml: string): Promise<PipelineCheck> => checkPipelineWithRoles(yaml, steps, lookup, absence)
  const catalog = createPipelineCatalog(context, check)
  const events: RunEvents = createBroadcast()
  const looking = { ...context, objects: unkept(context.objects) }
  const engine = createEngine(context, {
    jobs: options.jobs,
    steps,
    records: options.records,
    slots: options.slots,
    memory: options.memory,
    maxInterruptions: options.maxInterruptions,
    standing: options.standing,
    confine: options.confine ?? process.env.DRYDOCK_CONFINEMENT !== 'none',
    onStep: (runId, stepId) => events.publish(() => ({ runId, event: { kind: 'step', step: views.step(runId, stepId) } })),
    onProgress: (runId, stepId, progress) => events.publish({ runId, event: { kind: 'progress', stepId, progress } }),
    onMetric: (runId, stepId, point) => events.publish({ runId, event: { kind: 'metric', stepId, point } }),
    onRun: (runId) => events.publish(() => ({ runId, event: { kind: 'run', run: views.summary(runId) } }))
  })
  const views = createRunViews(context, engine.live)
  let recovered: (() => Promise<unknown>) | undefined

  const planOf = createPlanner(context, options, { steps, lookup, catalog, check })

  const pipelines: PipelinesWriter = {
    ...createDocuments(context, catalog, check),
    stepTypes: () => [...steps.values()].map(describeType),

    async programs(what, request) {
      const { document, plan } = await planOf(what, request, looking)
      return startedPrograms(document, plan, context.objects)
    },
    async foresee(what, request) {
      const { yaml, document, plan } = await planOf(what, request, looking)
      const run = { id: PipelineRunId.parse(context.newId()), pipeline: document.name, steps: plan.steps }
      const foreseen = await engine.foresee(run, { force: request.force === true, begin: beginningOf(request) })
      return describeForecast(document, plan, foreseen, sha256(yaml))
    },
    async run(what, request = {}, commit = context.ledger.transaction) {
      await recovered?.()
      const { force = false } = request
      const { yaml, document, plan } = await planOf(what, request)
      assertSamePrograms(await startedPrograms(document, plan, context.objects), request.programs)
      const [id, begin] = [PipelineRunId.parse(context.newId()), beginningOf(request)]
      const foreseen = begin && (await engine.foresee({ id, pipeline: document.name, steps: plan.steps }, { force, begin }))
      // Kept only now: a text that cannot be started leaves no version behind.
      const { sha256: version, write } = await catalog.store(yaml)
      let setGoing = (): void => undefined
      const { runId, replaced } = commit(() => {
        const former = write()
        const started = engine.start({ id, document, version, plan, force: force || begin !== undefined, foreseen })
        setGoing = started.begin
        return {
          runId: started.runId,
          reference: contentReference('pipeline', document.name, version),
          replaced: former,
          parameters: plan.parameters
        }
      })
      setGoing()
      return { runId, replaced }
    },
    holdGate: (what, work) => holdGate(pipelines, catalog.standing, what, work),
    runs: (filter = {}) => views.runs(filter),
    getRun: views.run,
    watchRun: (runId, signal) => watchRun(events, views.run, runId, signal),
    async finished(runId) {
      await engine.finished(runId)
      return views.run(runId)
    },
    async cancel(runId) {
      views.summary(runId)
      await engine.cancel(runId)
    },
    ...createStepReads(context, views),
    recover: (mode = 'requeue') => engine.recover(mode),
    recoverBeforeRun(then) {
      const leftovers = temporaryNames(context)
      let once: Promise<unknown> | undefined
      recovered = () => (once ??= engine.recover('mark', leftovers).then(then))
    },
    async close() {
      await engine.close()
      events.close()
    }
  }
  return pipelines
}

interface PlannerParts {
  steps: StepRegistry
  lookup: ColumnLookup
  catalog: PipelineCatalog
  check: Pipelines['validate']
}

/** Prepares runs: the text of what shall run, and its steps frozen with what they stand on, kept in the workspace or, for a look, nowhere. */
function createPlanner(context: WorkspaceContext, options: PipelinesOptions, { steps, lookup, catalog, check }: PlannerParts) {
  const freezeWith = (own: WorkspaceContext): HostFacts => ({
    directory: own.directory,
    putObject: async (bytes) => (await own.objects.putBytes(bytes)).sha256,
    datasetVersion: options.datasetVersion,
    policy: options.policy,
    evidence: (run) => evidenceOfRun(own, run, options.evidence),
    model: async (reference) => namedModel(own, await options.model(reference))
  })
  return async (what: { name: string } | { yaml: string }, { parameters = {}, targetStep, register }: RunRequest, own = context) => {
    const yaml = 'yaml' in what ? what.yaml : await newestVersion(context, catalog, what.name)
    const document = assertRunnable(await check(yaml))
    return {
      yaml,
      document,
      plan: await prepareRun(document, parameters, targetStep ?? null, {
        steps,
        freeze: freezeWith(own),
        lookup,
        register,
        recorded: options.recorded
      })
    }
  }
}

/** The documents of pipelines: drafts, versions, and the trash. */
function createDocuments(
  context: WorkspaceContext,
  catalog: PipelineCatalog,
  check: Pipelines['validate']
): Pick<PipelinesWriter, 'list' | 'get' | 'summary' | 'saveDraft' | 'discardDraft' | 'save' | 'remove' | 'restore' | 'validate' | 'edit'> {
  return {
    list: catalog.list,
    get: catalog.get,
    saveDraft: (name, yaml, commit = context.ledger.transaction) => catalog.saveDraft(name, yaml, commit),
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
      const edited = await inTurns(editPipeline(yaml, edits))
      return { yaml: edited, check: await check(edited) }
    }
  }
}

/** What steps left behind, and what led to it. */
function createStepReads(
  context: WorkspaceContext,
  views: RunViews
): Pick<
  Pipelines,
  'preview' | 'metrics' | 'log' | 'followLog' | 'lineage' | 'runReports' | 'lineageOfRun' | 'judgedLineageOfRun' | 'madeFrom'
> {
  return {
    async preview(runId, stepId, port, offset = 0, limit = 100, whole = false) {
      const output = views.step(runId, stepId).outputs.find((item) => item.port === port)
      if (!output)
        throw new WorkbenchError(
          'NOT_FOUND',
          `"${stepId}" has no output "${port}" in this run. Outputs appear when the step has succeeded.`
        )
      return previewOutput(context, output, offset, Math.min(100, limit), whole)
    },
    metrics(runId, stepId) {
      views.step(runId, stepId)
      return metricsOf(context.ledger, runId, stepId)
    },
    ...createStepLogs(context, views),
    lineage: (reference) => lineageOf(context.ledger, reference),
    runReports: (dataset) => reportsOfRuns(context, dataset),
    lineageOfRun: (run) => lineageOfRun(context.ledger, run),
    judgedLineageOfRun: (run) => judgedLineageOfRun(context.ledger, run),
    madeFrom: (makers) => madeFrom(context, makers)
  }
}

/** Where a run is asked to begin. Throws INVALID_INPUT for a run to take from without a step. */
function beginningOf({ from, reuse }: RunRequest): Beginning | undefined {
  if (from === undefined && reuse !== undefined)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'A run to take over from was named, and no step to begin at. Name that step too (--from STEP). Nothing was run.'
    )
  return from === undefined ? undefined : { step: from, reuse }
}

/** The text of the newest version; a draft is none. */
async function newestVersion({ objects }: WorkspaceContext, catalog: PipelineCatalog, name: string): Promise<string> {
  const { version } = await catalog.get(name)
  if (version === null) throw new WorkbenchError('INVALID_INPUT', `"${name}" is only a draft. Save it before running it.`)
  return (await objects.read(version)).toString('utf8')
}
