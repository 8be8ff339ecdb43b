import type { KeyObject } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type {
  Attestation,
  BundleFile,
  FileProblem,
  SignerIdentity,
  VerdictQuestion,
  VerificationCheck,
  VerificationReport
} from '../../model/bundle'
import { FileProblem as FileProblemSchema } from '../../model/bundle'
import { countOf } from '../../model/count-of'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { printable } from '../../model/plain-text'
import { z } from 'zod'
import type { BundleLimits } from './container-limits'
import { countDecisions, type KnownTo } from './decision-count'
import { checkJudgedEvidence } from './judged-evidence'
import { isSignatureValid } from './dsse'
import { attestationFolder, isOutsideSignature, signatureFile } from './file-names'
import { recoverPublicKey } from './key-recovery'
import { decisionIndexFile, findStripped, readDecisionIndex } from './known-decisions'
import type { ModelSignature } from './model-signature'
import { largestSignature, parseModelSignature, rootOf } from './model-signature'
import { watchModels } from './onnx-locations'
import type { OpenBundle } from './open-bundle'
import { openBundle } from './open-bundle'
import type { Checks } from './report-checks'
import { readerOf, type ReadVerified } from './read-verified'
import { createChecks, judgeTrust, nameFiles } from './report-checks'
import type { KnownSigner } from './signer-identity'
import { describeChain, describeKey } from './signer-identity'
import { fingerprintOf } from './signing-key'
import type { BundleTrust, TrustAnchors } from './trust-anchors'
import { readTrust } from './trust-anchors'
import { decideVerdict, type GateJudgement } from './verdict'
import { verifyAttestations } from './verify-attestations'
import type { Watch } from './verify-files'
import { assertNothingLeftOut, compareFiles } from './verify-files'
import type { Sha256 } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'

export interface VerifyOptions extends Watch {
  limits?: BundleLimits
  /** What the bundle must be besides intact and by a trusted author; nothing unless told. */
  question?: VerdictQuestion
  /** Holds the gate anew; asked only of an intact bundle, and only when the question names the gate. */
  judgeGate?: (verified: ReadonlyMap<string, Sha256>, read: ReadVerified) => Promise<GateJudgement>
}

type GivenTrust = BundleTrust | (() => Promise<BundleTrust>)

/** A report with the files that it is about. */
export interface ExaminedBundle {
  report: VerificationReport
  /** Empty when the container was refused. */
  files: readonly BundleFile[]
  /** SHA-256 by name of every file that is as a sound signature lists it: what is shown later can be held against this. */
  verified: ReadonlyMap<string, Sha256>
}

/**
 * Verifies a bundle directory or `.drydock` file: container, layout, signature, certificates, every file, root digest, attestations, trust.
 * Reads in chunks, writes nothing. Everything wrong with the bundle is a value in the report.
 * @param trust is read once the container is known to be safe
 * @throws WorkbenchError NOT_FOUND or FORBIDDEN when the path cannot be read, INVALID_INPUT when the given trust cannot be parsed
 */
export async function verifyBundle(path: string, trust?: GivenTrust, options: VerifyOptions = {}): Promise<VerificationReport> {
  return (await examineBundle(path, trust, options)).report
}

/** Verifies a bundle and says of each file what it was verified to be; see {@link verifyBundle}. */
export async function examineBundle(path: string, trust?: GivenTrust, options: VerifyOptions = {}): Promise<ExaminedBundle> {
  let bundle: OpenBundle
  try {
    bundle = await openBundle(path, options.limits)
  } catch (error) {
    return reportRefusal(path, error)
  }
  try {
    const anchors = readTrust(typeof trust === 'function' ? await trust() : trust)
    return await verifyOpened(bundle, anchors, options)
  } catch (error) {
    return await reportRefusal(path, fromSystemError(error, 'reading the bundle'))
  } finally {
    await bundle.close()
  }
}

/** Verifies a bundle that is open already; see {@link verifyBundle}. */
export async function verifyOpened(bundle: OpenBundle, anchors: TrustAnchors, options: VerifyOptions): Promise<ExaminedBundle> {
  const checks = createChecks()
  checks.set(
    'container',
    'pass',
    bundle.form === 'file' ? 'Names, sizes and headers are consistent; nothing is compressed or linked.' : 'Names and sizes are safe.'
  )
  checks.set('layout', 'pass', describeLayout(bundle.uncovered))
  const finding: Finding = { signature: null, bundleDigest: null, signer: null, attestations: [], stripped: null }
  let knownTo: KnownTo = new Map()
  let unread: string[] = []
  let unlisted = 0
  let verified = new Map<string, Sha256>()
  const parsed = await readSignature(bundle, checks)
  if (parsed) {
    finding.signature = parsed.signature
    finding.bundleDigest = parsed.digest
    const signer = await judgeSignature(parsed.signature, anchors, checks)
    finding.signer = signer?.identity ?? null
    // a list that nobody signed says nothing about the files
    if (signer) {
      verified = await judgeFiles(bundle, parsed.signature, checks, options)
      const read = readerOf(bundle, verified)
      await checkJudgedEvidence(verified, read, checks)
      const index = readDecisionIndex(await read(decisionIndexFile))
      const target = { root: parsed.signature.root, bundleDigest: parsed.digest, author: signer, anchors, index: index?.decisions ?? null }
      const { attestations, problems, lists, ...decided } = await verifyAttestations(bundle, target)
      knownTo = decided.knownTo
      unread = decided.unread
      unlisted = index?.leftOut ?? 0
      finding.stripped = findStripped(lists, attestations)
      finding.attestations = attestations
      reportAttestations(checks, attestations, problems)
      judgeTrust(checks, signer.identity, anchors)
    }
  }
  const list = checks.list()
  const decisions = countDecisions(finding.attestations, finding.signer, anchors, { knownTo })
  const { question = {}, judgeGate } = options
  const judge = (gate: GateJudgement | null) =>
    decideVerdict(
      {
        checks: list,
        signer: finding.signer,
        decisions,
        gate,
        stripped: finding.stripped,
        unread,
        unlisted,
        uncovered: bundle.uncovered,
        asksForNobody: (anchors.identities ?? []).length === 0
      },
      question
    )
  const first = judge(null)
  const gate = question.gate && judgeGate && first.verdict !== 'altered' ? await judgeGate(verified, readerOf(bundle, verified)) : null
  const decided = gate ? judge(gate) : first
  return { report: { ...describe(bundle, anchors.at, list, finding), ...decided, decisions }, files: bundle.list(), verified }
}

/** What everybody leaves out of a signature is no fault, and no file of the bundle either. */
function describeLayout(uncovered: readonly string[]): string {
  const sound = 'There are no links, special files, empty folders or names whose order is ambiguous.'
  if (uncovered.length === 0) return sound
  return `${sound} No signature covers ${uncovered.join(', ')}: anybody may have put ${uncovered.length === 1 ? 'it' : 'them'} there, and git runs what stands in such files. Do not use git in this folder.`
}

interface Finding {
  signature: ModelSignature | null
  bundleDigest: Sha256 | null
  signer: SignerIdentity | null
  attestations: Attestation[]
  stripped: string[] | null
}

/** The signature file of a bundle, parsed; null where it is missing or of no use, which the checks then say. */
export async function readSignature(bundle: OpenBundle, checks: Checks): Promise<{ signature: ModelSignature; digest: Sha256 } | null> {
  if (!bundle.list().some((file) => file.name === signatureFile)) {
    checks.set('signature-format', 'fail', `The bundle has no ${signatureFile}, so nobody vouches for it.`, [signatureProblem('missing')])
    return null
  }
  try {
    const bytes = await bundle.read(signatureFile, largestSignature)
    const signature = parseModelSignature(bytes)
    assertNothingLeftOut(bundle, signature)
    checks.set(
      'signature-format',
      'pass',
      `${signatureFile} follows OpenSSF Model Signing v1.0 and lists ${countOf(signature.resources.length, 'file')}.`
    )
    return { signature, digest: sha256(bytes) }
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error
    // Newer is not altered.
    if (error.code === 'UNSUPPORTED_VERSION') checks.set('signature-format', 'unsupported', error.message)
    else checks.set('signature-format', 'fail', error.message, [signatureProblem('changed')])
    return null
  }
}

/** @returns the signer when the signature is good, else null */
export async function judgeSignature(model: ModelSignature, anchors: TrustAnchors, checks: Checks): Promise<KnownSigner | null> {
  const fail = (detail: string) => checks.set('signature', 'fail', detail, [signatureProblem('changed')])
  if ('publicKey' in model.material) {
    const { hint, key } = await findKey(model, model.material.publicKey, anchors)
    if (!key || !isSignatureValid(key, model.signed, model.signature, model.hash)) {
      fail(`The signature in ${signatureFile} was not made over this list by the key that it names. The file was changed.`)
      return null
    }
    checks.set('signature', 'pass', `The key ${hint} signed the list.`)
    checks.set('certificate', 'skipped', 'The bundle is signed with a bare key; there is no certificate.')
    return describeKey(key, anchors)
  }
  let signer: KnownSigner
  try {
    signer = describeChain(
      model.material.x509CertificateChain.certificates.map((certificate) => certificate.rawBytes),
      anchors,
      { signature: model.signature, timestamps: model.timestamps }
    )
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error
    checks.set('certificate', 'fail', error.message, [signatureProblem('changed')])
    return null
  }
  if (signer.problems.length)
    checks.set('certificate', 'fail', `The certificates do not hold: ${signer.problems.join('; ')}.`, [signatureProblem('refused')])
  else if (signer.unsure !== null)
    checks.set(
      'certificate',
      'unsupported',
      `Whether the certificate was revoked is not known: ${signer.unsure}. Give its latest list (--crl).`
    )
  else checks.set('certificate', 'pass', describeCertificate(signer))
  if (!isSignatureValid(signer.key, model.signed, model.signature, model.hash)) {
    fail(`The signature in ${signatureFile} was not made over this list by the certificate that it names. The file was changed.`)
    return null
  }
  checks.set('signature', 'pass', `The key of "${signer.identity.certificate?.subject ?? ''}" signed the list.`)
  return signer
}

function describeCertificate({ identity, judgedAt, stampedBy }: KnownSigner): string {
  const time = stampedBy === null ? '' : `, when "${stampedBy}" stamped the signature`
  const revocation = identity.revocation === 'checked' ? 'the lists that you gave do not revoke it' : 'revocation is not checked'
  return `"${identity.certificate?.subject ?? ''}" is valid for code signing at ${judgedAt.toISOString()}${time}; ${revocation}.`
}

type NamedKey = Extract<ModelSignature['material'], { publicKey: unknown }>['publicKey']

/** The key that a signature carries, or that fits the fingerprint it names: the one that was given, else the one that made the signature. */
async function findKey(model: ModelSignature, named: NamedKey, anchors: TrustAnchors): Promise<{ hint: string; key: KeyObject | null }> {
  const carried = model.carriedKey
  const hint = named.hint ?? (carried ? fingerprintOf(carried) : '')
  if (carried) return { hint, key: fingerprintOf(carried) === hint ? carried : null }
  if (anchors.key && anchors.keyFingerprint === hint) return { hint, key: anchors.key }
  return { hint, key: await recoverPublicKey(model.signed, model.signature, hint) }
}

/** @returns the files that are as they were signed */
async function judgeFiles(bundle: OpenBundle, signature: ModelSignature, checks: Checks, watch: Watch): Promise<Map<string, Sha256>> {
  const actual = rootOf(signature.resources)
  if (actual === signature.root) checks.set('root', 'pass', `The list has the root digest ${actual}.`)
  else
    checks.set('root', 'fail', `The list has the root digest ${actual}, but the signature states ${signature.root}.`, [
      signatureProblem('changed')
    ])
  const models = watchModels()
  const problems = await compareFiles(bundle, signature, watch, models)
  if (problems.length) checks.set('files', 'fail', nameFiles(problems), problems)
  else
    checks.set(
      'files',
      'pass',
      signature.resources.length === 1
        ? 'The only file is there and unchanged, and there is no other.'
        : `All ${countOf(signature.resources.length, 'file')} are there and unchanged, and there is no other.`
    )
  const listed = new Map(signature.resources.map(({ name, digest }) => [name, digest]))
  const outside = models.problems((name) => listed.has(name))
  if (outside.size)
    checks.set('layout', 'fail', [...outside.values()][0] ?? '', [...outside.keys()].map((name) => ({ name: printable(name), problem: 'refused', expected: null, actual: null }))) // prettier-ignore
  for (const { name } of problems) listed.delete(name)
  for (const name of outside.keys()) listed.delete(name)
  return listed
}

/** What is under attestations/ and is no decision about this bundle is named and set aside: anybody may have put it there. */
function reportAttestations(checks: Checks, attestations: Attestation[], problems: FileProblem[]): void {
  const holding = attestations.filter(({ valid }) => valid).length
  const held =
    attestations.length === 0
      ? 'There is no attestation yet.'
      : `${countOf(holding, 'attestation')} ${holding === 1 ? 'holds and belongs' : 'hold and belong'} to this bundle.`
  if (problems.length === 0) return checks.set('attestations', 'pass', held)
  const reasons = attestations.filter((item) => !item.valid).map((item) => `${item.file}: ${item.problem ?? ''}`)
  const judged = new Set(attestations.map(({ file }) => file))
  const foreign = problems.filter(({ name }) => !judged.has(name)).map(({ name }) => `${name} is no attestation.`)
  const named = [...reasons, ...foreign]
  const more = named.length > 5 ? ` And ${named.length - 5} more.` : ''
  checks.set('attestations', 'warn', `${held} Set aside, and counted for nothing: ${named.slice(0, 5).join(' ')}${more}`, problems)
}

type Described = Omit<VerificationReport, 'verdict' | 'summary' | 'missing' | 'notChecked' | 'decisions'>

function describe(
  bundle: Pick<OpenBundle, 'path' | 'form' | 'list'>,
  judgedAt: Date,
  checks: VerificationCheck[],
  finding: Finding
): Described {
  const files = bundle.list()
  const signed = files.filter((file) => !isOutsideSignature(file.name))
  const sum = (some: readonly { bytes: number }[]) => some.reduce((total, file) => total + file.bytes, 0)
  return {
    path: bundle.path,
    form: bundle.form,
    checkedAt: new Date().toISOString(),
    judgedAt: judgedAt.toISOString(),
    subjectName: finding.signature?.subjectName ?? null,
    root: finding.signature?.root ?? null,
    bundleDigest: finding.bundleDigest,
    signer: finding.signer,
    checks,
    attestations: finding.attestations,
    totals: {
      signedFiles: signed.length,
      signedBytes: sum(signed),
      attestationFiles: files.filter((file) => file.name.startsWith(`${attestationFolder}/`)).length,
      allFiles: files.length,
      allBytes: sum(files)
    }
  }
}

const Refusal = z.object({ check: z.enum(['container', 'layout']), files: z.array(FileProblemSchema) })

/** A hostile or damaged container is a result, not a crash; a path that cannot be read at all stays an error. */
async function reportRefusal(path: string, error: unknown): Promise<ExaminedBundle> {
  const refusal = error instanceof WorkbenchError ? Refusal.safeParse(error.details) : null
  if (!(error instanceof WorkbenchError) || !refusal?.success) throw error
  const checks = createChecks()
  if (refusal.data.check === 'layout') checks.set('container', 'pass', 'Names and sizes are safe.')
  checks.set(refusal.data.check, 'fail', error.message, refusal.data.files)
  const form = (await stat(path)).isDirectory() ? ('directory' as const) : ('file' as const)
  const list = checks.list()
  const decisions = { approvedBy: [], rejectedBy: [], releasedBy: [], unknown: [], remarks: [] }
  const nothing = { signature: null, bundleDigest: null, signer: null, attestations: [], stripped: null }
  const described = describe({ path, form, list: () => [] }, new Date(), list, nothing)
  const decided = decideVerdict({ checks: list, signer: null, decisions, gate: null, stripped: null }, {})
  return { report: { ...described, ...decided, decisions }, files: [], verified: new Map() }
}

function signatureProblem(problem: FileProblem['problem']): FileProblem {
  return { name: signatureFile, problem, expected: null, actual: null }
}
