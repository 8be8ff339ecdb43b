import { randomUUID } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { VerificationReport } from '../../model/bundle'
import { WorkbenchError } from '../../model/errors'
import type { Sha256 } from '../../model/reference'
import type { Reproduction } from '../../model/reproduction'
import type { ReproductionRecord } from '../../model/reproduction-record'
import { createContentStore, type ContentStore } from '../../storage/objects/content-store'
import { bundleRecord, type Trust } from '../bundle-models'
import type { RecordedRun } from '../pipelines'
import { compareFresh, isSame, type ComparedRun } from './compare-fresh'
import { assertMadeByRecord } from './judged-elsewhere'
import type { ReproduceSources, ReproduceWork } from './reproduce'
import { inScratch } from './scratch'
import { gatherTables } from './source-tables'

export interface ReproduceBundle extends ReproduceWork, Pick<ReproduceSources, 'openScratchLedger'> {
  bundle: string
  trust: Trust
  /** Folder for all that is written on the way. */
  temporary: string
  /** Programs that its steps start may be run: they come from whoever made the bundle. */
  programs: boolean
}

/**
 * A fresh run from the record that a bundle carries, over the files that are given, held against what came of it then. Needs no workspace.
 * @throws WorkbenchError SIGNATURE_INVALID, POLICY_DENIED, FORBIDDEN for programs that were not allowed, NOT_FOUND for a table without a
 * file, INVALID_INPUT, JOB_FAILED, CANCELLED
 */
export async function reproduceBundle(options: ReproduceBundle): Promise<{ found: Reproduction; report: VerificationReport }> {
  const { bundle, trust, temporary, programs, data = [], openScratchLedger, signal, onProgress } = options
  const started = performance.now()
  const work = join(temporary, `bundle-${randomUUID()}`)
  await fs.mkdir(join(work, 'files'), { recursive: true })
  await fs.mkdir(join(work, 'tmp'), { recursive: true })
  try {
    onProgress?.({ fraction: null, message: 'Verifying the bundle' })
    const { record, report, objects } = await bundleRecord(bundle, trust, join(work, 'files'), signal)
    assertMadeByRecord(recordedOf(record))
    onProgress?.({ fraction: null, message: 'Looking at the data' })
    const recorded = record.tables.map(({ shape, ...table }) => ({ ...table, path: null, ...(shape && { shape }) }))
    const { tables, differences } = await gatherTables(recorded, data, join(work, 'data'), signal)
    const context = { directory: work, objects: filesOf(objects, join(work, 'objects')), log: () => {} }
    const found =
      differences.length > 0
        ? { differences, compared: differences.map(({ what }) => what), leftOut: [], environment: [] }
        : await inScratch(
            context,
            recordedOf(record),
            {
              ...{ openLedger: openScratchLedger, tables, signal, allowPrograms: programs },
              onProgress: onProgress && ((fraction, message) => onProgress({ fraction, message }))
            },
            (fresh) => compareFresh(comparedOf(record, objects), fresh)
          )
    const reproduction: Reproduction = {
      ...{ schema: 'drydock.reproduction', version: 1, of: record.model },
      same: isSame(found),
      ...found,
      ran: differences.length === 0,
      seconds: (performance.now() - started) / 1000
    }
    return { found: reproduction, report }
  } finally {
    await fs.rm(work, { recursive: true, force: true })
  }
}

/** The files of the bundle as objects, and a place for new ones. */
function filesOf(objects: ReadonlyMap<Sha256, string>, place: string): ContentStore {
  const own = createContentStore(place)
  return {
    ...own,
    has: (sha256) => objects.has(sha256) || own.has(sha256),
    pathOf: (sha256) => objects.get(sha256) ?? own.pathOf(sha256),
    async read(sha256) {
      const path = objects.get(sha256)
      if (path !== undefined) return fs.readFile(path)
      if (own.has(sha256)) return own.read(sha256)
      throw new WorkbenchError(
        'NOT_FOUND',
        `The bundle does not hold a file that a step of the run was given (${sha256.slice(0, 8)}), so it cannot be done again from the bundle. Reproduce it in its workspace with -w DIR.`
      )
    }
  }
}

const recordedOf = ({ pipeline: text, parameters, targetStep, frozen, sources }: ReproductionRecord): RecordedRun => ({
  ...{ text, parameters, targetStep, sources },
  frozen: new Map(Object.entries(frozen))
})

function comparedOf({ found }: ReproductionRecord, objects: ReadonlyMap<Sha256, string>): ComparedRun {
  const { inputs, metrics, environment, modelDigest } = found
  return {
    detail: { inputs, metrics, environment, artifacts: found.artifacts.map((artifact) => ({ ...artifact, name: artifact.kind, size: 0 })) },
    training: modelDigest === null ? null : { modelDigest },
    pathOf: (sha256) => objects.get(sha256) ?? null
  }
}
