import { randomUUID } from 'node:crypto'
import { lstatSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { WorkbenchError } from '../model/errors'
import type { Lineage } from '../model/registry'
import type { Topic } from '../model/topics'
import type { WorkspaceSummary } from '../model/workspace'
import { openDatabase, type Database } from '../storage/duckdb/database'
import { assertKnownLedger, type Ledger } from '../storage/ledger/ledger'
import { assertDigest } from '../storage/objects/digest-check'
import { createContentStore } from '../storage/objects/content-store'
import { commands, innerCommands } from './all-commands'
import { createAudit, type Audit } from './audit'
import { createDo, type Do } from './commands'
import { createDatasets, type Datasets, type DatasetsWriter } from './datasets'
import { createExperiments, type Experiments, type ExperimentsWriter } from './experiments'
import { createBundles, type Bundles, type BundlesWriter } from './bundles'
import { createFeatures, producedFeatureSets, runsTrainedOn, type Features } from './features'
import { createPolicies, type Policies, type PoliciesWriter } from './policies'
import { createJobs, type Jobs } from './jobs'
import { ledgerFormat, openWorkspaceLedger } from './ledger'
import { createModels, type Models, type ModelsWriter } from './models'
import { createPeople, type Keyring, type People, type PeopleWriter } from './people'
import { createPipelines, type Pipelines, type PipelinesOptions, type PipelinesWriter, type StepRecords } from './pipelines'
import { createQuality, type Quality, type QualityWriter } from './quality'
import {
  assertLedgerPresent,
  lockWorkspace,
  prepareWorkspaceFolder,
  readWorkspaceFile,
  renameWorkspace,
  type LogLevel,
  type WorkspaceContext
} from './workspace'
import { toLineageGraph } from './lineage-graph'

/** One open workspace: every feature over one ledger, one content store and one DuckDB instance. */
export interface Workbench {
  readonly workspace: WorkspaceSummary
  readonly context: WorkspaceContext
  readonly audit: Audit
  readonly people: People
  readonly datasets: Datasets
  readonly quality: Quality
  readonly jobs: Jobs
  readonly pipelines: Pipelines
  readonly experiments: Experiments
  readonly policies: Policies
  readonly models: Models
  readonly features: Features
  readonly bundles: Bundles
  /** Carries out a command of `commands`; nothing else changes a workspace. */
  readonly do: Do<CommandFeatures>
  close(): Promise<void>
}

/** What the commands work on: the features with their writers. */
export interface CommandFeatures {
  readonly workspace: WorkspaceSummary
  /** Writes the name into the folder. */
  rename(name: string): Promise<WorkspaceSummary>
  readonly people: PeopleWriter
  readonly datasets: DatasetsWriter
  readonly quality: QualityWriter
  readonly experiments: ExperimentsWriter
  readonly policies: PoliciesWriter
  readonly models: ModelsWriter
  readonly pipelines: PipelinesWriter
  readonly jobs: Jobs
  readonly bundles: BundlesWriter
  readonly keyring: Keyring
  gateFacts: Bundles['gateFacts']
  gateSubject: Bundles['gateSubject']
}

export interface WorkbenchOptions {
  directory: string
  userKeyring: Keyring
  clock: () => Date
  /** What happens to runs that an earlier process left unfinished: the window goes on with them, a command only marks them. */
  unfinishedRuns?: 'requeue' | 'mark'
  onChanged(topics: Topic[]): void
  log(level: LogLevel, message: string, fields?: Record<string, unknown>): void
}

/**
 * Opens a workspace and everything in it. Interrupted work of an earlier process is swept and marked before this
 * returns. Throws NOT_FOUND, STORAGE_LOCKED, STORAGE_CORRUPT or UNSUPPORTED_VERSION and then leaves no lock behind.
 */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  let workspace = readWorkspaceFile(options.directory)
  const { directory } = workspace
  const ledgerFile = join(directory, 'ledger.sqlite')
  // Before the lock, so that a workspace of a newer program is left without a trace of this one.
  assertKnownLedger(ledgerFile, ledgerFormat.migrations.at(-1)!.version)
  assertLedgerPresent(directory)
  const closers: (() => unknown)[] = [lockWorkspace(directory)]
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    await prepareWorkspaceFolder(directory)
    const ledger = openWorkspaceLedger(ledgerFile)
    closers.push(() => ledger.close())
    const duckdb = await openDatabase({
      file: clearedCache(join(directory, 'cache.duckdb')),
      readDirectories: [join(directory, 'data'), join(directory, 'objects')],
      temporaryDirectory: join(directory, 'tmp')
    })
    closers.push(() => duckdb.close())
    const context = contextOf({ ...options, directory }, ledger, duckdb)
    const actor = (): string => people.current()?.name ?? 'unknown person'
    const audit = createAudit(context, actor)
    const people = createPeople(context, options.userKeyring)
    const datasets = createDatasets(context)
    const jobs = createJobs(context)
    const carryOut = createDo<CommandFeatures>({
      features: () => ({
        workspace,
        rename: async (name) => (workspace = await renameWorkspace(workspace, name)),
        people,
        datasets,
        quality,
        experiments,
        policies,
        models,
        pipelines,
        jobs,
        bundles,
        keyring: options.userKeyring,
        gateFacts: bundles.gateFacts,
        gateSubject: bundles.gateSubject
      }),
      context,
      audit,
      jobs,
      asker: () => people.current()?.name ?? null
    })
    const quality = createQuality(context, datasets)
    const experiments = createExperiments(context, actor)
    const policies = createPolicies(context, actor)
    let lineageOf = (_reference: string): Lineage => ({ nodes: [], edges: [] })
    const models = createModels(context, { run: experiments.run, actor, lineage: (reference) => lineageOf(reference) })
    const pipelines = createPipelines(context, {
      jobs,
      ...namedDatasets(datasets),
      policy: async (reference) => {
        const { sha256, name } = await policies.text(reference)
        return { sha256, name }
      },
      records: recordedWriters(carryOut, { experiments })
    })
    lineageOf = (reference) => toLineageGraph(pipelines.lineage(reference))
    closers.push(
      () => pipelines.close(),
      () => jobs.close()
    )
    await pipelines.recover(options.unfinishedRuns ?? 'requeue')
    jobs.recover()
    const features = createFeatures(context, {
      produced: () => producedFeatureSets(ledger),
      trainedOn: (sha256) => runsTrainedOn(ledger, sha256),
      models,
      experiments
    })
    const bundles = createBundles(context, { workspace, audit, people, datasets, quality, pipelines, experiments, policies, models })
    return {
      get workspace() {
        return workspace
      },
      do: carryOut,
      context,
      audit,
      people,
      datasets,
      quality,
      jobs,
      pipelines,
      experiments,
      policies,
      models,
      features,
      bundles,
      close: closeAll
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}

function contextOf({ directory, clock, onChanged, log }: WorkbenchOptions, ledger: Ledger, duckdb: Database): WorkspaceContext {
  return {
    directory,
    ledger,
    duckdb,
    objects: createContentStore(join(directory, 'objects')),
    clock,
    newId: randomUUID,
    changed: (...topics) => onChanged(topics),
    log
  }
}

/** What pipelines ask of Data: a version by name, and what its columns are for. */
function namedDatasets(datasets: Datasets): Pick<PipelinesOptions, 'datasetVersion' | 'datasetColumns'> {
  return {
    datasetVersion: async (name, version) => {
      const found = datasets.resolve(version === 'latest' ? name : `${name}@${version}`)
      await assertDigest(found.path, found.sha256, found.ref)
      return {
        sha256: found.sha256,
        rows: found.rows,
        reference: found.ref,
        roles: Object.fromEntries(found.columns.map((column) => [column.name, column.role])),
        knownWhen: Object.fromEntries(found.columns.map((column) => [column.name, column.knownWhen]))
      }
    },
    datasetColumns(name, version) {
      try {
        const { columns } = datasets.resolve(version === 'latest' ? name : `${name}@${version}`)
        return columns.map((column) => ({ dataset: name, name: column.name, role: column.role, knownWhen: column.knownWhen }))
      } catch (error) {
        // A document may name what is not there (yet); starting a run says so.
        if (error instanceof WorkbenchError) return undefined
        throw error
      }
    }
  }
}

/** What steps write with when they finish: the same commands as everybody, inside of the journal's transaction. */
function recordedWriters(carryOut: Do<CommandFeatures>, { experiments }: Pick<CommandFeatures, 'experiments'>): StepRecords {
  const { runs, gates } = innerCommands
  return {
    runs: {
      ...experiments.records,
      training: (record) => carryOut(runs.recordTraining, record),
      evaluation: (record) => carryOut(runs.recordEvaluation, record)
    },
    models: { register: (request) => carryOut(commands.models.register, request) },
    policies: { record: (run, report, reportSha256, pipelineRun) => carryOut(gates.record, { run, report, reportSha256, pipelineRun }) }
  }
}

/** The cache is disposable. Where something else stands in its place (a folder, a link to nowhere), that is put aside, not deleted. */
function clearedCache(file: string): string {
  const about = lstatSync(file, { throwIfNoEntry: false })
  if (about && !about.isFile()) renameSync(file, `${file}.aside-${Date.now()}`)
  return file
}
