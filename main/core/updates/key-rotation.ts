import { WorkbenchError } from '../../model/errors'
import { fingerprintOf, isSignatureValid, loadPublicKey, preAuthenticationEncoding } from '../bundle-format'
import { readReleaseDocument, RotationStatement, type KeyRotation } from './release-documents'
import type { ReleaseKey } from './release-key'

/**
 * The key that a rotation brings in. Both keys must have signed the same statement: the former one says who follows, and the new one
 * says that it is held by whoever says so.
 * @param known the keys that are trusted already, by fingerprint
 * @throws WorkbenchError INVALID_INPUT for a statement that does not fit, SIGNER_UNTRUSTED where the former key is not known,
 *   SIGNATURE_INVALID where one of the two did not sign
 */
export function readRotation(rotation: KeyRotation, known: ReadonlyMap<string, ReleaseKey>): { from: string; key: ReleaseKey } {
  const { payload, payloadType, signatures } = rotation.statement
  const bytes = Buffer.from(payload, 'base64')
  const { from, to, fromVersion } = readReleaseDocument(RotationStatement, bytes, 'The statement in rotation.json')
  const former = known.get(from.fingerprint)
  if (!former)
    throw new WorkbenchError(
      'SIGNER_UNTRUSTED',
      `The statement hands over from the key ${from.fingerprint.slice(0, 16)}, which this Drydock does not know. Apply the releases between this version and that one first.`
    )
  const follower = loadPublicKey(to.publicKey)
  if (fingerprintOf(follower) !== to.fingerprint || to.fingerprint === from.fingerprint)
    throw new WorkbenchError(
      'SIGNATURE_INVALID',
      'The statement names a key and the fingerprint of another one. Ask the sender for an unaltered copy.'
    )
  const signed = preAuthenticationEncoding(payloadType, bytes)
  const hasSigned = (pem: string): boolean =>
    signatures.some(({ sig }) => isSignatureValid(loadPublicKey(pem), signed, Buffer.from(sig, 'base64')))
  for (const [pem, whose] of [
    [former.publicKey, 'the former key'],
    [to.publicKey, 'the new key']
  ] as const)
    if (!hasSigned(pem))
      throw new WorkbenchError(
        'SIGNATURE_INVALID',
        `The statement that brings in another release key is not signed by ${whose}; both must sign it. Ask the sender where it comes from.`
      )
  return {
    from: from.fingerprint,
    key: { name: to.name, publicKey: to.publicKey, fingerprint: to.fingerprint, from: 'rotation', since: fromVersion, retiredFrom: null }
  }
}
