import { createHash } from 'node:crypto'
import { z } from 'zod'
import { WorkbenchError } from '../../model/errors'
import type { DsseEnvelope as Envelope } from './dsse'
import { Base64, DsseEnvelope, openEnvelope, parseDocument, Sha256Digest, statementType, Subject } from './dsse'
import { attestationFolder, compareNames, findAmbiguousOrder, ignoredPaths, refuseName, signatureFile } from './file-names'
import { parseStrictJson } from './strict-json'
import { digestSchema, type Sha256 } from '../../model/reference'
import { digestFrom } from '../../storage/objects/durable-files'

export const bundleMediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
export const signaturePredicate = 'https://model_signing/signature/v1.0'
/** 100,000 files with long names fit. */
export const largestSignature = 64 * 1024 * 1024

/** OpenSSF Model Signing v1.0, key and certificate mode; the third mode needs an online service. */
const VerificationMaterial = z.union([
  z.strictObject({
    publicKey: z.strictObject({ hint: digestSchema('is not a key fingerprint') }),
    tlogEntries: z.array(z.unknown()).length(0).optional()
  }),
  z.strictObject({
    x509CertificateChain: z.strictObject({
      certificates: z
        .array(z.strictObject({ rawBytes: Base64 }))
        .min(1)
        .max(10)
    }),
    tlogEntries: z.array(z.unknown()).length(0).optional()
  })
])
export type VerificationMaterial = z.infer<typeof VerificationMaterial>

const SignatureBundle = z.strictObject({
  mediaType: z.literal(bundleMediaType),
  verificationMaterial: VerificationMaterial,
  dsseEnvelope: DsseEnvelope
})

const Resource = z.strictObject({ name: z.string().min(1), algorithm: z.literal('sha256'), digest: Sha256Digest.shape.sha256 })
export type Resource = z.infer<typeof Resource>

const SignatureStatement = z.strictObject({
  _type: z.literal(statementType),
  subject: z.array(Subject).length(1),
  predicateType: z.literal(signaturePredicate),
  predicate: z.strictObject({
    serialization: z.strictObject({
      method: z.literal('files'),
      hash_type: z.literal('sha256'),
      allow_symlinks: z.literal(false),
      ignore_paths: z.array(z.enum([...ignoredPaths]))
    }),
    resources: z.array(Resource).min(1, 'lists no file')
  })
})
export type SignatureStatement = z.infer<typeof SignatureStatement>

export interface ModelSignature {
  material: VerificationMaterial
  envelope: Envelope
  statement: SignatureStatement
  signed: Buffer
  signature: Buffer
  root: Sha256
  subjectName: string
  resources: Resource[]
}

/** ROOT of a list of files: SHA-256 over their raw digests, one behind the other. */
export function rootOf(resources: readonly Resource[]): Sha256 {
  const hash = createHash('sha256')
  for (const { digest } of resources) hash.update(Buffer.from(digest, 'hex'))
  return digestFrom(hash)
}

/** The statement over a list of files that is in byte order of the names. */
export function buildStatement(name: string, resources: Resource[]): SignatureStatement {
  return {
    _type: statementType,
    subject: [{ name, digest: { sha256: rootOf(resources) } }],
    predicateType: signaturePredicate,
    predicate: {
      serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: [...ignoredPaths] },
      resources
    }
  }
}

/**
 * Reads model.sig and refuses everything that upstream verifiers let pass: other ignored paths, empty lists, repeated or unsafe names,
 * an ambiguous or wrong order, several signatures, repeated JSON names.
 * @throws WorkbenchError INVALID_INPUT; UNSUPPORTED_VERSION when the format says of itself that it is newer
 */
export function parseModelSignature(bytes: Buffer): ModelSignature {
  const document = parseStrictJson(bytes, signatureFile)
  assertKnownVersion(document, 'mediaType', bundleMediaType)
  const bundle = parseDocument(SignatureBundle, document, signatureFile)
  const { payload, signed, signature } = openEnvelope(bundle.dsseEnvelope)
  const list = parseStrictJson(payload, `The signed list in ${signatureFile}`)
  assertKnownVersion(list, 'predicateType', signaturePredicate)
  const statement = parseDocument(SignatureStatement, list, `The signed list in ${signatureFile}`)
  const { resources } = statement.predicate
  assertResources(resources)
  const [subject] = statement.subject
  if (!subject) throw refuse('names no subject')
  return {
    material: bundle.verificationMaterial,
    envelope: bundle.dsseEnvelope,
    statement,
    signed,
    signature,
    root: subject.digest.sha256,
    subjectName: subject.name,
    resources
  }
}

/** A format that differs from the known one by a higher version number was made by newer software: nothing can be said about it. */
function assertKnownVersion(document: unknown, field: 'mediaType' | 'predicateType', known: string): void {
  const stated = typeof document === 'object' && document !== null ? (document as Record<string, unknown>)[field] : undefined
  const shape = /^(.*[./]v)(\d{1,4})\.(\d{1,4})(\+json)?$/
  const [, stem, major, minor, ending] = shape.exec(known) ?? []
  const [, ...found] = (typeof stated === 'string' ? shape.exec(stated) : null) ?? []
  if (found[0] !== stem || found[3] !== ending) return
  if (Number(found[1]) < Number(major) || (found[1] === major && Number(found[2]) <= Number(minor))) return
  throw new WorkbenchError(
    'UNSUPPORTED_VERSION',
    `The signature has the format v${found[1]}.${found[2]}, and this Drydock reads v${major}.${minor}. It was made by newer software, so nothing could be verified. Update Drydock, or ask the sender for a bundle in the older format.`
  )
}

function assertResources(resources: Resource[]): void {
  let previous: string | null = null
  for (const { name } of resources) {
    const reason = refuseName(name)
    if (reason) throw refuse(`lists a file with ${reason}`)
    const top = name.split('/')[0] ?? ''
    if (ignoredPaths.includes(top) || top === attestationFolder) throw refuse(`lists ${name}, which cannot be signed`)
    if (previous !== null && compareNames(previous, name) >= 0) throw refuse(`lists ${name} twice or out of order`)
    previous = name
  }
  const ambiguous = findAmbiguousOrder(resources.map((resource) => resource.name))
  if (ambiguous) throw refuse(`lists ${ambiguous.join(' and ')}, whose order is ambiguous`)
}

function refuse(problem: string): WorkbenchError {
  return new WorkbenchError(
    'INVALID_INPUT',
    `The signed list in ${signatureFile} ${problem}. It cannot be trusted. Ask the sender for a bundle that was exported again.`
  )
}
