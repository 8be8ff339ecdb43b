import { createHash, verify } from 'node:crypto'
import type { Certificate } from './certificate'
import { readCertificate } from './certificate'
import type { DerElement } from './der'
import { derTags, readDerChildren, readDerElements, readDerOid } from './der'

const signedDataType = '1.2.840.113549.1.7.2'
const rsaKey = '1.2.840.113549.1.1.1'
export const hashNames: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512'
}
/** Signature algorithms with the digest and the kind of key that they take. */
export const signatureHashes: Readonly<Record<string, [hash: string, key: 'rsa' | 'ec']>> = {
  '1.2.840.113549.1.1.11': ['sha256', 'rsa'],
  '1.2.840.113549.1.1.12': ['sha384', 'rsa'],
  '1.2.840.113549.1.1.13': ['sha512', 'rsa'],
  '1.2.840.10045.4.3.2': ['sha256', 'ec'],
  '1.2.840.10045.4.3.3': ['sha384', 'ec'],
  '1.2.840.10045.4.3.4': ['sha512', 'ec']
}
const attributes = { contentType: '1.2.840.113549.1.9.3', messageDigest: '1.2.840.113549.1.9.4' }
const certificateIds = { v1: '1.2.840.113549.1.9.16.2.12', v2: '1.2.840.113549.1.9.16.2.47' }
const mostCertificates = 20

/** A CMS signature (RFC 5652) that one signer made over the enclosed content. */
export interface SignedContent {
  contentType: string
  content: Buffer
  certificates: Certificate[]
  /** Who signed, found among the certificates. */
  signer: Certificate
}

/**
 * Reads a CMS SignedData with exactly one signer and checks all that needs no trust: that the signed attributes name the content, its type
 * and the signer's certificate, and that the signer's key made the signature.
 * @throws Error with a reason; WorkbenchError INVALID_INPUT for malformed ASN.1 or certificates
 */
export function readSignedContent(der: Buffer): SignedContent {
  const [type, wrapper] = readDerChildren(der, derTags.sequence)
  if (!wrapper || readDerOid(type) !== signedDataType || wrapper.tag !== 0xa0) throw new Error('it is no signed data')
  const fields = readDerChildren(wrapper.content, derTags.sequence)
  const [encapsulated] = fields.splice(0, 3).slice(2)
  const signers = fields.pop()
  const enclosed = fields.find(({ tag }) => tag === 0xa0)
  if (!encapsulated || signers?.tag !== 0x31) throw new Error('it is no signed data')
  const [contentType, content] = readDerElements(encapsulated.content)
  const [octets] = content ? readDerElements(content.content) : []
  if (!octets || octets.tag !== derTags.octetString) throw new Error('it holds no content')
  const encoded = (enclosed ? readDerElements(enclosed.content) : []).filter(({ tag }) => tag === derTags.sequence)
  if (encoded.length > mostCertificates) throw new Error('it holds too many certificates')
  const certificates = encoded.map(({ whole }) => readCertificate(whole))
  const [only, ...others] = readDerElements(signers.content)
  if (!only || others.length > 0) throw new Error('it does not have exactly one signer')
  const found = { contentType: readDerOid(contentType), content: octets.content, certificates }
  return { ...found, signer: checkSigner(only, found) }
}

function checkSigner(info: DerElement, { contentType, content, certificates }: Omit<SignedContent, 'signer'>): Certificate {
  const [, id, digest, signedAttributes, algorithm, signature] = readDerElements(info.content)
  if (!id || !digest || signedAttributes?.tag !== 0xa0 || !algorithm || signature?.tag !== derTags.octetString)
    throw new Error('its signer is malformed or signed no attributes')
  const signer = certificates.find((certificate) => isNamed(certificate, id))
  if (!signer) throw new Error('it does not hold the certificate of its signer')
  const hash = hashNames[readDerOid(readDerElements(digest.content)[0])]
  if (hash === undefined) throw new Error('it uses a digest that is not SHA-256, SHA-384 or SHA-512')
  const values = readAttributes(signedAttributes)
  if (readDerOid(values.get(attributes.contentType)) !== contentType) throw new Error('its signer signed content of another type')
  const stated = values.get(attributes.messageDigest)
  if (!stated?.content.equals(createHash(hash).update(content).digest())) throw new Error('its signer signed other content')
  assertOwnCertificate(values, signer)
  // what is signed is the set of the attributes, which inside of the signer has a tag of its own (RFC 5652, section 5.4)
  const signed = Buffer.concat([Buffer.of(0x31), signedAttributes.whole.subarray(1)])
  const named = readDerOid(readDerElements(algorithm.content)[0])
  const [signingHash, kind] = named === rsaKey ? [hash, 'rsa'] : (signatureHashes[named] ?? [])
  const key = signer.x509.publicKey
  if (signingHash === undefined || key.asymmetricKeyType !== kind) throw new Error('it is signed by an algorithm that is not known here')
  if (kind === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
    throw new Error('it is signed with an RSA key under 2048 bits')
  if (!verify(signingHash, signed, { key, dsaEncoding: 'der' }, signature.content)) throw new Error('its signature does not fit')
  return signer
}

/** By issuer and serial number, or by the identifier of the key. */
function isNamed(certificate: Certificate, id: DerElement): boolean {
  if (id.tag === 0x80) return certificate.keyIdentifier?.equals(id.content) ?? false
  const [issuer, serial] = id.tag === derTags.sequence ? readDerElements(id.content) : []
  return !!issuer && !!serial && issuer.whole.equals(certificate.issuerDer) && serial.content.equals(certificate.serial)
}

/** The one value of each attribute. */
function readAttributes(wrapper: DerElement): Map<string, DerElement> {
  const found = new Map<string, DerElement>()
  for (const attribute of readDerElements(wrapper.content)) {
    const [type, values] = readDerElements(attribute.content)
    const oid = readDerOid(type)
    const [value, ...others] = values ? readDerElements(values.content) : []
    if (!value || others.length > 0 || found.has(oid)) throw new Error('its signed attributes are malformed')
    found.set(oid, value)
  }
  return found
}

/** The signer signed which certificate is its own (RFC 5035), so that another one for the same key cannot be put in its place. */
function assertOwnCertificate(values: ReadonlyMap<string, DerElement>, signer: Certificate): void {
  const second = values.get(certificateIds.v2)
  const [first] = readDerElements((second ?? values.get(certificateIds.v1))?.content ?? Buffer.alloc(0))
  const [own] = first ? readDerElements(first.content) : []
  const parts = own ? readDerElements(own.content) : []
  const algorithm = second && parts[0]?.tag === derTags.sequence ? readDerOid(readDerElements(parts.shift()!.content)[0]) : undefined
  const hash = second ? (algorithm === undefined ? 'sha256' : hashNames[algorithm]) : 'sha1'
  const [stated] = parts
  if (
    hash === undefined ||
    stated?.tag !== derTags.octetString ||
    !stated.content.equals(createHash(hash).update(signer.x509.raw).digest())
  )
    throw new Error('its signer did not sign which certificate is its own')
}
