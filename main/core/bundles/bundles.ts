import { existsSync, promises as fs } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { fromSystemError } from '../../model/errors'
import { exportWarnings } from '../../model/export-warnings'
import { contentReference, printReference, type PersonId } from '../../model/reference'
import { buildBundleDocuments, describeLeftOut, judgeDecisions, weighDecisions, type LeftOut } from '../bundle-format'
import { documentOf, type WorkbenchDocument } from '../documents'
import { openKeyFile } from '../people'
import type { WorkspaceContext } from '../workspace'
import { artifactSha, collectBundleFacts, type ExportSources } from './collect-facts'
import {
  createDecisionFiles,
  gatherDecisions,
  recordedDecisions,
  recordOf,
  withoutKnown,
  type Gathered,
  type HeldDecision,
  type RecordedDecision
} from './kept-decisions'
import { trustInPeople } from './kept-people'
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
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(directory, path))
  const list = (): ExportedBundle[] =>
    ledger
      .all<Omit<ExportedBundle, 'available' | 'unowned'> & { unowned: number }>(
        `SELECT id, model, version, path, size, root_sha256 AS rootSha256, signature_sha256 AS signatureSha256, signer, fingerprint, created_at AS createdAt, unowned
         FROM bundle_export ORDER BY rowid DESC`
      )
      .map(({ unowned, ...row }) => ({
        ...row,
        ...(unowned === 1 && { unowned: true as const }),
        path: absolute(row.path),
        available: existsSync(absolute(row.path))
      }))

  const files = createDecisionFiles(directory)
  const room = roomFor(sources.people)
  const recordedOf = (held: readonly HeldDecision[]) => recordedDecisions(sources.audit, new Set(held.map(({ bundle }) => bundle)))
  const unrecorded = (held: readonly HeldDecision[]): HeldDecision[] => {
    const known = new Set(recordedOf(held).map((each) => each.sha256))
    return held.filter((each) => !known.has(each.known.sha256))
  }
  /** What there is room for about each bundle, beside what is recorded of it, which stays. */
  const fitting = ({ held, left }: { held: readonly HeldDecision[]; left: readonly LeftOut[] }): Gathered => {
    const fresh = new Set(unrecorded(held))
    const recorded = recordedOf(held).map(({ bundle, ...known }) => ({ bundle, known }))
    const leftOut = [...new Set(held.map(({ bundle }) => bundle))].map((about) => {
      const ofBundle = [...recorded, ...fresh].filter(({ bundle }) => bundle === about)
      return weighDecisions(ofBundle, room).leftOut
    })
    const out = withoutKnown([...left, ...leftOut], recorded)
    return { held: held.filter(({ known }) => !out.has(known.sha256)), leftOut: out }
  }
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
      const { key, fingerprint } = await openKeyFile(keyPath, passphrase)
      sources.people.assertMaySign(fingerprint)
      const owner = sources.people.holderOf(fingerprint)?.person
      const certificateChainPem =
        chainPath === undefined
          ? undefined
          : await fs.readFile(chainPath, 'utf8').catch((error: unknown) => Promise.reject(fromSystemError(error, `reading "${chainPath}"`)))
      const signer = {
        name: owner?.name ?? `key ${fingerprint.slice(0, 8)}`,
        key,
        certificateChainPem,
        isUnowned: owner === undefined,
        stamp: tsaCommand === undefined ? undefined : stampBy(tsaCommand, work.signal, tsaDirectory)
      }
      return write({ name, version, path, signer }, work)
    },
    async cardDocument(name, version) {
      const model = sources.models.get(name, version)
      const run = sources.experiments.run(model.run)
      const sha256 = artifactSha(run, 'model')!
      const files = [{ path: 'model/model.onnx', sha256, size: run.artifacts.find((artifact) => artifact.kind === 'model')!.size }]
      const facts = await collectBundleFacts(context, sources, { model, signer: null, files, sample: null })
      const page = String((await buildBundleDocuments(facts)).get('card/model-card.html'))
      const reference = `${printReference({ kind: 'model', name, number: version })} \u00b7 ${contentReference('model', null, sha256)}`
      return documentOf(page, { reference, at: facts.generatedAt })
    }
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
