import { randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { readCertificatesPem } from './certificate'
import { judgeChain } from './certificate-chain'
import { openEnvelope, signStatement } from './dsse'
import { hashChunks } from './file-chunks'
import { attestationFolder, isOutsideSignature, signatureFile } from './file-names'
import type { Resource, VerificationMaterial } from './model-signature'
import { buildStatement, bundleMediaType, rootOf } from './model-signature'
import { watchModels } from './onnx-locations'
import { openBundle } from './open-bundle'
import { assertSignableLayout } from './container-limits'
import { syncFolder } from './pack-bundle'
import { exportPublicKey, fingerprintOf } from './signing-key'
import { buildTimestampRequest, readTimestamp } from './timestamp'
import { assertNotCancelled } from './verify-files'
import type { Sha256 } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'

export interface SigningOptions {
  key: KeyObject
  /** PEM, leaf first; the leaf must carry the public half of the key. Without it the signature names the bare key. */
  certificateChainPem?: string
  /** The moment at which the certificates must be valid; now unless told. */
  at?: Date
  /** Asks a time-stamping authority: a request (RFC 3161) goes in, the answer comes out. Without it the signature has no proven moment. */
  stamp?: (request: Buffer) => Promise<Buffer>
  /** The subject's name; the name of the directory unless told. */
  name?: string
  signal?: AbortSignal
  onProgress?: (fraction: number) => void
}

export interface SignedDirectory {
  /** ROOT: SHA-256 over the files' digests. */
  root: Sha256
  /** SHA-256 of model.sig: the identity of the bundle. */
  bundleDigest: Sha256
  fingerprint: Sha256
  files: number
  bytes: number
}

/**
 * Signs every file of a directory (OpenSSF Model Signing v1.0) and writes `model.sig` into its root, complete or not at all.
 * @throws WorkbenchError INVALID_INPUT for links, special files, empty folders, unsafe or ambiguous names, models with
 *   weights outside of the folder and unsuitable certificates;
 *   CONFLICT when there are attestations already, which a new signature would make void
 */
export async function signDirectory(directory: string, options: SigningOptions): Promise<SignedDirectory> {
  const fingerprint = fingerprintOf(options.key)
  const material = signingMaterial(options)
  const bundle = await openBundle(directory)
  try {
    if (bundle.form !== 'directory')
      throw new WorkbenchError('INVALID_INPUT', `${directory} is a file. Choose the folder that is to be signed.`)
    if (bundle.list().some((file) => file.name.startsWith(`${attestationFolder}/`)))
      throw new WorkbenchError(
        'CONFLICT',
        'The bundle has attestations, which a new signature would make void. Nothing was signed. Export the model again instead.'
      )
    assertSignableLayout(bundle.uncovered)
    const files = bundle.list().filter((file) => !isOutsideSignature(file.name))
    if (files.length === 0) throw new WorkbenchError('INVALID_INPUT', 'There is no file to sign. Choose the folder of a bundle.')
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    let done = 0
    const resources: Resource[] = []
    const models = watchModels()
    for (const { name } of files) {
      const seen = models.of(name)
      const digest = await hashChunks(bundle.chunks(name), (chunk) => {
        assertNotCancelled(options.signal)
        seen?.push(chunk)
        options.onProgress?.((done += chunk.length) / Math.max(1, bytes))
      })
      resources.push({ name, algorithm: 'sha256', digest })
    }
    const names = new Set(resources.map(({ name }) => name))
    const [outside] = models.problems((name) => names.has(name)).values()
    if (outside !== undefined)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `${outside} Nothing was signed. Put them into the folder of the model, or into the model itself.`
      )
    const statement = buildStatement(options.name ?? basename(resolve(directory)), resources)
    const dsseEnvelope = signStatement(statement, options.key, '')
    const stamped = options.stamp && (await askForStamp(openEnvelope(dsseEnvelope).signature, options.stamp))
    const text = JSON.stringify({
      mediaType: bundleMediaType,
      verificationMaterial: {
        ...material,
        ...(stamped && { timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: stamped }] } })
      },
      dsseEnvelope
    })
    await writeWhole(join(directory, signatureFile), text)
    const bundleDigest = sha256(text)
    return { root: rootOf(resources), bundleDigest, fingerprint, files: files.length, bytes }
  } finally {
    await bundle.close()
  }
}

/** The answer as base64, which is held against what was asked. @throws WorkbenchError INVALID_INPUT */
async function askForStamp(signature: Buffer, stamp: NonNullable<SigningOptions['stamp']>): Promise<string> {
  const { request, nonce } = buildTimestampRequest(signature)
  const answer = await stamp(request)
  try {
    const { nonce: returned } = readTimestamp(answer, signature)
    if (!returned?.equals(nonce)) throw new Error('answers another request')
  } catch (cause) {
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The time stamp that the authority gave ${cause instanceof Error ? cause.message : String(cause)}. Nothing was signed. Check the command of the time-stamping authority.`,
      { cause }
    )
  }
  return answer.toString('base64')
}

/** Names the signer: the hint of the bare key, or the certificate chain after it was judged. */
function signingMaterial(options: SigningOptions): VerificationMaterial {
  if (options.certificateChainPem === undefined) return { publicKey: { hint: fingerprintOf(options.key) }, tlogEntries: [] }
  const certificates = readSigningChain(options.key, options.certificateChainPem, options.at ?? new Date())
  return { x509CertificateChain: { certificates: certificates.map((rawBytes) => ({ rawBytes })) }, tlogEntries: [] }
}

/** The chain as base64 DER, leaf first. @throws WorkbenchError INVALID_INPUT when it does not fit the key or is not for signing code */
export function readSigningChain(key: KeyObject, pem: string, at: Date): string[] {
  const chain = readCertificatesPem(pem)
  const [leaf] = chain
  if (!leaf || exportPublicKey(leaf.x509.publicKey) !== exportPublicKey(key))
    throw new WorkbenchError(
      'INVALID_INPUT',
      'The first certificate does not belong to the key. Nothing was signed. Give the chain of this key, its own certificate first.'
    )
  const { problems } = judgeChain(chain, [], at)
  if (problems.length)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `These certificates cannot sign: ${problems.join('; ')}. Nothing was signed. Ask your certificate authority for a code-signing certificate.`
    )
  return chain.map((certificate) => certificate.x509.raw.toString('base64'))
}

/** Writes a file beside its place, makes it durable and renames it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const partial = `${path}.${randomBytes(6).toString('hex')}.partial`
  try {
    const handle = await open(partial, 'wx', 0o644)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(partial, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(partial, { force: true })
    throw fromSystemError(error, `writing ${basename(path)}`)
  }
}
