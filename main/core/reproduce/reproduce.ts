import { randomUUID } from 'node:crypto'
import { existsSync, promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { WorkProgress } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import type { RunId } from '../../model/reference'
import type { Reproduction } from '../../model/reproduction'
import type { Ledger } from '../../storage/ledger/ledger'
import type { Datasets } from '../datasets'
import type { Experiments } from '../experiments'
import { recordedRun, type RecordedRun } from '../pipelines'
import type { WorkspaceContext } from '../workspace'
import { compareFresh, isSame } from './compare-fresh'
import { assertMadeByRecord } from './judged-elsewhere'
import { inScratch } from './scratch'
import { gatherTables, type RecordedTable } from './source-tables'

export interface ReproduceSources {
  openScratchLedger(file: string): Ledger
  readonly experiments: Pick<Experiments, 'run' | 'training'>
  readonly datasets: Pick<Datasets, 'get'>
}

export interface ReproduceWork {
  /** Files that stand for the datasets that the run read. */
  data?: readonly string[]
  signal?: AbortSignal
  onProgress?: (progress: WorkProgress) => void
}

/** Runs that are done again from their record. */
export interface Reproduce {
  /**
   * A fresh run from the record of a run, in a place of its own, held against it: model, metrics, the score of each row. Where the data is
   * another already, that is the answer, and nothing is trained.
   * @throws WorkbenchError NOT_FOUND, INVALID_INPUT for a run without a record, JOB_FAILED, CANCELLED
   */
  again(run: RunId, work?: ReproduceWork): Promise<Reproduction>
}

export function createReproduce(context: WorkspaceContext, { experiments, datasets, openScratchLedger }: ReproduceSources): Reproduce {
  return {
    async again(run, { data = [], signal, onProgress } = {}) {
      const started = performance.now()
      const detail = experiments.run(run)
      if (detail.status !== 'finished')
        throw new WorkbenchError(
          'INVALID_INPUT',
          `The run "${detail.name}" is ${detail.status}, so there is nothing to compare a fresh one with. Choose a finished run.`
        )
      const record = await recordedRun(context, run)
      assertMadeByRecord(record)
      const folder = join(context.directory, 'tmp', `reproduce-data-${randomUUID()}`)
      try {
        onProgress?.({ fraction: null, message: 'Looking at the data' })
        const { tables, differences } = await gatherTables(recordedTables(context, datasets, record), data, folder, signal)
        const found =
          differences.length > 0
            ? { differences, compared: differences.map(({ what }) => what), leftOut: [], environment: [] }
            : await inScratch(
                context,
                record,
                {
                  openLedger: openScratchLedger,
                  tables,
                  signal,
                  onProgress: onProgress && ((fraction, message) => onProgress({ fraction, message }))
                },
                async (fresh) => compareFresh({ detail, training: await experiments.training(run), pathOf: context.objects.pathOf }, fresh)
              )
        return {
          schema: 'drydock.reproduction',
          version: 1,
          of: run,
          same: isSame(found),
          ...found,
          ran: differences.length === 0,
          seconds: (performance.now() - started) / 1000
        }
      } finally {
        await fs.rm(folder, { recursive: true, force: true })
      }
    }
  }
}

function recordedTables(
  { directory }: WorkspaceContext,
  datasets: ReproduceSources['datasets'],
  { sources }: RecordedRun
): RecordedTable[] {
  const known = new Map(sources.map(({ sha256, reference }) => [sha256, reference]))
  return [...known].map(([sha256, reference]): RecordedTable => {
    const path = join(directory, 'data', `${sha256}.arrow`)
    const found = versionOf(datasets, reference)
    return {
      name: found?.name ?? reference.replace(/^dataset:|@.*$/g, ''),
      sha256,
      path: existsSync(path) ? path : null,
      choices: found?.version.choices ?? {},
      source: found?.version.source ?? null
    }
  })
}

/** The version as Data knows it; a dataset may have been removed since. */
function versionOf(datasets: ReproduceSources['datasets'], reference: string) {
  try {
    return datasets.get(reference)
  } catch (error) {
    if (error instanceof WorkbenchError && error.code === 'NOT_FOUND') return undefined
    throw error
  }
}
