import { stat } from 'node:fs/promises'
import type { VerificationReport } from '../../model/bundle'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import type { Sha256 } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'
import { examineBundle, openBundle } from '../bundle-format'
import { KeyRotation, readReleaseDocument, ReleaseDocument } from './release-documents'
import type { KnownKeys, ReleaseKey } from './release-key'
import { afterRotation } from './release-keys'

/** The largest document of a release that is read into memory, bytes. */
const largestDocument = 1024 * 1024

/** Lets a caller stop the work and show how far it is. */
export interface Watch {
  signal?: AbortSignal
  /** 0 to 1; null while nobody can know. */
  onProgress?: (progress: { stage: string; fraction: number | null }) => void
}

/** A release folder or update file whose files are all as one key signed them. */
export interface SignedRelease {
  path: string
  signedBy: Sha256
  /** SHA-256 of every file that was signed, by name. */
  verified: ReadonlyMap<string, Sha256>
}

/** Who vouches for a release, and what it then says. */
export interface TrustedRelease extends SignedRelease {
  key: ReleaseKey
  document: ReleaseDocument
  /** The statement that brought the key in, where it came with this release and nobody knew it before. */
  rotation: KeyRotation | null
}

/**
 * Verifies every file of a release against the signature over it; says nothing of whose signature that is.
 * @throws WorkbenchError SIGNATURE_INVALID with what does not hold; NOT_FOUND, INVALID_INPUT and CANCELLED as openBundle does
 */
export async function verifyRelease(path: string, { signal, onProgress }: Watch = {}): Promise<SignedRelease> {
  await stat(path).catch((error: unknown) => {
    throw fromSystemError(error, 'opening the update file')
  })
  const { report, verified } = await examineBundle(path, undefined, {
    signal,
    onProgress: (fraction) => onProgress?.({ stage: 'Verifying every file', fraction })
  })
  const broken = report.checks.find(({ id, status }) => mustPass(id) && status !== 'pass')
  const signer = report.signer
  if (broken || !signer)
    throw new WorkbenchError('SIGNATURE_INVALID', `${whatBroke(broken)} ${nextCopy}`, {
      details: { check: broken?.id ?? 'signature', files: broken?.files ?? [], detail: broken?.detail ?? null }
    })
  if (signer.kind !== 'key')
    throw new WorkbenchError(
      'SIGNATURE_INVALID',
      'The file is signed with a certificate; releases of Drydock are signed with a key of their own. It is no release.'
    )
  return { path, signedBy: signer.keyFingerprint, verified }
}

const nextCopy = 'Nothing of it is used. Ask for another copy of the file.'
/** What is wrong with the container is said there in the words of bundles, with a next step of theirs. */
function whatBroke(broken: VerificationReport['checks'][number] | undefined): string {
  if (broken?.id === 'container') return 'It is no update file, or it was damaged or cut short on the way.'
  return broken?.detail || 'Nobody has signed this file.'
}

const mustPass = (id: VerificationReport['checks'][number]['id']): boolean =>
  !['certificate', 'evidence', 'attestations', 'trust'].includes(id)

/** A document of a release, as it was signed. @throws WorkbenchError INVALID_INPUT where there is none, DIGEST_MISMATCH where it changed since */
async function readSigned({ path, verified }: SignedRelease, name: string): Promise<Buffer> {
  const bundle = await openBundle(path)
  try {
    const bytes = await bundle.read(name, largestDocument)
    if (sha256(bytes) === verified.get(name)) return bytes
    throw new WorkbenchError('DIGEST_MISMATCH', `${name} changed while the file was read. ${nextCopy}`)
  } finally {
    await bundle.close()
  }
}

/**
 * Finds who vouches for a release, and reads what it says of itself.
 * @throws WorkbenchError SIGNER_UNTRUSTED for a key that nobody here knows, SIGNATURE_INVALID for a rotation that does not hold, INVALID_INPUT
 *   for what is no release of Drydock
 */
export async function trustRelease(release: SignedRelease, known: KnownKeys): Promise<TrustedRelease> {
  const offered = release.verified.has('rotation.json')
    ? readReleaseDocument(KeyRotation, await readSigned(release, 'rotation.json'), 'rotation.json')
    : null
  const before = known.get(release.signedBy)
  const rotated = offered && !isOldNews(before, known, offered) ? afterRotation(known, offered) : null
  const key = (rotated?.known ?? known).get(release.signedBy)
  if (!key)
    throw new WorkbenchError(
      'SIGNER_UNTRUSTED',
      `It is signed by the key ${release.signedBy.slice(0, 16)}, which this Drydock does not take releases from. ${known.size === 0 ? 'This program was built without a release key and takes no update by file; install the new version by hand.' : 'Do not use the file, and ask where it comes from.'}`,
      { details: { fingerprint: release.signedBy } }
    )
  if (!release.verified.has('release.json'))
    throw new WorkbenchError(
      'INVALID_INPUT',
      'It is signed, but has no release.json: it is no release of Drydock. Choose a file that ends in .drydock-update.'
    )
  const document = readReleaseDocument(ReleaseDocument, await readSigned(release, 'release.json'), 'release.json')
  const absent = document.payloads?.find(({ file, sha256: digest }) => release.verified.get(file) !== digest)
  if (absent)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `release.json names ${absent.file}, which the release does not hold as it says. Ask the sender for another copy.`
    )
  return { ...release, key, document, rotation: rotated ? offered : null }
}

/** A release goes on carrying the statement that brought its key in; who pins that key already need not know the former one. */
function isOldNews(signer: ReleaseKey | undefined, known: KnownKeys, offered: KeyRotation): boolean {
  if (!signer) return false
  try {
    afterRotation(known, offered)
    return false
  } catch (error) {
    return error instanceof WorkbenchError && error.code === 'SIGNER_UNTRUSTED'
  }
}
