import { createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { SigningCurve } from '../../model/bundle'
import { WorkbenchError } from '../../model/errors'
import { passphraseWeakness } from '../../model/passphrase'
import { decryptPkcs8, encryptPkcs8 } from './pkcs8-encryption'
import { sha256 } from '../../storage/objects/durable-files'
import type { Sha256 } from '../../model/reference'

const generate = promisify(generateKeyPair)

/** OpenSSF Model Signing v1.0 fixes the digest by the curve. */
const curves: Record<string, { curve: SigningCurve; hash: string }> = {
  prime256v1: { curve: 'P-256', hash: 'sha256' },
  secp384r1: { curve: 'P-384', hash: 'sha384' },
  secp521r1: { curve: 'P-521', hash: 'sha512' }
}

export interface GeneratedKey {
  /** PKCS#8, encrypted with the passphrase. */
  privateKeyPem: string
  publicKeyPem: string
  /** SHA-256 (hex) over the public PEM text including its final newline. */
  fingerprint: Sha256
  curve: SigningCurve
}

/**
 * Makes an ECDSA key pair whose private half is protected by the passphrase.
 * @throws WorkbenchError INVALID_INPUT when the passphrase is short or trivial
 */
export async function generateSigningKey(options: { curve?: SigningCurve; passphrase: string }): Promise<GeneratedKey> {
  const weakness = passphraseWeakness(options.passphrase)
  if (weakness !== null) throw new WorkbenchError('INVALID_INPUT', `${weakness} No key was made.`)
  const curve = options.curve ?? 'P-256'
  const { privateKey, publicKey } = await generate('ec', { namedCurve: curve })
  const privateKeyPem = await encryptPkcs8(privateKey.export({ type: 'pkcs8', format: 'der' }), options.passphrase)
  return { privateKeyPem, publicKeyPem: exportPublicKey(publicKey), fingerprint: fingerprintOf(publicKey), curve }
}

/**
 * Opens an encrypted PKCS#8 private key.
 * @throws WorkbenchError FORBIDDEN for a wrong passphrase; INVALID_INPUT for another format or a key that is not P-256, P-384 or P-521
 */
export async function loadPrivateKey(pem: string, passphrase: string): Promise<KeyObject> {
  const der = await decryptPkcs8(pem, passphrase)
  let key: KeyObject
  try {
    key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  } catch (cause) {
    throw unsupportedKey('of an unknown kind', cause)
  }
  signingParameters(key)
  return key
}

/**
 * Reads a public key (SPKI, PEM).
 * @throws WorkbenchError INVALID_INPUT when it is not a P-256, P-384 or P-521 public key
 */
export function loadPublicKey(pem: string): KeyObject {
  if (!pem.includes('-----BEGIN PUBLIC KEY-----'))
    throw new WorkbenchError(
      'INVALID_INPUT',
      'This file holds no public key (PEM). Choose the public key that the signer gave you, a file such as signer.pub.pem.'
    )
  let key: KeyObject
  try {
    key = createPublicKey(pem)
  } catch (cause) {
    throw unsupportedKey('damaged or of an unknown kind', cause)
  }
  signingParameters(key)
  return key
}

/** The curve of a key and the digest that goes with it. @throws WorkbenchError INVALID_INPUT for every other kind of key */
export function signingParameters(key: KeyObject): { curve: SigningCurve; hash: string } {
  const named = key.asymmetricKeyType === 'ec' ? key.asymmetricKeyDetails?.namedCurve : undefined
  const parameters = named && Object.hasOwn(curves, named) ? curves[named] : undefined
  if (!parameters) throw unsupportedKey(`${key.asymmetricKeyType ?? 'unknown'}${named ? ` on ${named}` : ''}`)
  return parameters
}

/** The public half as SPKI PEM text with a final newline. */
export function exportPublicKey(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return publicKey.export({ type: 'spki', format: 'pem' }).toString()
}

/** SHA-256 (hex) over the SPKI PEM text: the `hint` of OpenSSF Model Signing. */
export function fingerprintOf(key: KeyObject): Sha256 {
  return sha256(exportPublicKey(key))
}

function unsupportedKey(kind: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'INVALID_INPUT',
    `The key is ${kind}; bundles are signed with ECDSA on P-256, P-384 or P-521. Make such a key and use that.`,
    { cause }
  )
}
