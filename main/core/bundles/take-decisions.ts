import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ExportedBundle } from '../../model/commands/bundles'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import type { Sha256 } from '../../model/reference'
import { judgeDecisions, readDecisions } from '../bundle-format'
import type { People } from '../people'
import type { HeldDecision } from './kept-decisions'

const LARGEST = 4 * 1024 * 1024

/** An exported bundle as decisions are judged against, without its file. */
export const aboutExport = (bundle: ExportedBundle, people: Pick<People, 'holderOf'>) => ({
  root: bundle.rootSha256,
  bundleDigest: bundle.signatureSha256,
  authorFingerprint: bundle.fingerprint,
  authorKeyPem: people.holderOf(bundle.fingerprint)?.key.publicPem ?? null
})

/**
 * The decisions about exports of this workspace in what came back: bundles, or single files of decisions.
 * @throws WorkbenchError NOT_FOUND for what cannot be read, or holds no decision about any of the exports
 */
export async function readBroughtBack(
  paths: readonly string[],
  exports: readonly ExportedBundle[],
  people: Pick<People, 'holderOf'>
): Promise<HeldDecision[]> {
  const found = new Map<Sha256, HeldDecision>()
  for (const path of paths) {
    const own = (await isDecisionFile(path)) ? await fromFile(path, exports, people) : await fromBundle(path, exports)
    if (own.length === 0)
      throw new WorkbenchError(
        'NOT_FOUND',
        `"${basename(path)}" holds no decision about a bundle that this workspace exported, or none whose signature holds. Nothing was kept. Choose the bundle that came back, or a file of its folder "attestations".`
      )
    for (const each of own) found.set(each.known.sha256, each)
  }
  return [...found.values()]
}

async function isDecisionFile(path: string): Promise<boolean> {
  try {
    return path.endsWith('.json') && (await stat(path)).isFile()
  } catch (error) {
    throw fromSystemError(error, `reading "${path}"`)
  }
}

async function fromBundle(path: string, exports: readonly ExportedBundle[]): Promise<HeldDecision[]> {
  const read = await readDecisions(path)
  if (!read || !exports.some(({ signatureSha256 }) => signatureSha256 === read.bundleDigest)) return []
  return read.decisions.map((each) => ({ ...each, bundle: read.bundleDigest }))
}

async function fromFile(path: string, exports: readonly ExportedBundle[], people: Pick<People, 'holderOf'>): Promise<HeldDecision[]> {
  if ((await stat(path)).size > LARGEST) return []
  const bytes = await readFile(path)
  const files = [{ file: 'attestations/brought.dsse.json', bytes }]
  for (const bundle of exports) {
    const { found } = await judgeDecisions(files, aboutExport(bundle, people))
    if (found.length > 0) return found.map((each) => ({ ...each, bundle: bundle.signatureSha256 }))
  }
  return []
}
