import { existsSync, promises as fs, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import type { KeyObject } from 'node:crypto'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import type { GateSubject } from '../../model/evidence'
import type { ModelVersionDetail } from '../../model/registry'
import { reproductionRecordFile } from '../../model/reproduction-record'
import { settledFileOf, settledParts } from '../../model/settled'
import { renameDurably } from '../../storage/objects/durable-files'
import {
  buildBundleDocuments,
  decisionIndexFile,
  describeForeignEvidence,
  fingerprintOf,
  judgedParts,
  packBundle,
  signDirectory,
  writeDecisionIndex
} from '../bundle-format'
import type { WorkspaceContext } from '../workspace'
import { assertEvidence } from './assert-evidence'
import { artifactSha, collectBundleFacts, qualityPageOf, type BundleFileFact, type BundleSigner, type ExportSources } from './collect-facts'
import { judgedQuality } from './judged-evidence'
import type { HeldDecision } from './kept-decisions'
import { reproductionRecord } from './reproduction-record'
import { copyObject, listStaged, stageCode, stageModelFiles } from './stage-files'
import type { ExportRow } from './tables'

/** Whose name a bundle carries, and the key that signs it. */
export interface Signer {
  name: string
  key: KeyObject
  certificateChainPem?: string
  /** Nobody in the workspace has the key. */
  isUnowned?: boolean
  /** Asks a time-stamping authority. */
  stamp?: (request: Buffer) => Promise<Buffer>
}
/** A path that does not end in `.drydock` becomes a folder. */
export interface BundleRequest {
  name: string
  version: number
  path: string
  signer: Signer
  /** What is known of decisions about earlier exports of this version. */
  decisions: readonly HeldDecision[]
  /** How many more are known and find no place on its list. */
  leftOut: number
}
interface Progress {
  signal?: AbortSignal
  onProgress: (stage: string, fraction: number) => void
}

/**
 * Stages, composes, signs and packs in tmp/, then moves the finished bundle into place and hands its row to `commit`: a failure leaves
 * nothing behind. Throws CONFLICT where something lies at the path, and as `assertEvidence` does.
 */
export async function writeBundle<T>(
  context: WorkspaceContext,
  sources: ExportSources,
  { name, version, path, signer, decisions, leftOut }: BundleRequest,
  { signal, onProgress, commit }: Progress & { commit: (row: ExportRow) => T }
): Promise<T> {
  const target = resolve(path)
  if (existsSync(target))
    throw new WorkbenchError('CONFLICT', `"${target}" exists already. Nothing was written; choose another name.`, {
      details: { path: target }
    })
  const model = sources.models.get(name, version)
  await assertEvidence(context, sources, model, sources.experiments.run(model.run))
  const id = context.newId()
  const work = join(context.directory, 'tmp', `export-${id}`)
  const staging = join(work, `${name}-${version}`)
  try {
    await fs.mkdir(staging, { recursive: true })
    await stageBundle(context, sources, staging, { model, signer: signerFacts(signer), decisions, leftOut }, { signal, onProgress })
    signal?.throwIfAborted()
    onProgress('Signing every file', 0.7)
    const { key, certificateChainPem, stamp } = signer
    const signed = await signDirectory(staging, { key, certificateChainPem, stamp, at: context.clock(), signal })
    // Outside of the signature, where the index misses them when they are taken out.
    for (const { file, bytes } of decisions) if (bytes) await put(staging, file, bytes)
    await fs.mkdir(dirname(target), { recursive: true })
    onProgress('Writing the bundle', 0.9)
    const packed = target.endsWith('.drydock')
    await (packed ? packBundle(staging, target) : moveFolder(staging, target))
    const stored = relative(context.directory, target)
    const inside = !stored.startsWith('..') && !isAbsolute(stored)
    const row = {
      id,
      model: name,
      version,
      path: inside ? stored : target,
      size: packed ? statSync(target).size : signed.bytes,
      root_sha256: signed.root,
      signature_sha256: signed.bundleDigest,
      signer: signer.name,
      fingerprint: signed.fingerprint,
      created_at: context.clock().toISOString(),
      unowned: signer.isUnowned ? 1 : 0
    }
    try {
      return commit(row)
    } catch (error) {
      await fs.rm(target, { recursive: true, force: true })
      throw error
    }
  } catch (error) {
    if (signal?.aborted) throw new WorkbenchError('CANCELLED', 'The export was cancelled. Nothing was written.', { cause: error })
    throw fromSystemError(error, `exporting ${name}@${version}`)
  } finally {
    await fs.rm(work, { recursive: true, force: true })
  }
}

/** Fills `staging` with everything that is signed. */
async function stageBundle(
  context: WorkspaceContext,
  sources: ExportSources,
  staging: string,
  { model, signer, decisions, leftOut }: { model: ModelVersionDetail; signer: BundleSigner } & Pick<BundleRequest, 'decisions' | 'leftOut'>,
  { signal, onProgress }: Progress
): Promise<void> {
  const run = sources.experiments.run(model.run)
  onProgress('Copying the model and scoring sample rows', 0.1)
  const sample = await stageModelFiles(context, run, staging, signal)
  await stageCode(context, sources.pipelines.lineageOfRun(run.id), staging)
  const record = await reproductionRecord(context, sources, model, run)
  if (record) await put(staging, reproductionRecordFile, `${JSON.stringify(record, null, 2)}\n`)
  signal?.throwIfAborted()
  onProgress('Composing the evidence', 0.4)
  const gate = model.gate && (await sources.policies.gate(model.gate.id))
  if (gate) await copyObject(context, gate.sha256, staging, 'policy/policy.yaml')
  const quality = await judgedQuality(sources, model, run)
  // What was judged leaves as the bytes that were judged.
  for (const [sha256, path] of [
    [artifactSha(run, 'evaluation'), 'evidence/evaluation.json'],
    [quality, 'evidence/quality-report.json'],
    [artifactSha(run, 'training'), 'evidence/training.json'],
    [artifactSha(run, 'import'), 'evidence/import.json'],
    [artifactSha(run, 'parity'), 'evidence/parity.json'],
    [artifactSha(run, 'cross-validation'), 'evidence/cross-validation.json'],
    ...settledParts.map((part) => [artifactSha(run, part), settledFileOf(part)] as const),
    [artifactSha(run, 'explanation'), 'evidence/contributions.json'],
    [artifactSha(run, 'dependence'), 'evidence/dependence.json'],
    [artifactSha(run, 'original'), 'evidence/original.onnx']
  ] as const)
    if (sha256 !== undefined) await copyObject(context, sha256, staging, path)
  await put(
    staging,
    decisionIndexFile,
    writeDecisionIndex(
      decisions.map(({ known }) => known),
      leftOut
    )
  )
  const page = await qualityPageOf(context, sources, run, quality)
  if (page !== null) await put(staging, 'evidence/quality-report.html', page)
  const files = await listStaged(staging)
  if (gate?.subject) assertEnclosed(gate.subject, files)
  const facts = await collectBundleFacts(context, sources, { model, signer, files, sample })
  for (const [file, content] of await buildBundleDocuments(facts)) await put(staging, file, content)
}

/** Throws EVIDENCE_MISMATCH when a file is another one than the gate judged. */
function assertEnclosed(subject: GateSubject, files: readonly BundleFileFact[]): void {
  const foreign = describeForeignEvidence(subject, (path) => files.find((file) => file.path === path)?.sha256, judgedParts)
  if (foreign.length === 0) return
  throw new WorkbenchError(
    'EVIDENCE_MISMATCH',
    `The bundle would hold other evidence than its gate judged: ${foreign.join('; ')}. Nothing was written. Run the gate step again, then export.`
  )
}

const signerFacts = ({ name, key, certificateChainPem }: Signer): BundleSigner => ({
  name,
  curve: ({ prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' } as const)[key.asymmetricKeyDetails?.namedCurve as 'prime256v1'],
  keyFingerprint: fingerprintOf(key),
  form: certificateChainPem === undefined ? 'key' : 'certificate'
})

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
