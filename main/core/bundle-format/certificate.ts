import { X509Certificate } from 'node:crypto'
import type { CertificateFacts } from '../../model/bundle'
import { WorkbenchError } from '../../model/errors'
import { printable } from '../../model/plain-text'
import type { DerElement } from './der'
import { derTags, readDerChildren, readDerElements, readDerInteger, readDerOid } from './der'
import { sha256 } from '../../storage/objects/durable-files'

/** What path validation needs to know of one X.509 v3 certificate (RFC 5280). */
export interface Certificate {
  x509: X509Certificate
  facts: CertificateFacts
  issuerDer: Buffer
  subjectDer: Buffer
  /** The content of the serial number, as it is encoded. */
  serial: Buffer
  /** Its object identifier; of RSA-PSS, which is as strong as its digest, followed by that of the digest. */
  signatureAlgorithm: string
  validFrom: Date
  validTo: Date
  /** Bits by number, 0 = digitalSignature, 5 = keyCertSign; null when the extension is absent. */
  keyUsage: Set<number> | null
  extendedKeyUsage: string[] | null
  /** Whether the extended key usage is marked as critical. */
  isUsageCritical: boolean
  /** E-mail addresses, DNS names and addresses (URI) of the subject's alternative name. */
  alternativeNames: string[]
  /** The identifier of its own key; null when it states none. */
  keyIdentifier: Buffer | null
  isAuthority: boolean
  pathLength: number | null
  /** Critical extensions that are not understood here. */
  unknownCritical: string[]
}

const rsaPss = '1.2.840.113549.1.1.10'
const sha1 = '1.3.14.3.2.26'
const understood = { keyUsage: '2.5.29.15', basicConstraints: '2.5.29.19', extendedKeyUsage: '2.5.29.37', alternativeName: '2.5.29.17' }
const keyIdentifier = '2.5.29.14'

/** Reads one DER certificate. @throws WorkbenchError INVALID_INPUT */
export function readCertificate(der: Buffer): Certificate {
  try {
    const x509 = new X509Certificate(der)
    if (!x509.raw.equals(der)) throw new Error('bytes behind the certificate')
    const [body, algorithm] = readDerChildren(der, derTags.sequence)
    if (!body || !algorithm) throw new Error('not a certificate')
    const fields = readDerElements(body.content)
    if (fields[0]?.tag === 0xa0) fields.shift()
    const [serial, innerAlgorithm, issuer, validity, subject] = fields
    if (!serial || !innerAlgorithm || !issuer || !validity || !subject || !innerAlgorithm.whole.equals(algorithm.whole))
      throw new Error('not a certificate')
    const [from, to] = readDerElements(validity.content)
    const validFrom = readTime(from)
    const validTo = readTime(to)
    const wrapper = fields.find((field) => field.tag === 0xa3)
    return {
      x509,
      issuerDer: issuer.whole,
      subjectDer: subject.whole,
      serial: serial.content,
      signatureAlgorithm: readSignatureAlgorithm(algorithm),
      validFrom,
      validTo,
      facts: {
        subject: oneLine(x509.subject),
        issuer: oneLine(x509.issuer),
        serialNumber: x509.serialNumber,
        validFrom: validFrom.toISOString(),
        validTo: validTo.toISOString(),
        fingerprint: sha256(der)
      },
      ...readExtensions(wrapper)
    }
  } catch (cause) {
    throw new WorkbenchError('INVALID_INPUT', 'A certificate is damaged or not an X.509 certificate. Ask its owner for a new copy.', {
      cause
    })
  }
}

const organisation = '2.5.4.10'

/** All that a reader may ask a certificate to say: its subject on one line, an organisation of it, an alternative name. */
export function identitiesOf({ facts, subjectDer, alternativeNames }: Certificate): string[] {
  const organisations = readDerChildren(subjectDer, derTags.sequence)
    .flatMap((set) => readDerElements(set.content))
    .map((attribute) => readDerElements(attribute.content))
    .filter(([type]) => readDerOid(type) === organisation)
    .map(([, value]) => (value?.tag === 0x1e ? '' : (value?.content.toString('utf8') ?? '')))
  return [facts.subject, ...organisations, ...alternativeNames].filter((name) => name !== '')
}

/** Splits PEM text into certificates, in the order of the text. @throws WorkbenchError INVALID_INPUT when there is none */
export function readCertificatesPem(pem: string): Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'This file holds no certificate (PEM). Choose the certificate file, often named ca.pem or chain.pem.'
    )
  return blocks.map((block) => readCertificate(Buffer.from(block.replace(/-----[A-Z ]+-----/g, ''), 'base64')))
}

/** RFC 4055, section 3.1: RSA-PSS that names no digest means SHA-1. */
function readSignatureAlgorithm(algorithm: DerElement): string {
  const [identifier, parameters] = readDerElements(algorithm.content)
  const named = readDerOid(identifier)
  if (named !== rsaPss) return named
  const digest = parameters && readDerElements(parameters.content).find((element) => element.tag === 0xa0)
  return `${named} ${digest ? readDerOid(readDerChildren(digest.content, derTags.sequence)[0]) : sha1}`
}

type Extensions = Pick<
  Certificate,
  | 'keyUsage'
  | 'extendedKeyUsage'
  | 'isUsageCritical'
  | 'alternativeNames'
  | 'keyIdentifier'
  | 'isAuthority'
  | 'pathLength'
  | 'unknownCritical'
>

function readExtensions(wrapper: DerElement | undefined) {
  const found: Extensions = {
    keyUsage: null,
    extendedKeyUsage: null,
    isUsageCritical: false,
    alternativeNames: [],
    keyIdentifier: null,
    isAuthority: false,
    pathLength: null,
    unknownCritical: []
  }
  const seen = new Set<string>()
  for (const extension of wrapper ? readDerChildren(wrapper.content, derTags.sequence) : []) {
    const parts = readDerElements(extension.content)
    const oid = readDerOid(parts[0])
    if (seen.has(oid)) throw new Error('an extension occurs twice')
    seen.add(oid)
    const value = parts[parts.length - 1]
    if (!value || value.tag !== derTags.octetString) throw new Error('an extension has no value')
    const critical = parts.length === 3 && parts[1]?.content[0] !== 0
    if (oid === understood.keyUsage) found.keyUsage = readBits(value.content)
    else if (oid === understood.extendedKeyUsage) {
      found.extendedKeyUsage = readDerChildren(value.content, derTags.sequence).map(readDerOid)
      found.isUsageCritical = critical
    } else if (oid === understood.alternativeName) found.alternativeNames = readNames(value.content)
    else if (oid === keyIdentifier) found.keyIdentifier = readDerElements(value.content)[0]?.content ?? null
    else if (oid === understood.basicConstraints) {
      const constraints = readDerChildren(value.content, derTags.sequence)
      found.isAuthority = constraints[0]?.tag === 0x01 && constraints[0].content[0] !== 0
      const length = constraints.find((element) => element.tag === derTags.integer)
      found.pathLength = length ? readDerInteger(length) : null
    } else if (critical) found.unknownCritical.push(oid)
  }
  return found
}

/** RFC 5280, section 4.2.1.6: e-mail address, DNS name, URI; other kinds of names identify nobody here. */
function readNames(bytes: Buffer): string[] {
  return readDerChildren(bytes, derTags.sequence)
    .filter(({ tag }) => tag === 0x81 || tag === 0x82 || tag === 0x86)
    .map(({ content }) => content.toString('latin1'))
}

function readBits(bytes: Buffer): Set<number> {
  const [bits] = readDerElements(bytes)
  if (!bits || bits.tag !== derTags.bitString) throw new Error('key usage is not a bit string')
  const set = new Set<number>()
  bits.content.subarray(1).forEach((byte, index) => {
    for (let bit = 0; bit < 8; bit++) if (byte & (0x80 >> bit)) set.add(index * 8 + bit)
  })
  return set
}

/** RFC 5280, section 4.1.2.5: UTCTime with two-digit years up to 2049, GeneralizedTime later; always with seconds and Z. */
export function readTime(element: DerElement | undefined): Date {
  const text = element?.content.toString('latin1') ?? ''
  const short = element?.tag === 0x17
  const match = (short ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/).exec(text)
  if (!match || (!short && element?.tag !== 0x18)) throw new Error('a date is malformed')
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number)
  const full = short ? (year < 50 ? 2000 + year : 1900 + year) : year
  return new Date(Date.UTC(full, month - 1, day, hour, minute, second))
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').map(printable).join(', ')
}
