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
  anchoredBy: z.enum(['public-key', 'fingerprint', 'root-certificate', 'none'])
})
export type SignerIdentity = z.infer<typeof SignerIdentity>

/** One file under attestations/, judged. A file that is not a decision (provenance, bill of materials) has `decision: null`. */
export const Attestation = z.object({
  file: z.string(),
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
  /** The signer of this attestation also signed the bundle: it does not count as an independent review. */
  signedByAuthor: z.boolean()
})
export type Attestation = z.infer<typeof Attestation>

export const CheckStatus = z.enum(['pass', 'fail', 'warn', 'skipped'])
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
  problem: z.enum(['missing', 'added', 'changed', 'refused']),
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
 * verified: every check holds and the signer is anchored in the trust that the reader gave.
 * untrusted: nothing contradicts the bundle, but the signer is not anchored.
 * failed: something does not hold; the checks name it.
 */
export const Verdict = z.enum(['verified', 'untrusted', 'failed'])
export type Verdict = z.infer<typeof Verdict>

/** Everything that the verifier found out about one bundle. Sizes are bytes. */
export const VerificationReport = z.object({
  path: z.string(),
  form: BundleForm,
  verdict: Verdict,
  /** One sentence for a human. */
  summary: z.string(),
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

/** What the reader trusts. All fields absent means: judge only whether the bundle is consistent. */
export const BundleTrustInput = z.object({
  publicKeyPem: z.string().max(100_000).optional(),
  rootCertificatePem: z.string().max(1_000_000).optional(),
  expectedKeyFingerprint: Sha256.optional(),
  at: z.iso.datetime().optional()
})
export type BundleTrustInput = z.infer<typeof BundleTrustInput>

export const VerifyBundleInput = z.object({ path: z.string().min(1), trust: BundleTrustInput.optional() })
export type VerifyBundleInput = z.infer<typeof VerifyBundleInput>

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

/** A decision with the key file that signs it; the passphrase opens the key and is never stored. */
export const CountersignInput = DecisionText.extend({
  path: z.string().min(1),
  keyPath: z.string().min(1),
  passphrase: z.string().min(1),
  /** PEM, leaf first; when given, the attestation names this certificate instead of the bare key. */
  certificateChainPath: z.string().min(1).optional()
})
export type CountersignInput = z.infer<typeof CountersignInput>

/** The public half of a new signing key. */
export const PublicKeyFacts = z.object({ curve: SigningCurve, publicKeyPem: z.string(), fingerprint: Sha256 })
export type PublicKeyFacts = z.infer<typeof PublicKeyFacts>
