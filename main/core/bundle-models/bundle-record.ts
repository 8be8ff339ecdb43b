import { promises as fs } from 'node:fs'
import type { z } from 'zod'
import type { VerificationReport } from '../../model/bundle'
import { WorkbenchError } from '../../model/errors'
import { evaluationSchema } from '../../model/evaluation'
import type { Sha256 } from '../../model/reference'
import { reproductionRecordFile, reproductionRecordSchema, type ReproductionRecord } from '../../model/reproduction-record'
import { fit, inOneSentence } from '../../model/schema-words'
import { findUnboundRecord } from '../bundles'
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
 * @throws WorkbenchError SIGNATURE_INVALID, POLICY_DENIED, INVALID_INPUT for a bundle without such a record, EVIDENCE_MISMATCH for one with
 * the record of another model than the enclosed one
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
    const read = async <S extends z.ZodType>(name: string, schema: S): Promise<z.output<S> | undefined> => {
      const digest = digests.get(name)
      if (digest === undefined) return undefined
      const path = objects.get(digest)!
      const found = (await fs.stat(path)).size > mostBytes ? undefined : fit(schema, parse(await fs.readFile(path, 'utf8')))
      if (found?.success) return found.data
      throw new WorkbenchError(
        'INVALID_INPUT',
        `${name} of "${bundle}" cannot be read${found ? `: ${inOneSentence(found.problems)}` : ': it is too large'}. Use a newer Drydock, or ask the author for a new export.`
      )
    }
    const record = (await read(reproductionRecordFile, reproductionRecordSchema))!
    const evaluation = await read('evidence/evaluation.json', evaluationSchema)
    const unbound = findUnboundRecord(record, evaluation, (name) => digests.get(name))
    if (unbound.length === 0) return { record, report, objects }
    throw new WorkbenchError(
      'EVIDENCE_MISMATCH',
      `The record in "${bundle}" is not about the enclosed model: ${unbound.join(' ')} Nothing was run. Ask the author for a new export.`
    )
  })

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
