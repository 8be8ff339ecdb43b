import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ExportedBundle } from '../../model/commands/bundles'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import type { Sha256 } from '../../model/reference'
import { judgeDecisions, readDecisions, type LeftOut, type Room } from '../bundle-format'
import type { People } from '../people'
import type { Gathered, HeldDecision } from './kept-decisions'

const LARGEST = 4 * 1024 * 1024

/** An exported bundle as decisions are judged against, without its file. */
export const aboutExport = (bundle: ExportedBundle, people: Pick<People, 'holderOf'>) => ({
  root: bundle.rootSha256,
  bundleDigest: bundle.signatureSha256,
  authorFingerprint: bundle.fingerprint,
  authorKeyPem: people.holderOf(bundle.fingerprint)?.key.publicPem ?? null
})

/** People of the workspace are never crowded out of it, be they still there or not. */
export const roomFor = (people: Pick<People, 'holderOf'>): Room => ({ isKept: (fingerprint) => people.holderOf(fingerprint) !== undefined })

/**
 * The decisions about exports of this workspace in what came back: bundles, as far as there is room, or single files of decisions.
 * @throws WorkbenchError NOT_FOUND for what cannot be read, or holds no decision about any of the exports
 */
export async function readBroughtBack(
  paths: readonly string[],
  exports: readonly ExportedBundle[],
  people: Pick<People, 'holderOf'>
): Promise<{ held: HeldDecision[]; left: LeftOut[] }> {
  const found = new Map<Sha256, HeldDecision>()
  const left: LeftOut[] = []
  for (const path of paths) {
    const isFile = await isDecisionFile(path)
    const { held: own, leftOut } = isFile ? await fromFile(path, exports, people) : await fromBundle(path, exports, roomFor(people))
    if (own.length === 0)
      throw new WorkbenchError(
        'NOT_FOUND',
        `"${basename(path)}" holds no decision about a bundle that this workspace exported, or none whose signature holds. Nothing was kept. Choose the bundle that came back, or a file of its folder "attestations".`
      )
    for (const each of own) found.set(each.known.sha256, each)
    left.push(leftOut)
  }
  return { held: [...found.values()], left }
}

async function isDecisionFile(path: string): Promise<boolean> {
  try {
    return path.endsWith('.json') && (await stat(path)).isFile()
  } catch (error) {
    throw fromSystemError(error, `reading "${path}"`)
  }
}

const nothing: Gathered = { held: [], leftOut: new Map() }

async function fromBundle(path: string, exports: readonly ExportedBundle[], room: Room): Promise<Gathered> {
  const read = await readDecisions(path, room)
  if (!read || !exports.some(({ signatureSha256 }) => signatureSha256 === read.bundleDigest)) return nothing
  return { held: read.decisions.map((each) => ({ ...each, bundle: read.bundleDigest })), leftOut: read.leftOut }
}

async function fromFile(path: string, exports: readonly ExportedBundle[], people: Pick<People, 'holderOf'>): Promise<Gathered> {
  if ((await stat(path)).size > LARGEST) return nothing
  const bytes = await readFile(path)
  const files = [{ file: 'attestations/brought.dsse.json', bytes }]
  for (const bundle of exports) {
    const { found } = await judgeDecisions(files, aboutExport(bundle, people))
    if (found.length > 0) return { ...nothing, held: found.map((each) => ({ ...each, bundle: bundle.signatureSha256 })) }
  }
  return nothing
}
