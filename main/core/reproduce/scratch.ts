import { randomUUID } from 'node:crypto'
import { constants, promises as fs } from 'node:fs'
import { join } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { RunId, Sha256 } from '../../model/reference'
import type { RunDetail } from '../../model/run'
import type { TrainedModel } from '../../model/training'
import { openDatabase } from '../../storage/duckdb/database'
import type { Ledger } from '../../storage/ledger/ledger'
import { createContentStore, type ContentStore } from '../../storage/objects/content-store'
import { createExperiments } from '../experiments'
import { createJobs } from '../jobs'
import { createModels } from '../models'
import { createPipelines, runMadeBy, type RecordedRun } from '../pipelines'
import { createPolicies } from '../policies'
import type { WorkspaceContext } from '../workspace'

/** A run that was done again, as long as its place is there. */
export interface FreshRun {
  detail: RunDetail
  training: TrainedModel | null
  /** Path of the file that an artifact of the run is. */
  pathOf(sha256: Sha256): string
}

export interface ScratchOptions {
  openLedger(file: string): Ledger
  /** Arrow files of the tables that the sources gave, by digest. */
  tables: ReadonlyMap<Sha256, string>
  /** False refuses a pipeline whose steps start programs. */
  allowPrograms?: boolean
  signal?: AbortSignal
  onProgress?: (fraction: number | null, message: string) => void
}

/** What was kept there is read from there; what is made goes to a place of its own. */
function overlay(own: ContentStore, base: ContentStore): ContentStore {
  const of = (digest: Sha256): ContentStore => (own.has(digest) ? own : base)
  return {
    ...own,
    has: (digest) => own.has(digest) || base.has(digest),
    pathOf: (digest) => of(digest).pathOf(digest),
    read: (digest) => of(digest).read(digest)
  }
}

/**
 * Does a recorded run again up to the step that judged it, with the scheduler of the workbench over a folder of its own: nothing of it comes
 * into the workspace. `work` gets the fresh run; afterwards the folder is gone.
 * @throws WorkbenchError what the run failed with, CANCELLED
 */
export async function inScratch<T>(
  context: Pick<WorkspaceContext, 'directory' | 'objects' | 'log'>,
  record: RecordedRun,
  { openLedger, tables, allowPrograms = true, signal, onProgress }: ScratchOptions,
  work: (fresh: FreshRun) => Promise<T>
): Promise<T> {
  const directory = join(context.directory, 'tmp', `reproduce-${randomUUID()}`)
  const closing: (() => unknown)[] = []
  try {
    for (const folder of ['data', 'objects', 'runs', 'tmp', 'code']) await fs.mkdir(join(directory, folder), { recursive: true })
    for (const [sha256, path] of tables) await fs.copyFile(path, join(directory, 'data', `${sha256}.arrow`), constants.COPYFILE_FICLONE)
    const ledger = openLedger(join(directory, 'ledger.sqlite'))
    closing.push(() => ledger.close())
    const duckdb = await openDatabase({
      readDirectories: [join(directory, 'data')],
      memoryLimit: '1GB',
      temporaryDirectory: join(directory, 'tmp')
    })
    closing.push(() => duckdb.close())
    const objects = overlay(createContentStore(join(directory, 'objects')), context.objects)
    const scratch: WorkspaceContext = {
      directory,
      ledger,
      duckdb,
      objects,
      clock: () => new Date(),
      newId: randomUUID,
      changed: () => {},
      log: context.log
    }
    const opened = openParts(scratch, record)
    closing.push(
      () => opened.jobs.close(),
      () => opened.pipelines.close()
    )
    if (!allowPrograms) await assertNoPrograms(opened.pipelines, record)
    const run = await runToEnd(opened.pipelines, record, { signal, onProgress })
    const made = runMadeBy(ledger, run, record.targetStep)
    if (made === undefined)
      throw new WorkbenchError('INTERNAL', 'The run was done again, but its step recorded no run. Please report this.')
    const { experiments } = opened
    return await work({ detail: experiments.run(made), training: await experiments.training(made), pathOf: objects.pathOf })
  } finally {
    for (const close of closing.reverse()) await close()
    await fs.rm(directory, { recursive: true, force: true })
  }
}

/** The parts of a workbench that a run needs, over the scratch folder. */
function openParts(scratch: WorkspaceContext, record: RecordedRun) {
  const actor = (): string => 'reproduction'
  const jobs = createJobs(scratch)
  const experiments = createExperiments(scratch, actor)
  const policies = createPolicies(scratch, actor)
  const models = createModels(scratch, {
    run: experiments.run,
    actor,
    lineage: () => ({ nodes: [], edges: [] }),
    people: { holderOf: () => undefined }
  })
  const notThere = (what: string) => async (): Promise<never> => {
    throw new WorkbenchError('NOT_FOUND', `The record does not say which ${what} this step was given, so the run cannot be done again.`)
  }
  const pipelines = createPipelines(scratch, {
    jobs,
    records: { runs: experiments.records, policies, models },
    evidence: {
      run: (id: RunId) => ({ name: experiments.run(id).name, isEvaluated: false, facts: {} }),
      qualityReport: async () => null
    },
    datasetVersion: notThere('dataset'),
    policy: notThere('policy'),
    model: notThere('model'),
    recorded: (step) => record.frozen.get(step)
  })
  return { jobs, experiments, pipelines }
}

type Parts = ReturnType<typeof openParts>

/** @throws WorkbenchError FORBIDDEN naming the steps that start programs, with their commands */
async function assertNoPrograms(pipelines: Parts['pipelines'], { text, parameters, targetStep }: RecordedRun): Promise<void> {
  const { programs } = await pipelines.programs({ yaml: text }, { parameters, targetStep })
  if (programs.length === 0) return
  throw new WorkbenchError(
    'FORBIDDEN',
    `The run starts programs that came with it, with your rights: ${programs.map(({ stepId, command }) => `"${stepId}" (${command.slice(0, 200)})`).join(', ')}. Nothing was run. Where you trust their author, allow them with --run-programs.`,
    { details: { programs } }
  )
}

async function runToEnd(
  pipelines: Parts['pipelines'],
  { text, parameters, targetStep }: RecordedRun,
  { signal, onProgress }: Pick<ScratchOptions, 'signal' | 'onProgress'>
) {
  const { runId } = await pipelines.run({ yaml: text }, { parameters, targetStep, force: true })
  const stop = (): void => void pipelines.cancel(runId)
  signal?.addEventListener('abort', stop, { once: true })
  if (signal?.aborted) stop()
  try {
    const watching = new AbortController()
    const watch = (async () => {
      for await (const event of pipelines.watchRun(runId, watching.signal))
        if (event.kind === 'progress') onProgress?.(null, `${event.stepId}: ${event.progress.message}`)
    })().catch(() => undefined)
    const run = await pipelines.finished(runId)
    watching.abort()
    await watch
    if (signal?.aborted) throw new WorkbenchError('CANCELLED', 'The reproduction was cancelled. Nothing was kept.')
    if (run.state === 'succeeded') return runId
    const failed = run.steps.find(({ failure }) => failure !== null)?.failure
    throw new WorkbenchError('JOB_FAILED', `The run could not be done again: ${failed?.message ?? run.state}.`, {
      details: { ...failed?.details }
    })
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
