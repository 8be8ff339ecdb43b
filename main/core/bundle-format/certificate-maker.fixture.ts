import { constants, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Certificate } from './certificate'
import { readCertificate } from './certificate'
import { derTags, encodeDer, encodeDerInteger, encodeDerOid } from './der'

const { sequence, integer, bitString, octetString } = derTags
const nothing = encodeDer(0x05)
const algorithm = (oid: string, ...parameters: Buffer[]) => encodeDer(sequence, encodeDerOid(oid), ...parameters)

/** How an issuer signs: the algorithm as a certificate names it, and the digest of it. */
export const signatureKinds = {
  ecdsaSha256: { named: algorithm('1.2.840.10045.4.3.2'), hash: 'sha256', pss: false },
  ecdsaSha1: { named: algorithm('1.2.840.10045.4.1'), hash: 'sha1', pss: false },
  rsaSha256: { named: algorithm('1.2.840.113549.1.1.11', nothing), hash: 'sha256', pss: false },
  pssSha256: { named: pss('2.16.840.1.101.3.4.2.1', 32), hash: 'sha256', pss: true },
  pssSha384: { named: pss('2.16.840.1.101.3.4.2.2', 48), hash: 'sha384', pss: true },
  pssSha512: { named: pss('2.16.840.1.101.3.4.2.3', 64), hash: 'sha512', pss: true },
  /** Without parameters RSA-PSS means SHA-1. */
  pssSha1: { named: algorithm('1.2.840.113549.1.1.10', encodeDer(sequence)), hash: 'sha1', pss: true }
} as const

function pss(hash: string, saltBytes: number): Buffer {
  const digest = algorithm(hash, nothing)
  const mask = algorithm('1.2.840.113549.1.1.8', digest)
  return algorithm(
    '1.2.840.113549.1.1.10',
    encodeDer(sequence, encodeDer(0xa0, digest), encodeDer(0xa1, mask), encodeDer(0xa2, encodeDerInteger(saltBytes)))
  )
}

export function extension(oid: string, value: Buffer, critical?: boolean): Buffer {
  const flag = critical === undefined ? [] : [encodeDer(0x01, Buffer.of(critical ? 0xff : 0))]
  return encodeDer(sequence, encodeDerOid(oid), ...flag, encodeDer(octetString, value))
}
/** Bits by number, as RFC 5280 counts them: 0 = digitalSignature, 5 = keyCertSign. */
export function keyUsage(...bits: number[]): Buffer {
  const bytes = Buffer.alloc(2)
  for (const bit of bits) bytes[bit >> 3]! |= 0x80 >> (bit & 7)
  return extension('2.5.29.15', encodeDer(bitString, Buffer.of(0), bytes), true)
}
export const extendedKeyUsage = (...purposes: string[]) => extension('2.5.29.37', encodeDer(sequence, ...purposes.map(encodeDerOid)))
export function basicConstraints(isAuthority: boolean, pathLength?: number): Buffer {
  const length = pathLength === undefined ? [] : [encodeDerInteger(pathLength)]
  return extension('2.5.29.19', encodeDer(sequence, encodeDer(0x01, Buffer.of(isAuthority ? 0xff : 0)), ...length), true)
}

export interface MadeCertificate {
  certificate: Certificate
  name: string
  key: KeyObject
}

export interface CertificateWish {
  extensions: Buffer[]
  /** Itself unless told. */
  by?: Pick<MadeCertificate, 'name' | 'key'>
  /** P-256 unless told. */
  key?: KeyObject
  /** SPKI that stands in it, when it is not that of the key. */
  publicKey?: Buffer
  kind?: keyof typeof signatureKinds
  /** UTCTime. */
  valid?: [from: string, to: string]
}

/** Makes a certificate byte by byte, so that it can be wrong in any way and is still signed as it should be. */
export function makeCertificate(name: string, wish: CertificateWish): MadeCertificate {
  const key = wish.key ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const { name: issuer, key: issuerKey } = wish.by ?? { name, key }
  const { named, hash, pss } = signatureKinds[wish.kind ?? 'ecdsaSha256']
  const [from, to] = wish.valid ?? ['240101000000Z', '440101000000Z']
  const body = encodeDer(
    sequence,
    encodeDer(0xa0, encodeDer(integer, Buffer.of(2))),
    encodeDerInteger(7),
    named,
    commonName(issuer),
    encodeDer(sequence, ...[from, to].map((time) => encodeDer(0x17, Buffer.from(time)))),
    commonName(name),
    wish.publicKey ?? createPublicKey(key).export({ type: 'spki', format: 'der' }),
    encodeDer(0xa3, encodeDer(sequence, ...wish.extensions))
  )
  const padding = pss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}
  const signature = sign(hash, body, { key: issuerKey, dsaEncoding: 'der', ...padding })
  const der = encodeDer(sequence, body, named, encodeDer(bitString, Buffer.of(0), signature))
  return { certificate: readCertificate(der), name, key }
}

const commonName = (name: string) =>
  encodeDer(sequence, encodeDer(0x31, encodeDer(sequence, encodeDerOid('2.5.4.3'), encodeDer(0x0c, Buffer.from(name)))))
