import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { z } from 'zod'
import { Sha256 } from '../../model/reference'
import { sha256, writeFileDurably } from '../../storage/objects/durable-files'
import type { Audit } from '../audit'
import { KnownDecision, readDecisions, weighDecisions, type FoundDecision, type LeftOut, type Room } from '../bundle-format'

/** A decision about one bundle, as the record of the workspace names it. */
export const RecordedDecision = KnownDecision.extend({ bundle: Sha256 })
export type RecordedDecision = z.infer<typeof RecordedDecision>
/** The same with its file; without bytes where only the record knows it any more. */
export type HeldDecision = Omit<FoundDecision, 'bytes'> & { bundle: Sha256; bytes: Buffer | null }

/** Events that say which decisions the workspace knows. */
const EVENTS = ['bundle.countersigned', 'bundle.decided', 'bundle.exported']
const Known = z.object({ known: z.array(RecordedDecision) })

/** What is recorded of decisions: it stays when the file of a bundle is moved or deleted. */
export const recordOf = (held: readonly HeldDecision[]): RecordedDecision[] => held.map(({ bundle, known }) => ({ bundle, ...known }))

/** The decisions that the record of the workspace names, about these bundles. */
export function recordedDecisions(audit: Pick<Audit, 'ofEvents'>, bundles: ReadonlySet<Sha256>): RecordedDecision[] {
  const found = new Map<Sha256, RecordedDecision>()
  for (const { detail } of audit.ofEvents(EVENTS)) {
    const parsed = Known.safeParse(detail)
    for (const each of parsed.success ? parsed.data.known : []) if (bundles.has(each.bundle)) found.set(each.sha256, each)
  }
  return [...found.values()]
}

/** The files of decisions, by their digests, in a folder of the workspace. */
export function createDecisionFiles(workspace: string) {
  const folder = join(workspace, 'exports', 'decisions')
  const pathOf = (digest: Sha256): string => join(folder, `${digest}.dsse.json`)
  return {
    async keep(held: readonly HeldDecision[]): Promise<void> {
      for (const { known, bytes } of held) {
        if (bytes === null || existsSync(pathOf(known.sha256))) continue
        await mkdir(folder, { recursive: true })
        await writeFileDurably(pathOf(known.sha256), bytes)
      }
    },
    /** Null when it is gone, or is not what its name says. */
    async read(digest: Sha256): Promise<Buffer | null> {
      const bytes = await readFile(pathOf(digest)).catch(() => null)
      return bytes && sha256(bytes) === digest ? bytes : null
    }
  }
}
export type DecisionFiles = ReturnType<typeof createDecisionFiles>

/** What is known here of decisions, as far as there is room, with what was left out. */
export interface Gathered {
  held: HeldDecision[]
  leftOut: LeftOut
}

/**
 * The decisions that the workspace knows about these bundles, each once: those of its record, and those that lie in the bundles where they
 * are still in place.
 */
export async function gatherDecisions(
  bundles: readonly { path: string; available: boolean; signatureSha256: Sha256 }[],
  audit: Pick<Audit, 'ofEvents'>,
  files: DecisionFiles,
  room: Room
): Promise<Gathered> {
  const all = new Map<Sha256, HeldDecision>()
  for (const { bundle, ...known } of recordedDecisions(audit, new Set(bundles.map(({ signatureSha256 }) => signatureSha256)))) {
    const stem = `${known.time.replace(/[-:]/g, '').replace('.', '')}-${known.keyFingerprint.slice(0, 12)}`
    all.set(known.sha256, { bundle, known, file: `attestations/${stem}.dsse.json`, bytes: null })
  }
  const left: LeftOut[] = []
  for (const { path, available, signatureSha256 } of bundles) {
    const read = available ? await readDecisions(path, room) : null
    // Another bundle at that path says nothing about the one that was exported.
    if (read?.bundleDigest !== signatureSha256) continue
    left.push(read.leftOut)
    for (const { known, file, bytes } of read.decisions)
      all.set(known.sha256, { bundle: signatureSha256, known, file: all.get(known.sha256)?.file ?? file, bytes })
  }
  const { chosen, leftOut } = weighDecisions([...all.values()], room)
  const names = new Set<string>()
  const held: HeldDecision[] = []
  for (const each of chosen) {
    const file = freeName(each.file, names)
    names.add(file.toLowerCase())
    held.push({ ...each, file, bytes: each.bytes ?? (await files.read(each.known.sha256)) })
  }
  return { held, leftOut: withoutKnown([...left, leftOut], held) }
}

/** What was left out in one place and is held from no other. */
export function withoutKnown(left: readonly LeftOut[], held: readonly { known: KnownDecision }[]): LeftOut {
  const known = new Set(held.map(({ known: { sha256: digest } }) => digest))
  return new Map(left.flatMap((each) => [...each]).filter(([digest]) => !known.has(digest)))
}

/** Two exports may have decisions of one name. */
function freeName(file: string, taken: ReadonlySet<string>): string {
  const stem = basename(file, '.dsse.json')
  for (let number = 1; ; number++) {
    const name = `attestations/${stem}${number === 1 ? '' : `-${number}`}.dsse${extname(file)}`
    if (!taken.has(name.toLowerCase())) return name
  }
}
