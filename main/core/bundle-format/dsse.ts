import { sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { WorkbenchError } from '../../model/errors'
import { isPlainText, printable } from '../../model/plain-text'
import { signingParameters } from './signing-key'
import { digestSchema } from '../../model/reference'
import { fit, withoutStop } from '../../model/schema-words'

export const inTotoPayloadType = 'application/vnd.in-toto+json'
export const statementType = 'https://in-toto.io/Statement/v1'

/** Base64 with one spelling per content: an encoding with stray bits or line breaks is refused. */
export const Base64 = z
  .string()
  .refine((text) => text !== '' && Buffer.from(text, 'base64').toString('base64') === text, 'is not canonical base64')

/** A DSSE v1.0 envelope with exactly one signature. */
export const DsseEnvelope = z.strictObject({
  payload: Base64,
  payloadType: z.literal(inTotoPayloadType),
  signatures: z.array(z.strictObject({ sig: Base64, keyid: z.string().max(200).nullish() })).length(1, 'must hold exactly one signature')
})
export type DsseEnvelope = z.infer<typeof DsseEnvelope>

export const Sha256Digest = z.strictObject({ sha256: digestSchema('is not a lowercase SHA-256') })
/** Text of a stranger that is shown on one line. */
export const ShownText = z
  .string()
  .min(1)
  .max(1024)
  .refine((text) => isPlainText(text), 'has control or direction characters')
export const Subject = z.strictObject({ name: ShownText, digest: Sha256Digest })

/** The bytes that are signed: DSSE v1.0, "PAE". Lengths count bytes. */
export function preAuthenticationEncoding(payloadType: string, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `), payload])
}

/** Signs a statement with ECDSA; the signature is DER, the payload is the compact JSON text. */
export function signStatement(statement: unknown, key: KeyObject, keyid: string): DsseEnvelope {
  const payload = Buffer.from(JSON.stringify(statement), 'utf8')
  const sig = signPayload(inTotoPayloadType, payload, key)
  return { payload: payload.toString('base64'), payloadType: inTotoPayloadType, signatures: [{ sig, keyid }] }
}

/** The signature (DER, base64) of one key over a payload of any type, as DSSE asks for it. */
export function signPayload(payloadType: string, payload: Buffer, key: KeyObject): string {
  const signed = preAuthenticationEncoding(payloadType, payload)
  return sign(signingParameters(key).hash, signed, { key, dsaEncoding: 'der' }).toString('base64')
}

/** The signed bytes, the payload and the signature of an envelope. */
export function openEnvelope(envelope: DsseEnvelope): { payload: Buffer; signed: Buffer; signature: Buffer } {
  const payload = Buffer.from(envelope.payload, 'base64')
  const signature = Buffer.from(envelope.signatures[0]?.sig ?? '', 'base64')
  return { payload, signed: preAuthenticationEncoding(envelope.payloadType, payload), signature }
}

/**
 * True when the key made the signature over the bytes.
 * @param hash the digest under the signature, where it is not the one that goes with the curve
 */
export function isSignatureValid(key: KeyObject, signed: Buffer, signature: Buffer, hash?: string): boolean {
  try {
    return verify(hash ?? signingParameters(key).hash, signed, { key, dsaEncoding: 'der' }, signature)
  } catch {
    return false
  }
}

/** Validates a parsed document and says in words which field is wrong. @throws WorkbenchError INVALID_INPUT */
export function parseDocument<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = fit(schema, value)
  if (result.success) return result.data
  const problems = result.problems
    .slice(0, 3)
    .map(({ path, words }) => `${printable(path.map(String).join('.')) || 'document'}: ${withoutStop(words)}`)
  throw new WorkbenchError(
    'INVALID_INPUT',
    `${what} does not have the expected form (${problems.join('; ')}). Ask the sender for an unaltered copy.`
  )
}
