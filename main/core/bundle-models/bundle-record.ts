import { promises as fs } from 'node:fs'
import type { VerificationReport } from '../../model/bundle'
import { WorkbenchError } from '../../model/errors'
import type { Sha256 } from '../../model/reference'
import { reproductionRecordFile, reproductionRecordSchema, type ReproductionRecord } from '../../model/reproduction-record'
import { fit, inOneSentence } from '../../model/schema-words'
import { withVerifiedBundle, type Trust } from './verified-bundle'

export interface BundleRecord {
  record: ReproductionRecord
  report: VerificationReport
  /** Files of the bundle by digest, where they lie now: what steps were frozen with is among them. */
  objects: ReadonlyMap<Sha256, string>
}

/** Most bytes of a record. */
const mostBytes = 16 * 1024 * 1024

/**
 * The record of the run behind a bundle, after the bundle was verified as `verify` does it; `folder` takes its files.
 * @throws WorkbenchError SIGNATURE_INVALID, POLICY_DENIED, INVALID_INPUT for a bundle without such a record
 */
export const bundleRecord = (bundle: string, trust: Trust, folder: string, signal?: AbortSignal): Promise<BundleRecord> =>
  withVerifiedBundle(bundle, trust, signal, async ({ report, digests, extract }) => {
    if (!digests.has(reproductionRecordFile))
      throw new WorkbenchError(
        'INVALID_INPUT',
        `"${bundle}" has no ${reproductionRecordFile}: an earlier Drydock exported it, or no pipeline made its model. Ask the author for a new export, or reproduce it in its workspace with -w DIR.`
      )
    const objects = new Map<Sha256, string>()
    for (const [name, sha256] of digests) if (!objects.has(sha256)) objects.set(sha256, await extract(name, folder))
    const path = objects.get(digests.get(reproductionRecordFile)!)!
    const read = (await fs.stat(path)).size > mostBytes ? undefined : fit(reproductionRecordSchema, parse(await fs.readFile(path, 'utf8')))
    if (read?.success) return { record: read.data, report, objects }
    throw new WorkbenchError(
      'INVALID_INPUT',
      `${reproductionRecordFile} of "${bundle}" cannot be read${read ? `: ${inOneSentence(read.problems)}` : ': it is too large'}. Use a newer Drydock, or ask the author for a new export.`
    )
  })

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
