import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { WorkbenchError } from '../../model/errors'
import { derTags, encodeDer, encodeDerInteger, encodeDerOid, readDerChildren, readDerElements, readDerInteger, readDerOid } from './der'
import type { DerElement } from './der'

const derive = promisify(pbkdf2)

const oids = {
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  hmacSha256: '1.2.840.113549.2.9',
  aes256: '2.16.840.1.101.3.4.1.42'
}
const hashes: Record<string, string> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512'
}
const ciphers: Record<string, { name: string; keyBytes: number }> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 }
}

/** OWASP's figure for PBKDF2-HMAC-SHA256. */
const iterations = 600_000
/** A crafted key file must not occupy the machine for minutes. */
const mostIterations = 10_000_000

const begin = '-----BEGIN ENCRYPTED PRIVATE KEY-----'
const end = '-----END ENCRYPTED PRIVATE KEY-----'

/** Encrypts PKCS#8 DER with PBES2, PBKDF2-HMAC-SHA256 and AES-256-CBC (RFC 8018), as PEM text that OpenSSL reads. */
export async function encryptPkcs8(der: Buffer, passphrase: string): Promise<string> {
  const salt = randomBytes(16)
  const iv = randomBytes(16)
  const key = await derive(passphraseBytes(passphrase), salt, iterations, 32, 'sha256')
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  const encrypted = Buffer.concat([cipher.update(der), cipher.final()])
  const { sequence, octetString } = derTags
  const pseudoRandom = encodeDer(sequence, encodeDerOid(oids.hmacSha256), encodeDer(0x05))
  const parameters = encodeDer(sequence, encodeDer(octetString, salt), encodeDerInteger(iterations), pseudoRandom)
  const keyDerivation = encodeDer(sequence, encodeDerOid(oids.pbkdf2), parameters)
  const scheme = encodeDer(sequence, encodeDerOid(oids.aes256), encodeDer(octetString, iv))
  const algorithm = encodeDer(sequence, encodeDerOid(oids.pbes2), encodeDer(sequence, keyDerivation, scheme))
  const whole = encodeDer(sequence, algorithm, encodeDer(octetString, encrypted)).toString('base64')
  return `${begin}\n${(whole.match(/.{1,64}/g) ?? []).join('\n')}\n${end}\n`
}

/**
 * Decrypts an encrypted PKCS#8 PEM text. The derivation runs outside the event loop, which the runtime's own key reader would block.
 * @throws WorkbenchError FORBIDDEN for a wrong passphrase, INVALID_INPUT for another format
 */
export async function decryptPkcs8(pem: string, passphrase: string): Promise<Buffer> {
  const { salt, count, hash, cipher, iv, encrypted } = readEncryptedKey(pem)
  const key = await derive(passphraseBytes(passphrase), salt, count, cipher.keyBytes, hash)
  try {
    const decipher = createDecipheriv(cipher.name, key, iv)
    const der = Buffer.concat([decipher.update(encrypted), decipher.final()])
    // one wrong passphrase in 256 leaves valid padding, so the content is looked at as well
    const [version] = readDerChildren(der, derTags.sequence)
    readDerInteger(version)
    return der
  } catch (cause) {
    throw new WorkbenchError(
      'FORBIDDEN',
      'The passphrase does not open this key. Nothing was signed. Check the passphrase and the key file, and try again.',
      {
        cause
      }
    )
  }
}

function readEncryptedKey(pem: string) {
  const first = pem.indexOf(begin)
  const last = pem.indexOf(end)
  if (/-----BEGIN (?:EC |RSA )?PRIVATE KEY-----/.test(pem))
    throw new WorkbenchError(
      'INVALID_INPUT',
      'This private key is not protected by a passphrase, or is in an older format. Convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -iter 600000 -in OLD.pem -out KEY.pem'
    )
  if (first < 0 || last < first)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'This file holds no encrypted private key (PEM, PKCS#8). Choose the key file that was made with the key pair.'
    )
  try {
    const bytes = Buffer.from(pem.slice(first + begin.length, last), 'base64')
    const [algorithm, encrypted] = readDerChildren(bytes, derTags.sequence)
    const [scheme, schemeParameters] = children(algorithm)
    if (readDerOid(scheme) !== oids.pbes2) throw unsupported()
    const [derivation, encryption] = children(schemeParameters)
    const [derivationOid, derivationParameters] = children(derivation)
    if (readDerOid(derivationOid) !== oids.pbkdf2) throw unsupported()
    const [salt, count, ...optional] = children(derivationParameters)
    const pseudoRandom = optional.find((element) => element.tag === derTags.sequence)
    const hash = pseudoRandom ? hashes[readDerOid(children(pseudoRandom)[0])] : 'sha1'
    const [cipherOid, iv] = children(encryption)
    const cipher = ciphers[readDerOid(cipherOid)]
    const rounds = readDerInteger(count)
    if (!salt || !hash || !cipher || !iv || !encrypted || iv.content.length !== 16 || rounds < 1 || rounds > mostIterations)
      throw unsupported()
    return { salt: salt.content, count: rounds, hash, cipher, iv: iv.content, encrypted: encrypted.content }
  } catch (cause) {
    if (cause instanceof WorkbenchError && cause.details?.['unsupported']) throw cause
    throw new WorkbenchError('INVALID_INPUT', 'The key file is damaged. Nothing was signed. Use a backup of it.', { cause })
  }
}

function children(element: DerElement | undefined): DerElement[] {
  if (!element || element.tag !== derTags.sequence) throw unsupported()
  return readDerElements(element.content)
}

function unsupported(): WorkbenchError {
  return new WorkbenchError(
    'INVALID_INPUT',
    'The key file is encrypted in a way that is not supported here (needed: PBES2 with PBKDF2 and AES-CBC). Convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -iter 600000 -in OLD.pem -out KEY.pem',
    { details: { unsupported: true } }
  )
}

/** NFC, so that the same typed word opens the key on every operating system. */
function passphraseBytes(passphrase: string): Buffer {
  return Buffer.from(passphrase.normalize('NFC'), 'utf8')
}
