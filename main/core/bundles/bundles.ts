import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { exportWarnings } from '../../model/export-warnings'
import type { PersonId } from '../../model/reference'
import { describeLeftOut, judgeDecisions, type LeftOut } from '../bundle-format'
import type { WorkbenchDocument } from '../documents'
import type { WorkspaceContext } from '../workspace'
import { makeCardDocument } from './card-document'
import type { ExportSources } from './collect-facts'
import { createDecisionRoom } from './decision-room'
import { createDecisionFiles, gatherDecisions, recordOf, type HeldDecision, type RecordedDecision } from './kept-decisions'
import { trustInPeople } from './kept-people'
import { listExports } from './list-exports'
import { signerOfFile } from './signer-of-file'
import { findStandingRejections } from './standing-rejections'
import { bundleExport } from './tables'
import { aboutExport, readBroughtBack, roomFor } from './take-decisions'
import { writeBundle, type BundleRequest } from './write-bundle'
import { stampBy } from './stamp-command'
import type { DecidedBundle, ExportedBundle, StandingRejection } from '../../model/commands/bundles'

export type { ExportSources }

/** An export with the decisions about earlier ones that it found and the record does not name yet. */
export interface ExportMade {
  exported: ExportedBundle
  known: RecordedDecision[]
}

export interface ExportWork {
  signal?: AbortSignal
  onProgress?: (stage: string, fraction: number) => void
  /** Runs the write to the ledger; the caller's transaction and record are around it. */
  commit?: (write: () => ExportMade) => ExportMade
}

/** Signed bundles that left this workspace. */
export interface Bundles {
  list(): ExportedBundle[]
  /** What was decided about exports, as far as it is known here, counted by people of this workspace; those without a decision are left out. */
  decisions(): Promise<DecidedBundle[]>
  /** By whom of the workspace a version is rejected, over all of its exports. */
  rejections(name: string, version: number): Promise<StandingRejection[]>
  /** The model card as it would be exported now. */
  cardDocument(name: string, version: number): Promise<WorkbenchDocument>
}

/** What the commands of this feature work with. */
export interface BundlesWriter extends Bundles {
  /** Signs with a person's key of this machine; without a path the bundle goes to `exports/<model>-<version>.drydock`. */
  export(
    request: { name: string; version: number; path?: string; person: PersonId; passphrase: string },
    work?: ExportWork
  ): Promise<ExportedBundle>
  /** Signs with any key file, with its certificate chain when given. */
  exportWithKey(
    request: {
      name: string
      version: number
      path: string
      keyPath: string
      passphrase: string
      chainPath?: string
      tsaCommand?: string
      tsaDirectory?: string
    },
    work?: ExportWork
  ): Promise<ExportedBundle>
  /**
   * The decisions in what came back that there is room for beside those that the record names, of which `isNew` are those that it does not
   * name yet; and what was left out. Writes nothing.
   */
  broughtBack(paths: readonly string[]): Promise<{ held: (HeldDecision & { isNew: boolean })[]; leftOut: LeftOut }>
  /** Keeps the files of decisions; the record names them. */
  keep(held: readonly HeldDecision[]): Promise<void>
}

/** Opens the exports of a workspace. */
export function createBundles(context: WorkspaceContext, sources: ExportSources): BundlesWriter {
  const { ledger, directory } = context
  const list = (): ExportedBundle[] => listExports(context)
  const files = createDecisionFiles(directory)
  const room = roomFor(sources.people)
  const { unrecorded, fitting } = createDecisionRoom(sources.audit, room)
  const write = async (
    request: Omit<BundleRequest, 'decisions' | 'leftOut'>,
    { signal, onProgress = () => undefined, commit = (enter) => enter() }: ExportWork
  ): Promise<ExportedBundle> => {
    const earlier = list().filter((each) => each.model === request.name && each.version === request.version)
    const { held: decisions, leftOut } = await gatherDecisions(earlier, sources.audit, files, room)
    await files.keep(decisions)
    const made = await writeBundle(
      context,
      sources,
      { ...request, decisions, leftOut: leftOut.size },
      {
        signal,
        onProgress,
        commit: (row) =>
          commit(() => {
            ledger.insert(bundleExport, row)
            const warnings = [...exportWarnings(sources.models.get(row.model, row.version)), ...unlisted(leftOut)]
            const exported = { ...list().find((bundle) => bundle.id === row.id)!, ...(warnings.length > 0 && { warnings }) }
            return { exported, known: recordOf(unrecorded(decisions)) }
          })
      }
    )
    return made.exported
  }
  return {
    list,
    async decisions() {
      const trust = { document: trustInPeople(sources.people.list()) }
      const decided: DecidedBundle[] = []
      for (const bundle of list()) {
        const { held, leftOut } = await gatherDecisions([bundle], sources.audit, files, room)
        const readable = held.flatMap(({ file, bytes }) => (bytes ? [{ file, bytes }] : []))
        const { decisions } = await judgeDecisions(readable, aboutExport(bundle, sources.people), trust)
        const lost = held.length - readable.length
        const remarks = [...decisions.remarks, ...unlisted(leftOut)]
        if (held.length > 0) decided.push({ id: bundle.id, model: bundle.model, version: bundle.version, ...decisions, remarks, lost })
      }
      return decided
    },
    async rejections(name, version) {
      const exports = list().filter((each) => each.model === name && each.version === version)
      const { held } = await gatherDecisions(exports, sources.audit, files, room)
      return findStandingRejections(held, exports, sources.people)
    },
    async broughtBack(paths) {
      const { held, leftOut } = fitting(await readBroughtBack(paths, list(), sources.people))
      const fresh = new Set(unrecorded(held))
      return { held: held.map((each) => ({ ...each, isNew: fresh.has(each) })), leftOut }
    },
    keep: (held) => files.keep(held),
    async export({ name, version, path, person: personId, passphrase }, work = {}) {
      const person = sources.people.get(personId)
      const { key } = await sources.people.openKey(personId, passphrase)
      const target = path ?? freePath(join(directory, 'exports'), `${name}-${version}`)
      return write({ name, version, path: target, signer: { name: person.name, key } }, work)
    },
    async exportWithKey({ name, version, path, keyPath, passphrase, chainPath, tsaCommand, tsaDirectory }, work = {}) {
      const signer = await signerOfFile(sources.people, { keyPath, passphrase, chainPath })
      const stamp = tsaCommand === undefined ? undefined : stampBy(tsaCommand, work.signal, tsaDirectory)
      return write({ name, version, path, signer: { ...signer, stamp } }, work)
    },
    cardDocument: (name, version) => makeCardDocument(context, sources, name, version)
  }
}

const unlisted = (leftOut: LeftOut): string[] => (leftOut.size > 0 ? [`Not listed: ${describeLeftOut(leftOut)}.`] : [])

/** `model-1.drydock`, or `model-1-2.drydock` when that is taken: an export never replaces another. */
function freePath(folder: string, stem: string): string {
  for (let n = 1; ; n++) {
    const path = join(folder, `${stem}${n === 1 ? '' : `-${n}`}.drydock`)
    if (!existsSync(path)) return path
  }
}
