import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { WorkbenchError } from '../../model/errors'
import { Base64, DsseEnvelope, inTotoPayloadType, openEnvelope, parseDocument, Sha256Digest, statementType, Subject } from './dsse'
import { attestationFolder, compareNames, findAmbiguousOrder, ignoredPaths, refuseName, signatureFile } from './file-names'
import { signingParameters } from './signing-key'
import { parseStrictJson } from './strict-json'
import { digestSchema, type Sha256 } from '../../model/reference'
import { digestFrom } from '../../storage/objects/durable-files'

export const bundleMediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
export const signaturePredicate = 'https://model_signing/signature/v1.0'
const digestsPredicate = 'https://model_signing/Digests/v0.1'
/** 100,000 files with long names fit. */
export const largestSignature = 64 * 1024 * 1024

/** Signatures of time-stamping authorities over the signature (RFC 3161); allowed for a key as for certificates. */
const Timestamps = z.strictObject({
  rfc3161Timestamps: z
    .array(z.strictObject({ signedTimestamp: Base64 }))
    .max(10)
    .optional()
})
const common = { tlogEntries: z.array(z.unknown()).length(0).optional(), timestampVerificationData: Timestamps.nullish() }

/** OpenSSF Model Signing v1.0, key and certificate mode. Programs before 1.1 of the reference wrote the key itself instead of its fingerprint. */
const VerificationMaterial = z.union([
  z.strictObject({
    publicKey: z
      .strictObject({
        hint: digestSchema('is not a key fingerprint').optional(),
        rawBytes: Base64.optional(),
        keyDetails: z.string().max(100).optional()
      })
      .refine(({ hint, rawBytes }) => hint !== undefined || rawBytes !== undefined, 'names no key'),
    ...common
  }),
  z.strictObject({
    x509CertificateChain: z.strictObject({
      certificates: z
        .array(z.strictObject({ rawBytes: Base64 }))
        .min(1)
        .max(10)
    }),
    ...common
  })
])
export type VerificationMaterial = z.infer<typeof VerificationMaterial>

const SignatureBundle = z.strictObject({
  mediaType: z.literal(bundleMediaType),
  verificationMaterial: VerificationMaterial,
  dsseEnvelope: DsseEnvelope
})

/** Fields that are not known here are allowed, as the specification demands. */
const Resource = z.object({ name: z.string().min(1), algorithm: z.literal('sha256'), digest: Sha256Digest.shape.sha256 })
export type Resource = z.infer<typeof Resource>

const SignatureStatement = z.object({
  _type: z.literal(statementType),
  subject: z.array(Subject).length(1),
  predicateType: z.literal(signaturePredicate),
  predicate: z.object({
    serialization: z.object({
      method: z.literal('files'),
      hash_type: z.literal('sha256'),
      allow_symlinks: z.boolean(),
      ignore_paths: z.array(z.string()).max(10_000).optional()
    }),
    resources: z.array(Resource).min(1, 'lists no file')
  })
})
export type SignatureStatement = z.infer<typeof SignatureStatement>

/** The form before version 1.0, whose subjects are the files and which states no root. */
const DigestsStatement = z.object({
  _type: z.literal(statementType),
  subject: z.array(z.object({ name: z.string().min(1), digest: Sha256Digest })).min(1, 'lists no file'),
  predicateType: z.literal(digestsPredicate)
})

export interface ModelSignature {
  material: VerificationMaterial
  /** The key that stands in the signature itself; null when it names a key by its fingerprint, or certificates. */
  carriedKey: KeyObject | null
  signed: Buffer
  signature: Buffer
  /** Answers of time-stamping authorities over the signature, base64. */
  timestamps: string[]
  /** The digest under the signature, where it is not the one that goes with the curve. */
  hash?: string
  root: Sha256
  subjectName: string
  resources: Resource[]
  /** Paths that the signer left out of the list beside those that everybody leaves out. */
  ignored: string[]
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
 * Reads model.sig and refuses everything that upstream verifiers let pass: ignored paths that are everything, empty lists, repeated or unsafe
 * names, an ambiguous or wrong order, several signatures, repeated JSON names.
 * @throws WorkbenchError INVALID_INPUT; UNSUPPORTED_VERSION for what the standard allows and this program does not judge, and when the format
 *   says of itself that it is newer
 */
export function parseModelSignature(bytes: Buffer): ModelSignature {
  const document = parseStrictJson(bytes, signatureFile)
  assertKnownVersion(document, 'mediaType', bundleMediaType)
  assertSupportedMaterial(document)
  const bundle = parseDocument(SignatureBundle, document, signatureFile)
  const { payload, signature, ...envelope } = openEnvelope(bundle.dsseEnvelope)
  const list = parseStrictJson(payload, listTitle)
  assertKnownVersion(list, 'predicateType', signaturePredicate)
  const isOld = fieldOf(list, 'predicateType') === digestsPredicate
  const read = isOld ? readDigests(list) : readStatement(list)
  const signed = isOld ? oldSignedBytes(payload) : envelope.signed
  assertResources(read.resources)
  const material = bundle.verificationMaterial
  const carried = 'publicKey' in material ? material.publicKey.rawBytes : undefined
  const carriedKey = carried === undefined ? null : readCarriedKey(Buffer.from(carried, 'base64'))
  const timestamps = material.timestampVerificationData?.rfc3161Timestamps?.map(({ signedTimestamp }) => signedTimestamp) ?? []
  return { material, carriedKey, timestamps, signed, signature, ...(isOld && { hash: 'sha256' }), ...read }
}

/** The key that a signature carries: PEM text, or DER. */
function readCarriedKey(bytes: Buffer): KeyObject {
  let key: KeyObject
  try {
    key = bytes.includes('-----BEGIN PUBLIC KEY-----')
      ? createPublicKey(bytes.toString('utf8'))
      : createPublicKey({ key: bytes, format: 'der', type: 'spki' })
  } catch {
    throw refuse('is signed with a key that cannot be read')
  }
  try {
    signingParameters(key)
  } catch {
    throw unsupported(`was made with a key of another kind (${key.asymmetricKeyType ?? 'unknown'})`)
  }
  return key
}

type SignedList = Pick<ModelSignature, 'root' | 'subjectName' | 'resources' | 'ignored'>
const listTitle = `The signed list in ${signatureFile}`

function readStatement(list: unknown): SignedList {
  assertSupportedSerialization(list)
  const statement = parseDocument(SignatureStatement, list, listTitle)
  const [subject] = statement.subject
  if (!subject) throw refuse('names no subject')
  const { serialization } = statement.predicate
  // one file that was signed without its folder has its name in the subject only
  const resources = statement.predicate.resources.map((resource, _, { length }) =>
    resource.name === '.' && length === 1 ? { ...resource, name: subject.name } : resource
  )
  const ignored = (serialization.ignore_paths ?? []).filter((path) => !ignoredPaths.includes(path))
  for (const path of ignored) {
    const reason = refuseName(path)
    if (reason) throw refuse(`leaves out (ignore_paths) ${reason}`)
  }
  return { root: subject.digest.sha256, subjectName: subject.name, resources, ignored }
}

function readDigests(list: unknown): SignedList {
  const { subject } = parseDocument(DigestsStatement, list, listTitle)
  const resources = subject.map(({ name, digest }): Resource => ({ name, algorithm: 'sha256', digest: digest.sha256 }))
  return { root: rootOf(resources), subjectName: 'model', resources, ignored: [] }
}

/** What programs before 1.0 signed, with SHA-256 for every curve: the payload as Python shows bytes. What else would be escaped is not read. */
function oldSignedBytes(payload: Buffer): Buffer {
  const text = payload.toString('latin1')
  if (!/^[\n\x20-\x26\x28-\x5b\x5d-\x7e]*$/.test(text))
    throw unsupported('is in a form that was given up, with signs that were not signed as they are')
  return Buffer.from(`DSSEV1 ${inTotoPayloadType.length} ${inTotoPayloadType} ${payload.length} b'${text.replaceAll('\n', '\\n')}'`)
}

/** A format that differs from the known one by a higher version number was made by newer software: nothing can be said about it. */
function assertKnownVersion(document: unknown, field: 'mediaType' | 'predicateType', known: string): void {
  const stated = fieldOf(document, field)
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

function fieldOf(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined),
    value
  )
}

/** What the standard allows and is not judged here is no alteration. @throws WorkbenchError UNSUPPORTED_VERSION */
function assertSupportedMaterial(document: unknown): void {
  if (fieldOf(document, 'verificationMaterial', 'certificate') !== undefined)
    throw unsupported('was made without a key of its own (keyless signing), which is judged with services on the internet')
  const entries = fieldOf(document, 'verificationMaterial', 'tlogEntries')
  if (Array.isArray(entries) && entries.length > 0)
    throw unsupported('has an entry of a public log, which is judged with services on the internet')
  if (fieldOf(document, 'messageSignature') !== undefined) throw unsupported('is over a message and not over a list of files')
}

function assertSupportedSerialization(list: unknown): void {
  const serialization = fieldOf(list, 'predicate', 'serialization')
  const [method, hash] = [fieldOf(serialization, 'method'), fieldOf(serialization, 'hash_type')]
  if (method === 'shards') throw unsupported('lists parts of files (shards) and not whole files')
  if (hash === 'blake2b' || hash === 'blake3') throw unsupported(`lists files by ${hash} and not by SHA-256`)
}

export function unsupported(what: string): WorkbenchError {
  return new WorkbenchError(
    'UNSUPPORTED_VERSION',
    `The signature ${what}. This is allowed by OpenSSF Model Signing, but this Drydock does not judge it, so nothing could be verified; nothing says that the bundle was altered. Verify it with the signer's own tool, or ask for a signature with a key or a certificate over whole files.`
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
