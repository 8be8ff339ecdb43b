import { existsSync, promises as fs } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { fromSystemError } from '../../model/errors'
import { exportWarnings } from '../../model/export-warnings'
import type { PersonId } from '../../model/reference'
import { buildBundleDocuments } from '../bundle-format'
import { openKeyFile } from '../people'
import type { WorkspaceContext } from '../workspace'
import { artifactSha, collectBundleFacts, type ExportSources } from './collect-facts'
import { bundleExport } from './tables'
import { writeBundle, type BundleRequest } from './write-bundle'
import { stampBy } from './stamp-command'
import type { ExportedBundle } from '../../model/commands/bundles'

export type { ExportSources }

export interface ExportWork {
  signal?: AbortSignal
  onProgress?: (stage: string, fraction: number) => void
  /** Runs the write to the ledger; the caller's transaction and record are around it. */
  commit?: (write: () => ExportedBundle) => ExportedBundle
}

/** Signed bundles that left this workspace. */
export interface Bundles {
  list(): ExportedBundle[]
  /** The model card as it would be exported now. */
  card(name: string, version: number): Promise<string>
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

  const write = (
    request: Omit<BundleRequest, 'exports'>,
    { signal, onProgress = () => undefined, commit = (enter) => enter() }: ExportWork
  ) => {
    const earlier = list().filter((each) => each.model === request.name && each.version === request.version && each.available)
    return writeBundle(
      context,
      sources,
      { ...request, exports: earlier.map(({ path }) => path) },
      {
        signal,
        onProgress,
        commit: (row) =>
          commit(() => {
            ledger.insert(bundleExport, row)
            const warnings = exportWarnings(sources.models.get(row.model, row.version))
            return { ...list().find((bundle) => bundle.id === row.id)!, ...(warnings.length > 0 && { warnings }) }
          })
      }
    )
  }
  return {
    list,
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
    async card(name, version) {
      const model = sources.models.get(name, version)
      const run = sources.experiments.run(model.run)
      const sha256 = artifactSha(run, 'model')!
      const files = [{ path: 'model/model.onnx', sha256, size: run.artifacts.find((artifact) => artifact.kind === 'model')!.size }]
      const documents = await buildBundleDocuments(await collectBundleFacts(context, sources, { model, signer: null, files, sample: null }))
      return String(documents.get('card/model-card.html'))
    }
  }
}

/** `model-1.drydock`, or `model-1-2.drydock` when that is taken: an export never replaces another. */
function freePath(folder: string, stem: string): string {
  for (let n = 1; ; n++) {
    const path = join(folder, `${stem}${n === 1 ? '' : `-${n}`}.drydock`)
    if (!existsSync(path)) return path
  }
}
