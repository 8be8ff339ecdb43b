import { randomUUID } from 'node:crypto'
import { lstatSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Lineage } from '../model/registry'
import type { Topic } from '../model/topics'
import type { WorkspaceSummary } from '../model/workspace'
import { openDatabase } from '../storage/duckdb/database'
import { assertKnownLedger } from '../storage/ledger/ledger'
import { assertDigest } from '../storage/objects/digest-check'
import { createContentStore } from '../storage/objects/content-store'
import { createAudit, type Audit } from './audit'
import { createDo, type Do } from './commands'
import { createDatasets, type Datasets, type DatasetsWriter } from './datasets'
import { createExperiments, type Experiments } from './experiments'
import { createExports, type Exports } from './exports'
import { createFeatures, producedFeatureSets, runsTrainedOn, type Features } from './features'
import { createPolicies, type Policies } from './governance'
import { createJobs, type Jobs } from './jobs'
import { ledgerFormat, openWorkspaceLedger } from './ledger'
import { createModels, type Models } from './models'
import { createPeople, type Keyring, type People, type PeopleWriter } from './people'
import { createPipelines, type Pipelines } from './pipelines'
import { createQuality, type Quality } from './quality'
import {
  assertLedgerPresent,
  lockWorkspace,
  prepareWorkspaceFolder,
  readWorkspaceFile,
  renameWorkspace,
  type LogLevel,
  type WorkspaceContext
} from './workspace'
import { createStepCommits } from './step-commits'
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
  readonly exports: Exports
  /** Carries out a command of `commands`; nothing else changes a workspace. */
  readonly do: Do<CommandFeatures>
  rename(name: string): Promise<WorkspaceSummary>
  close(): Promise<void>
}

/** What the commands work on: the features with their writers. */
export interface CommandFeatures {
  readonly workspace: WorkspaceSummary
  readonly people: PeopleWriter
  readonly datasets: DatasetsWriter
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
  const release = lockWorkspace(directory)
  const closers: (() => unknown)[] = [release]
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
    const context: WorkspaceContext = {
      directory,
      ledger,
      duckdb,
      objects: createContentStore(join(directory, 'objects')),
      clock: options.clock,
      newId: randomUUID,
      changed: (...topics) => options.onChanged(topics),
      log: options.log
    }
    const actor = (): string => people.current()?.name ?? 'unknown person'
    const audit = createAudit(context, actor)
    const record = audit.record
    const people = createPeople(context, options.userKeyring)
    const datasets = createDatasets(context)
    const quality = createQuality(context, datasets)
    const jobs = createJobs(context)
    const experiments = createExperiments(context, actor, record)
    const policies = createPolicies(context, actor, record)
    let lineageOf = (_reference: string): Lineage => ({ nodes: [], edges: [] })
    const models = createModels(context, { run: experiments.run, actor, record, lineage: (reference) => lineageOf(reference) })
    const pipelines = createPipelines(context, {
      jobs,
      datasetVersion: async (name, version) => {
        const found = datasets.resolve(version === 'latest' ? name : `${name}@${version}`)
        await assertDigest(found.path, found.sha256, found.ref)
        return {
          sha256: found.sha256,
          rows: found.rows,
          reference: found.ref,
          roles: Object.fromEntries(found.columns.map((column) => [column.name, column.role]))
        }
      },
      policy: async (reference) => {
        const { sha256, name } = await policies.text(reference)
        return { sha256, name }
      },
      commits: createStepCommits({ experiments, models, policies })
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
    const exports = createExports(context, { workspace, audit, people, datasets, quality, pipelines, experiments, policies, models })
    const carryOut = createDo<CommandFeatures>({
      features: {
        get workspace() {
          return workspace
        },
        people,
        datasets
      },
      context,
      audit,
      jobs,
      asker: () => people.current()?.name ?? null
    })
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
      exports,
      async rename(name) {
        workspace = await renameWorkspace(workspace, name)
        context.changed('workspace')
        return workspace
      },
      close: closeAll
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}

/** The cache is disposable. Where something else stands in its place (a folder, a link to nowhere), that is put aside, not deleted. */
function clearedCache(file: string): string {
  const about = lstatSync(file, { throwIfNoEntry: false })
  if (about && !about.isFile()) renameSync(file, `${file}.aside-${Date.now()}`)
  return file
}
