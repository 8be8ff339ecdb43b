import { verify } from 'node:crypto'
import { WorkbenchError } from '../../model/errors'
import type { Certificate } from './certificate'
import { readTime } from './certificate'
import { signatureHashes } from './cms'
import type { DerElement } from './der'
import { derTags, readDerChildren, readDerElements, readDerOid } from './der'

/** A list of revoked certificates (RFC 5280, section 5); whether its issuer signed it is judged where the issuer is known. */
export interface RevocationList {
  issuerDer: Buffer
  thisUpdate: Date
  /** Null where the list does not say when the next one comes. */
  nextUpdate: Date | null
  /** By serial number (hex): from when on the certificate is not to be trusted. */
  revoked: ReadonlyMap<string, Date>
  isSignedBy(issuer: Certificate): boolean
}

const numberOfList = '2.5.29.20'
const authorityKeyIdentifier = '2.5.29.35'
const invalidityDate = '2.5.29.24'
const reasonCode = '2.5.29.21'
const signsLists = 6
const removed = 8

/** Reads lists of revoked certificates, PEM with one or several, or DER. @throws WorkbenchError INVALID_INPUT */
export function readRevocationLists(file: Buffer): RevocationList[] {
  const blocks = file.toString('latin1').match(/-----BEGIN X509 CRL-----[A-Za-z0-9+/=\s]+-----END X509 CRL-----/g)
  const encoded = blocks?.map((block) => Buffer.from(block.replace(/-----[A-Z0-9 ]+-----/g, ''), 'base64')) ?? [file]
  try {
    return encoded.map(readList)
  } catch (cause) {
    throw new WorkbenchError(
      'INVALID_INPUT',
      `A list of revoked certificates cannot be used: ${cause instanceof Error ? cause.message : String(cause)}. Nothing was verified. Give the complete list of the authority (CRL, PEM or DER).`,
      { cause }
    )
  }
}

function readList(der: Buffer): RevocationList {
  const [body, algorithm, signature] = readDerChildren(der, derTags.sequence)
  if (!body || !algorithm || signature?.tag !== derTags.bitString || signature.content[0] !== 0) throw new Error('it is no such list')
  const fields = readDerElements(body.content)
  if (fields[0]?.tag === derTags.integer) fields.shift()
  const [innerAlgorithm, issuer, thisUpdate, ...rest] = fields
  if (!innerAlgorithm?.whole.equals(algorithm.whole) || !issuer || !thisUpdate) throw new Error('it is no such list')
  const nextUpdate = rest[0] && isTime(rest[0]) ? readTime(rest.shift()) : null
  const entries = rest[0]?.tag === derTags.sequence ? readDerElements(rest.shift()!.content) : []
  const extensions = rest.find(({ tag }) => tag === 0xa0)
  const criticalOf = extensions ? readExtensions(readDerElements(extensions.content)[0]) : []
  const unknown = criticalOf.filter(({ oid, critical }) => critical && oid !== numberOfList && oid !== authorityKeyIdentifier)
  if (unknown.length > 0) throw new Error(`it covers only some certificates, or in a way that is not understood (${unknown[0]?.oid})`)
  const [hash, kind] = signatureHashes[readDerOid(readDerElements(algorithm.content)[0])] ?? []
  return {
    issuerDer: issuer.whole,
    thisUpdate: readTime(thisUpdate),
    nextUpdate,
    revoked: new Map(entries.flatMap(readEntry)),
    isSignedBy({ subjectDer, keyUsage, x509: { publicKey: key } }) {
      if (!subjectDer.equals(issuer.whole) || (keyUsage && !keyUsage.has(signsLists))) return false
      if (hash === undefined || key.asymmetricKeyType !== kind) return false
      if (kind === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) return false
      return verify(hash, body.whole, { key, dsaEncoding: 'der' }, signature.content.subarray(1))
    }
  }
}

const isTime = ({ tag }: DerElement) => tag === 0x17 || tag === 0x18

function readEntry(entry: DerElement): [string, Date][] {
  const [serial, date, wrapper] = readDerElements(entry.content)
  if (serial?.tag !== derTags.integer || !date) throw new Error('an entry is malformed')
  const extensions = readExtensions(wrapper)
  const strange = extensions.find(({ oid, critical }) => critical && oid !== invalidityDate && oid !== reasonCode)
  if (strange) throw new Error(`an entry has a critical extension that is not understood (${strange.oid})`)
  const reason = extensions.find(({ oid }) => oid === reasonCode)
  if (reason && readDerElements(reason.value)[0]?.content[0] === removed) return []
  // a key that was stolen is not to be trusted from the theft on
  const since = extensions.find(({ oid }) => oid === invalidityDate)
  const [revokedAt, invalidFrom] = [readTime(date), since ? readTime(readDerElements(since.value)[0]) : null]
  return [[serial.content.toString('hex'), invalidFrom && invalidFrom < revokedAt ? invalidFrom : revokedAt]]
}

function readExtensions(wrapper: DerElement | undefined): { oid: string; critical: boolean; value: Buffer }[] {
  return (wrapper ? readDerElements(wrapper.content) : []).map((extension) => {
    const parts = readDerElements(extension.content)
    const value = parts[parts.length - 1]
    if (value?.tag !== derTags.octetString) throw new Error('an extension has no value')
    return { oid: readDerOid(parts[0]), critical: parts.length === 3 && parts[1]?.content[0] !== 0, value: value.content }
  })
}

/** What the lists that a reader gave say about one certificate. */
export type RevocationState = { kind: 'good' | 'unknown' } | { kind: 'revoked'; since: Date } | { kind: 'stale'; nextUpdate: Date }

/**
 * @param issuer who issued the certificate, and so signs the list that tells of it
 * @param now the moment at which the list must be the latest one
 */
export function stateOf(certificate: Certificate, issuer: Certificate, lists: readonly RevocationList[], now: Date): RevocationState {
  const own = lists.filter((list) => list.thisUpdate <= now && list.isSignedBy(issuer))
  const serial = certificate.serial.toString('hex')
  const since = own.flatMap((list) => list.revoked.get(serial) ?? []).sort((a, b) => a.getTime() - b.getTime())[0]
  if (since) return { kind: 'revoked', since }
  const [latest] = own.sort((a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime())
  if (!latest) return { kind: 'unknown' }
  return latest.nextUpdate && latest.nextUpdate < now ? { kind: 'stale', nextUpdate: latest.nextUpdate } : { kind: 'good' }
}
