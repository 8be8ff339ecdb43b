import { existsSync, promises as fs, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import type { KeyObject } from 'node:crypto'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import type { GateSubject } from '../../model/evidence'
import type { GateFacts } from '../../model/policy'
import { assertEvidence, fittingTables, gateSubjectOf } from './assert-evidence'
import { trainedModelSchema } from '../../model/training'
import { renameDurably } from '../../storage/objects/durable-files'
import { buildBundleDocuments, fingerprintOf, packBundle, signDirectory } from '../bundle-format'
import { deriveGateFacts } from '../policies'
import { openKeyFile } from '../people'
import type { WorkspaceContext } from '../workspace'
import {
  artifactSha,
  collectBundleFacts,
  evaluationOf,
  qualityPageOf,
  qualityReportOf,
  type BundleSigner,
  type ExportSources
} from './collect-facts'
import { listStaged, stageCode, stageModelFiles } from './stage-files'
import { bundleExport } from './tables'
import type { RunId } from '../../model/reference'

export type { ExportSources }

export interface ExportedBundle {
  id: string
  model: string
  version: number
  path: string
  available: boolean
  size: number
  rootSha256: string
  signatureSha256: string
  signer: string
  fingerprint: string
  createdAt: string
}
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
  /** The facts that a gate over this run decides on. */
  gateFacts(run: RunId): Promise<GateFacts>
  /** What such a gate is about. Throws EVIDENCE_MISMATCH. */
  gateSubject(run: RunId): Promise<Omit<GateSubject, 'policy'>>
}

/** What the commands of this feature work with. */
export interface BundlesWriter extends Bundles {
  /** Signs with a person's key of this machine; without a path the bundle goes to `exports/<model>-<version>.drydock`. */
  export(
    request: { name: string; version: number; path?: string; person: string; passphrase: string },
    work?: ExportWork
  ): Promise<ExportedBundle>
  /** Signs with any key file, with its certificate chain when given. */
  exportWithKey(
    request: { name: string; version: number; path: string; keyPath: string; passphrase: string; chainPath?: string },
    work?: ExportWork
  ): Promise<ExportedBundle>
}

interface Signer {
  name: string
  key: KeyObject
  certificateChainPem?: string
}

/** Opens the exports of a workspace. */
export function createBundles(context: WorkspaceContext, sources: ExportSources): BundlesWriter {
  const { ledger, directory, clock } = context
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(directory, path))
  const list = (): ExportedBundle[] =>
    ledger
      .all<Omit<ExportedBundle, 'available'>>(
        `SELECT id, model, version, path, size, root_sha256 AS rootSha256, signature_sha256 AS signatureSha256, signer, fingerprint, created_at AS createdAt
         FROM bundle_export ORDER BY rowid DESC`
      )
      .map((row) => ({ ...row, path: absolute(row.path), available: existsSync(absolute(row.path)) }))

  const signerFacts = ({ name, key, certificateChainPem }: Signer): BundleSigner => ({
    name,
    curve: ({ prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' } as const)[key.asymmetricKeyDetails?.namedCurve as 'prime256v1'],
    keyFingerprint: fingerprintOf(key),
    form: certificateChainPem === undefined ? 'key' : 'certificate'
  })

  /** Stages, composes, signs and packs in tmp/, then moves the finished bundle into place: a failure leaves nothing behind. */
  async function write(
    name: string,
    version: number,
    path: string,
    signer: Signer,
    { signal, onProgress = () => undefined, commit = (write) => write() }: ExportWork
  ): Promise<ExportedBundle> {
    const target = resolve(path)
    if (existsSync(target))
      throw new WorkbenchError('CONFLICT', `"${target}" exists already. Nothing was written; choose another name.`, {
        details: { path: target }
      })
    const model = sources.models.get(name, version)
    const run = sources.experiments.run(model.run)
    await assertEvidence(context, sources, model, run)
    const id = context.newId()
    const work = join(directory, 'tmp', `export-${id}`)
    const staging = join(work, `${name}-${version}`)
    try {
      await fs.mkdir(staging, { recursive: true })
      onProgress('Copying the model and scoring sample rows', 0.1)
      const sample = await stageModelFiles(context, run, staging, signal)
      await stageCode(context, sources.pipelines.lineage(`model:sha256:${artifactSha(run, 'model')}`), staging)
      signal?.throwIfAborted()
      onProgress('Composing the evidence', 0.4)
      if (model.gate) {
        const report = await sources.policies.gate(model.gate.id)
        await put(staging, 'policy/policy.yaml', await context.objects.read(report.sha256))
      }
      const page = await qualityPageOf(context, sources, run)
      if (page !== null) await put(staging, 'evidence/quality-report.html', page)
      const staged = await listStaged(staging)
      const facts = await collectBundleFacts(context, sources, { model, signer: signerFacts(signer), files: staged, sample })
      for (const [file, content] of await buildBundleDocuments(facts)) await put(staging, file, content)
      signal?.throwIfAborted()
      onProgress('Signing every file', 0.7)
      const signed = await signDirectory(staging, { key: signer.key, certificateChainPem: signer.certificateChainPem, at: clock(), signal })
      await fs.mkdir(dirname(target), { recursive: true })
      onProgress('Writing the bundle', 0.9)
      if (target.endsWith('.drydock')) await packBundle(staging, target)
      else await moveFolder(staging, target)
      const stored = relative(directory, target)
      const inside = !stored.startsWith('..') && !isAbsolute(stored)
      const size = target.endsWith('.drydock') ? statSync(target).size : signed.bytes
      return commit(() => {
        ledger.insert(bundleExport, {
          id,
          model: name,
          version,
          path: inside ? stored : target,
          size,
          root_sha256: signed.root,
          signature_sha256: signed.bundleDigest,
          signer: signer.name,
          fingerprint: signed.fingerprint,
          created_at: clock().toISOString()
        })
        return list().find((bundle) => bundle.id === id)!
      })
    } catch (error) {
      if (signal?.aborted) throw new WorkbenchError('CANCELLED', 'The export was cancelled. Nothing was written.', { cause: error })
      throw fromSystemError(error, `exporting ${name}@${version}`)
    } finally {
      await fs.rm(work, { recursive: true, force: true })
    }
  }
  return {
    list,
    async export({ name, version, path, person: personId, passphrase }, work = {}) {
      const person = sources.people.get(personId)
      const held = person.keys.find((key) => key.usable)
      if (!held?.privateKeyPath)
        throw new WorkbenchError(
          'CONFLICT',
          `${person.name} has no signing key on this machine. Make or add one under Settings, People and keys.`
        )
      const { key, fingerprint } = await openKeyFile(held.privateKeyPath, passphrase)
      if (fingerprint !== held.fingerprint)
        throw new WorkbenchError(
          'SIGNATURE_INVALID',
          `The key file "${held.privateKeyPath}" holds another key than that of ${person.name}. Nothing was signed. Put the right file back, or make a new key under Settings, People and keys.`,
          { details: { expected: held.fingerprint, found: fingerprint } }
        )
      const target = path ?? freePath(join(directory, 'exports'), `${name}-${version}`)
      return write(name, version, target, { name: person.name, key }, work)
    },
    async exportWithKey({ name, version, path, keyPath, passphrase, chainPath }, work = {}) {
      const { key, fingerprint } = await openKeyFile(keyPath, passphrase)
      const owner = sources.people.list().find((person) => person.keys.some((known) => known.fingerprint === fingerprint))
      const certificateChainPem =
        chainPath === undefined
          ? undefined
          : await fs.readFile(chainPath, 'utf8').catch((error: unknown) => Promise.reject(fromSystemError(error, `reading "${chainPath}"`)))
      return write(name, version, path, { name: owner?.name ?? `key ${fingerprint.slice(0, 8)}`, key, certificateChainPem }, work)
    },
    async card(name, version) {
      const model = sources.models.get(name, version)
      const run = sources.experiments.run(model.run)
      const sha256 = artifactSha(run, 'model')!
      const files = [{ path: 'model/model.onnx', sha256, size: run.artifacts.find((artifact) => artifact.kind === 'model')!.size }]
      const documents = await buildBundleDocuments(await collectBundleFacts(context, sources, { model, signer: null, files, sample: null }))
      return String(documents.get('card/model-card.html'))
    },
    gateSubject: (id) => gateSubjectOf(context, sources, sources.experiments.run(id)),
    async gateFacts(id) {
      const run = sources.experiments.run(id)
      const trainingSha = artifactSha(run, 'training')
      const training =
        trainingSha === undefined ? null : trainedModelSchema.parse(JSON.parse((await context.objects.read(trainingSha)).toString('utf8')))
      const evaluation = await evaluationOf(context, run)
      const fitting = fittingTables(sources, evaluation?.subject ?? null)
      return deriveGateFacts({
        evaluation,
        quality: await qualityReportOf(context, sources, run, (table) => fitting.includes(table)),
        training,
        run: {
          seeded: run.seed !== null,
          reproducible: run.codeSha256 !== null && run.inputs.length > 0 && Object.keys(run.environment).length > 0,
          trials: sources.experiments.trials(run.experiment).length
        }
      })
    }
  }
}

async function put(staging: string, path: string, content: string | Uint8Array): Promise<void> {
  await fs.mkdir(dirname(join(staging, path)), { recursive: true })
  await fs.writeFile(join(staging, path), content)
}

/** A rename, or a copy where the target lies on another disk; the target appears whole or not at all. */
async function moveFolder(from: string, to: string): Promise<void> {
  try {
    await renameDurably(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    const beside = `${to}.part`
    try {
      await fs.cp(from, beside, { recursive: true, errorOnExist: true, force: false })
      await renameDurably(beside, to)
    } catch (failure) {
      await fs.rm(beside, { recursive: true, force: true })
      throw failure
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
