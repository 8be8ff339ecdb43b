import type { KeyObject } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Attestation, DecisionText, VerificationReport } from '../../model/bundle'
import { DecisionText as DecisionTextSchema, verdictWord } from '../../model/bundle'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { buildDecisionStatement } from './attestation-statement'
import type { SignerKey } from './attestation-statement'
import { parseDocument, signStatement } from './dsse'
import { attestationFolder } from './file-names'
import { listKnown, weighDecisions, type KnownDecision } from './known-decisions'
import type { OpenBundle } from './open-bundle'
import { openBundle } from './open-bundle'
import { exists, packEntries, syncFolder, writeContainer, type PackEntry } from './pack-bundle'
import { readSigningChain } from './sign-directory'
import type { BundleTrust, TrustAnchors } from './trust-anchors'
import { readTrust, rolesFor, rolesOf } from './trust-anchors'
import { exportPublicKey, fingerprintOf } from './signing-key'
import { verifyOpened } from './verify-bundle'
import type { Watch } from './verify-files'
import type { Sha256 } from '../../model/reference'

export interface CountersignOptions extends DecisionText, Watch {
  key: KeyObject
  /** PEM, leaf first; the attestation then names this certificate instead of the bare key. */
  certificateChainPem?: string
  /** The signer's clock; now unless told. */
  at?: Date
  /** SHA-256 of the model.sig that the person read; another bundle at the same path is not signed. */
  bundleDigest?: Sha256
  /** Whom the signer trusts as the author; where it names people, also what the signer may sign as. */
  trust?: BundleTrust
  /** Signs although nothing vouches for the author. */
  anyAuthor?: boolean
  /** A new `.drydock` file that takes the bundle with the decision; the given bundle is left as it is (a read-only medium). */
  copyTo?: string
}

export interface Countersigned {
  /** The bundle that carries the decision: the given one or the copy. */
  path: string
  /** The new file, relative to the bundle. */
  file: string
  attestation: Attestation
  /** The report on the bundle with the new attestation. */
  report: VerificationReport
}

/**
 * Adds one person's decision to a bundle as a DSSE attestation: an approval as Simple Verification Result v0.2, a rejection as Test Result
 * v0.1, both with the fields of 21 CFR 11.50. The bundle is verified first, from the same open files. In a directory one file is added; a
 * `.drydock` file is written anew with the old entries byte for byte and then replaced at once, or appears as a copy elsewhere.
 * @throws WorkbenchError SIGNATURE_INVALID or DIGEST_MISMATCH when the bundle does not verify or is not the one that was reviewed,
 *   SIGNER_UNTRUSTED when its author is not one whom the signer trusts, FORBIDDEN when the signer may not sign as that,
 *   INVALID_INPUT for an empty name or statement or unsuitable certificates, FORBIDDEN when the bundle cannot be written to,
 *   CONFLICT when the file of the copy exists
 */
export async function countersign(path: string, options: CountersignOptions): Promise<Countersigned> {
  const text = parseDocument(DecisionTextSchema, pick(options), 'The decision')
  const at = options.at ?? new Date()
  const signer: SignerKey =
    options.certificateChainPem === undefined
      ? { publicKey: exportPublicKey(options.key) }
      : { certificates: readSigningChain(options.key, options.certificateChainPem, at) }
  const fingerprint = fingerprintOf(options.key)
  const bundle = await openBundle(path)
  let file: string
  try {
    const anchors = readTrust(options.trust)
    const { report } = await verifyOpened(bundle, anchors, { signal: options.signal, onProgress: options.onProgress })
    const target = assertIntact(report)
    assertAuthor(report, options.anyAuthor ?? false)
    assertMayClaim(text, fingerprint, report.signer?.keyFingerprint ?? null, anchors)
    if (options.bundleDigest !== undefined && options.bundleDigest !== target.bundleDigest)
      throw new WorkbenchError(
        'DIGEST_MISMATCH',
        'This is not the bundle that you reviewed: another one was put in its place. Nothing was signed. Verify and read it again.',
        { details: { reviewed: options.bundleDigest, found: target.bundleDigest } }
      )
    const known = knownTo(report.attestations, anchors)
    const record = { ...text, time: at.toISOString(), clock: 'untrusted' as const, signer, ...(known.length > 0 && { known }) }
    const envelope = signStatement(buildDecisionStatement(target, record, fingerprint), options.key, fingerprint)
    file = freeName(bundle, at, fingerprint)
    const content = Buffer.from(`${JSON.stringify(envelope)}\n`, 'utf8')
    if (options.copyTo === undefined) await addFile(bundle, file, content).catch(offerCopy)
    else await copyWith(bundle, file, content, options.copyTo)
  } finally {
    await bundle.close()
  }
  const changed = await openBundle(options.copyTo ?? path)
  try {
    const anchors = readTrust({ ...options.trust, own: [...(options.trust?.own ?? []), { name: text.name, fingerprint }] })
    const { report } = await verifyOpened(changed, anchors, {})
    const attestation = report.attestations.find((item) => item.file === file)
    if (!attestation?.valid)
      throw new WorkbenchError(
        'INTERNAL',
        `The new attestation does not verify: ${attestation?.problem ?? 'it is missing'}. Do not send the bundle.`
      )
    return { path: changed.path, file, attestation, report }
  } finally {
    await changed.close()
  }
}

/** What the signer lists: where there is no room for all, those that the reader's trust counts come first. */
function knownTo(attestations: readonly Attestation[], anchors: TrustAnchors): KnownDecision[] {
  const counted = new Set(
    attestations.flatMap(({ signer }) => (signer && rolesOf(signer, anchors).size > 0 ? [signer.keyFingerprint] : []))
  )
  const all = listKnown(attestations).map((known) => ({ known }))
  return weighDecisions(all, { isKept: (fingerprint) => counted.has(fingerprint) }).chosen.map(({ known }) => known)
}

/** Line ends are those of the web: a carriage return alone would let one line cover another on a terminal. */
function pick({ name, meaning, decision, statement }: DecisionText): DecisionText {
  return { name, meaning, decision, statement: statement.replaceAll('\r\n', '\n') }
}

function assertIntact(report: VerificationReport): { name: string; root: Sha256; bundleDigest: Sha256 } {
  const failed = report.checks.find((check) => check.status === 'fail' && check.id !== 'trust')
  const broken = failed ?? (report.verdict === 'altered' && verdictWord(report) !== 'not authentic')
  if (broken || !report.root || !report.bundleDigest || !report.subjectName)
    throw new WorkbenchError(
      failed?.id === 'files' ? 'DIGEST_MISMATCH' : 'SIGNATURE_INVALID',
      `${report.summary} Nothing was signed. Ask the sender for an unaltered copy.`,
      { details: { check: failed?.id ?? null, files: failed?.files ?? [] } }
    )
  return { name: report.subjectName, root: report.root, bundleDigest: report.bundleDigest }
}

/** A decision about a bundle of a stranger would lend him the name of the signer. */
function assertAuthor(report: VerificationReport, anyAuthor: boolean): void {
  const trust = report.checks.find(({ id }) => id === 'trust')
  if (anyAuthor || trust?.status === 'pass') return
  throw new WorkbenchError(
    'SIGNER_UNTRUSTED',
    `It is not known who made this bundle. ${trust?.detail ?? ''} Nothing was signed. Give what you know of the author: the public key, the root certificate or a trust document; or say that you sign without knowing the author.`,
    { details: { fingerprint: report.signer?.keyFingerprint ?? null } }
  )
}

/** What somebody may sign as: the author as nothing else, nobody else as the author, and whom the trust gives roles within these. */
function assertMayClaim({ meaning, decision }: DecisionText, signer: string, author: string | null, anchors: TrustAnchors): void {
  const refuse = (why: string) => new WorkbenchError('FORBIDDEN', `${why} Nothing was signed.`, { details: { meaning } })
  if (meaning === 'author') {
    if (signer === author) return
    throw refuse('Only the key that signed the bundle may sign as its author. Sign as reviewer, approver or release.')
  }
  if (decision === 'reject') return
  if (signer === author)
    throw refuse(`This key signed the bundle, and an approval as ${meaning} by its author is no independent review. Ask somebody else.`)
  if (!anchors.namesPeople || meaning === 'reviewer') return
  const roles = anchors.people.get(signer)?.roles
  if (rolesFor[meaning].some((role) => roles?.has(role))) return
  throw refuse(
    `To sign as ${meaning} takes the role ${rolesFor[meaning].join(' or ')}, which the trust document does not give to the key ${signer.slice(0, 16)}. Sign as reviewer, or ask somebody with that role.`
  )
}

/** Sorted by time, legal on every operating system, and never the name of an older decision. */
function freeName(bundle: OpenBundle, at: Date, fingerprint: string): string {
  const taken = new Set(bundle.list().map((file) => file.name.toLowerCase()))
  const stem = `${attestationFolder}/${at.toISOString().replace(/[-:]/g, '').replace('.', '')}-${fingerprint.slice(0, 12)}`
  for (let number = 1; ; number++) {
    const name = number === 1 ? `${stem}.dsse.json` : `${stem}-${number}.dsse.json`
    if (!taken.has(name.toLowerCase())) return name
  }
}

function entryOf(name: string, content: Buffer): PackEntry {
  return {
    name,
    bytes: content.length,
    async *chunks() {
      yield content
    }
  }
}

/** A medium that cannot take the decision is no reason to give it up: a copy elsewhere can. `details.place` says so to the reviewer page. */
function offerCopy(error: unknown): never {
  const known = fromSystemError(error, 'adding the attestation')
  if (known.code !== 'FORBIDDEN' && known.code !== 'DISK_FULL') throw known
  throw new WorkbenchError(
    known.code,
    `The decision cannot be written into this bundle, which is ${known.code === 'FORBIDDEN' ? 'on a medium or in a folder that is read-only' : 'on a full disk'}. Nothing was changed. Let a copy in another place carry it.`,
    { details: { place: 'bundle' }, cause: known }
  )
}

async function copyWith(bundle: OpenBundle, name: string, content: Buffer, target: string): Promise<void> {
  if (await exists(target)) throw new WorkbenchError('CONFLICT', `${target} exists already. Nothing was written. Choose another name.`)
  await writeContainer(target, [...packEntries(bundle), entryOf(name, content)])
}

async function addFile(bundle: OpenBundle, name: string, content: Buffer): Promise<void> {
  if (bundle.form === 'file') {
    await writeContainer(bundle.path, [...packEntries(bundle), entryOf(name, content)], () => bundle.close())
    return
  }
  const folder = join(bundle.path, attestationFolder)
  const target = join(bundle.path, name)
  try {
    await mkdir(folder, { recursive: true })
    const handle = await open(target, 'wx', 0o644)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } catch (error) {
      await rm(target, { force: true })
      throw error
    } finally {
      await handle.close()
    }
    await syncFolder(folder)
  } catch (error) {
    throw fromSystemError(error, 'adding the attestation')
  }
}
