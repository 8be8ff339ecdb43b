import { createHash, createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { CurveFn } from '@noble/curves/abstract/weierstrass.js'
import { fingerprintOf } from './signing-key'

/**
 * Finds the public key that made an ECDSA signature, given the key's fingerprint (SEC 1, section 4.1.6). A bundle signed with a bare key
 * carries only that fingerprint; with this, a reader who was told the fingerprint needs no key file, and one who was told nothing can
 * still see whether the bundle is consistent. Only public values are involved.
 * @param signature DER; any other form finds no key
 * @returns null when no key with that fingerprint made this signature
 */
export async function recoverPublicKey(message: Buffer, signature: Buffer, fingerprint: string): Promise<KeyObject | null> {
  // preparing three curves takes a tenth of a second, which a start of the program need not pay
  const { p256, p384, p521 } = await import('@noble/curves/nist.js')
  const curves = [
    { name: 'P-256', hash: 'sha256', ecdsa: p256 },
    { name: 'P-384', hash: 'sha384', ecdsa: p384 },
    { name: 'P-521', hash: 'sha512', ecdsa: p521 }
  ]
  for (const { name, hash, ecdsa } of curves) {
    const digest = createHash(hash).update(message).digest()
    for (const recoveryBit of [0, 1, 2, 3]) {
      const key = recover(name, ecdsa, digest, signature, recoveryBit)
      if (key && fingerprintOf(key) === fingerprint) return key
    }
  }
  return null
}

/** One of the four points that may stand behind a signature; null where there is none, which the library says by throwing. */
function recover(curve: string, ecdsa: CurveFn, digest: Buffer, signature: Buffer, recoveryBit: number): KeyObject | null {
  try {
    const point = ecdsa.Signature.fromBytes(signature, 'der').addRecoveryBit(recoveryBit).recoverPublicKey(digest).toBytes(false)
    const middle = (point.length + 1) / 2
    const coordinate = (from: number, to: number) => Buffer.from(point.subarray(from, to)).toString('base64url')
    const key = { kty: 'EC', crv: curve, x: coordinate(1, middle), y: coordinate(middle, point.length) }
    return createPublicKey({ key, format: 'jwk' })
  } catch {
    return null
  }
}
