import { z } from 'zod'
import { isPlainText } from './plain-text'
import { Sha256 } from './reference'

const IsoTime = z.iso.datetime({ precision: 3 })

/** The two forms of a bundle: a plain directory, or one `.drydock` file (a stored ZIP). */
export const BundleForm = z.enum(['directory', 'file'])
export type BundleForm = z.infer<typeof BundleForm>

/** The curves that OpenSSF Model Signing v1.0 allows, by their common names. */
export const SigningCurve = z.enum(['P-256', 'P-384', 'P-521'])
export type SigningCurve = z.infer<typeof SigningCurve>

/** What a person declares by signing (21 CFR 11.50: the meaning of the signature). */
export const SignatureMeaning = z.enum(['author', 'reviewer', 'approver', 'release'])
export type SignatureMeaning = z.infer<typeof SignatureMeaning>

/** What a person may do, as the reader's trust says it. */
export const TrustRole = z.enum(['author', 'reviewer', 'approver', 'operator'])
export type TrustRole = z.infer<typeof TrustRole>

export const AttestationDecision = z.enum(['approve', 'reject'])
export type AttestationDecision = z.infer<typeof AttestationDecision>

/** The facts of one X.509 certificate; times are UTC ISO, the fingerprint is SHA-256 over the DER bytes. */
export const CertificateFacts = z.object({
  subject: z.string(),
  issuer: z.string(),
  serialNumber: z.string(),
  validFrom: IsoTime,
  validTo: IsoTime,
  fingerprint: Sha256
})
export type CertificateFacts = z.infer<typeof CertificateFacts>

/**
 * Who signed. `keyFingerprint` is SHA-256 over the PEM text of the public key (the hint of model.sig).
 * `anchoredBy` says which trust the reader gave connects to this signer; `none` means that anybody could have made this signature.
 */
export const SignerIdentity = z.object({
  kind: z.enum(['key', 'certificate']),
  keyFingerprint: Sha256,
  curve: SigningCurve.nullable(),
  publicKeyPem: z.string().nullable(),
  certificate: CertificateFacts.nullable(),
  chain: z.array(CertificateFacts),
  anchoredBy: z.enum(['public-key', 'fingerprint', 'root-certificate', 'person', 'none']),
  /** The certificates hold and lead to a root that the reader gave, whoever the reader asked for. */
  isUnderRoot: z.boolean().optional(),
  /** Whether lists of revoked certificates that the reader gave say that this one is good. */
  revocation: z.enum(['not-checked', 'checked', 'unknown']).optional(),
  /** Who this is by the reader's trust, never by what the signer typed; null when the trust gives no name. */
  knownAs: z.string().nullable()
})
export type SignerIdentity = z.infer<typeof SignerIdentity>

/** One file under attestations/, judged; one that does not hold is set aside. A file that is not a decision (provenance, bill of materials) has `decision: null`. */
export const Attestation = z.object({
  file: z.string(),
  /** Of the file; null when it could not be read. */
  sha256: Sha256.nullable(),
  valid: z.boolean(),
  /** Why it is not valid; null when it is. */
  problem: z.string().nullable(),
  predicateType: z.string().nullable(),
  decision: AttestationDecision.nullable(),
  meaning: SignatureMeaning.nullable(),
  name: z.string().nullable(),
  statement: z.string().nullable(),
  time: IsoTime.nullable(),
  /** `untrusted`: the time is what the signer's computer said, nobody else vouches for it. */
  clock: z.enum(['untrusted', 'timestamped']),
  clockNote: z.string(),
  signer: SignerIdentity.nullable(),
  /** It is about an earlier export of this version, which the author lists; it decides nothing about this bundle. */
  earlier: z.boolean(),
  /** The signer of this attestation also signed the bundle: it does not count as an independent review. */
  signedByAuthor: z.boolean()
})
export type Attestation = z.infer<typeof Attestation>

/** `unsupported`: nothing contradicts it, but this program cannot judge it. */
export const CheckStatus = z.enum(['pass', 'fail', 'warn', 'skipped', 'unsupported'])
export type CheckStatus = z.infer<typeof CheckStatus>

/** The checks of a report, always present and always in this order. */
export const verificationCheckIds = [
  'container',
  'layout',
  'signature-format',
  'signature',
  'certificate',
  'files',
  'root',
  'evidence',
  'attestations',
  'trust'
] as const
export const VerificationCheckId = z.enum(verificationCheckIds)
export type VerificationCheckId = z.infer<typeof VerificationCheckId>

/** What is wrong with one named file. */
export const FileProblem = z.object({
  name: z.string(),
  /** `set-aside`: under attestations/, where anybody may put files, and no decision about this bundle. */
  problem: z.enum(['missing', 'added', 'changed', 'refused', 'set-aside']),
  expected: z.string().nullable(),
  actual: z.string().nullable()
})
export type FileProblem = z.infer<typeof FileProblem>

export const VerificationCheck = z.object({
  id: VerificationCheckId,
  title: z.string(),
  status: CheckStatus,
  detail: z.string(),
  files: z.array(FileProblem)
})
export type VerificationCheck = z.infer<typeof VerificationCheck>

/**
 * holds: every check holds, the author is one whom the reader trusts, and all that was asked is there.
 * altered: something does not hold, or the author is another one than the reader trusts; the checks name it.
 * rejected: intact, and somebody whom the reader trusts rejects it.
 * insufficient: intact, but something that was asked is missing; without any trust that is the author.
 */
export const Verdict = z.enum(['holds', 'altered', 'rejected', 'insufficient'])
export type Verdict = z.infer<typeof Verdict>

/** What is asked of a bundle beyond that it is intact and by a trusted author. */
export const VerdictQuestion = z.object({
  /** So many persons whom the reader trusts must approve, the author not counted. */
  approvals: z.number().int().min(1).max(1000).optional(),
  /** The enclosed policy must be met by the enclosed evidence, whatever was decided before. */
  gate: z.literal('pass').optional(),
  /** Somebody whom the reader trusts must have signed the release. */
  stage: z.literal('released').optional()
})
export type VerdictQuestion = z.infer<typeof VerdictQuestion>

/** What a signer says whom the reader does not know: anybody can have signed it, under any name. */
export const UnknownVoice = z.object({ decision: AttestationDecision, name: z.string(), meaning: SignatureMeaning, keyFingerprint: Sha256 })
export type UnknownVoice = z.infer<typeof UnknownVoice>

/** Who decided, by person: only signers whom the reader trusts are counted, and the author approves nothing. */
export const DecisionCount = z.object({
  approvedBy: z.array(z.string()),
  rejectedBy: z.array(z.string()),
  releasedBy: z.array(z.string()),
  unknown: z.array(UnknownVoice),
  /** What the reader signed, with a key of their own that nothing they gave names; `name` is that of the key. It approves nothing. */
  own: z.array(UnknownVoice).optional(),
  /** What a reader of names would be misled by, and what was not counted for another reason. */
  remarks: z.array(z.string())
})
export type DecisionCount = z.infer<typeof DecisionCount>

/** Everything that the verifier found out about one bundle. Sizes are bytes. */
export const VerificationReport = z.object({
  path: z.string(),
  form: BundleForm,
  verdict: Verdict,
  /** One sentence for a human. */
  summary: z.string(),
  /** What was asked and is not there, one sentence each. */
  missing: z.array(z.string()),
  /** What this verdict says nothing about, because it was not asked or cannot be known from the bundle. */
  notChecked: z.array(z.string()),
  decisions: DecisionCount,
  /** When the verification ran. */
  checkedAt: IsoTime,
  /** The moment at which certificate validity was judged. */
  judgedAt: IsoTime,
  /** The name that the signer gave to the bundle. */
  subjectName: z.string().nullable(),
  /** The root digest that the signature states. */
  root: Sha256.nullable(),
  /** SHA-256 of model.sig: the identity of the bundle. */
  bundleDigest: Sha256.nullable(),
  signer: SignerIdentity.nullable(),
  checks: z.array(VerificationCheck),
  attestations: z.array(Attestation),
  totals: z.object({
    signedFiles: z.number().int().nonnegative(),
    signedBytes: z.number().int().nonnegative(),
    attestationFiles: z.number().int().nonnegative(),
    allFiles: z.number().int().nonnegative(),
    allBytes: z.number().int().nonnegative()
  })
})
export type VerificationReport = z.infer<typeof VerificationReport>

/** One file of a bundle: `name` is relative with forward slashes. */
export const BundleFile = z.object({ name: z.string(), bytes: z.number().int().nonnegative() })
export type BundleFile = z.infer<typeof BundleFile>

/** The list of a bundle's files, in byte order of their names; nothing is verified here. */
export const BundleContents = z.object({
  path: z.string(),
  form: BundleForm,
  files: z.array(BundleFile),
  totalBytes: z.number().int().nonnegative()
})
export type BundleContents = z.infer<typeof BundleContents>

const hidden = 'has control or direction characters, which hide or reorder what a reader sees'

/** A human's decision about a bundle, as typed into the reviewer screen or the command line. */
export const DecisionText = z.object({
  name: z
    .string()
    .trim()
    .min(1, 'Enter your printed name')
    .max(200)
    .refine((text) => isPlainText(text), hidden),
  meaning: SignatureMeaning,
  decision: AttestationDecision,
  statement: z
    .string()
    .trim()
    .min(1, 'Enter the statement that you sign')
    .max(10_000)
    .refine((text) => isPlainText(text, { lines: true }), hidden)
})
export type DecisionText = z.infer<typeof DecisionText>

/** What a verdict is called, the same everywhere: bytes that nothing contradicts are not called altered for want of the right signer. */
export function verdictWord({ verdict, checks }: Pick<VerificationReport, 'verdict' | 'checks'>): Verdict | 'not authentic' {
  const failed = checks.filter(({ status }) => status === 'fail')
  const isWhole = failed.every(
    ({ id, files }) =>
      id === 'trust' || id === 'certificate' || (id === 'signature-format' && files.some(({ problem }) => problem === 'missing'))
  )
  return verdict === 'altered' && failed.length > 0 && isWhole ? 'not authentic' : verdict
}
