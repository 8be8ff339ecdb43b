import { z } from 'zod'
import { isPlainText } from '../../model/plain-text'
import { Sha256 } from '../../model/reference'
import { parseDocument, parseStrictJson } from '../bundle-format'
import { isVersion } from './versions'

const Text = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => isPlainText(text), 'has control or direction characters')
const Version = z.string().refine(isVersion, 'is not a version, such as 0.2.0')
/** Of a file beside the document, never a path. */
const FileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+~-]{0,199}$/, 'is not the plain name of a file')
const Format = z.number().int().min(0).max(100_000)

/** More than every platform needs, far less than a disk. */
export const largestPayload = 4 * 1024 ** 3
const Payload = z.strictObject({
  /** `portable` is the packed program folder, `debian` a package; others are for other ways of installing. */
  kind: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'is not a kind of payload'),
  file: FileName,
  sha256: Sha256,
  bytes: z.number().int().min(1).max(largestPayload)
})
export type Payload = z.infer<typeof Payload>

/** `release.json`: what a version of the program is. In the program folder it names no payloads. */
export const ReleaseDocument = z.object({
  schema: z.literal('drydock.release/1'),
  name: z.literal('Drydock'),
  version: Version,
  platform: z.string().regex(/^[a-z0-9]{1,20}-[a-z0-9]{1,20}$/, 'is not a platform'),
  commit: z
    .string()
    .min(7)
    .max(64)
    .regex(/^[0-9a-f]+$/, 'is not a commit'),
  builtAt: z.iso.datetime({ offset: true }),
  /** The ledger format that this version writes, and the oldest that it opens. */
  ledgerSchema: Format,
  opensLedgerFrom: Format,
  changes: z.string().max(200_000),
  payloads: z.array(Payload).max(10).optional()
})
export type ReleaseDocument = z.infer<typeof ReleaseDocument>

/** `keys.json`: whose releases a version takes. */
export const ReleaseKeys = z.strictObject({
  schema: z.literal('drydock.release-keys/1'),
  keys: z.array(z.strictObject({ name: Text, publicKey: z.string().max(2_000), fingerprint: Sha256 })).max(20)
})

const Base64 = z
  .string()
  .max(100_000)
  .refine((text) => text !== '' && Buffer.from(text, 'base64').toString('base64') === text, 'is not canonical base64')

/** `rotation.json`: from which version on another key signs, said and signed by both. */
export const KeyRotation = z.strictObject({
  schema: z.literal('drydock.key-rotation/1'),
  statement: z.strictObject({
    payload: Base64,
    // Of its own, so that no other statement that a key has signed is taken for one.
    payloadType: z.literal('application/vnd.drydock.key-rotation+json'),
    signatures: z.array(z.strictObject({ sig: Base64, keyid: z.string().max(200).nullish() })).length(2, 'must be signed by both keys')
  })
})
export type KeyRotation = z.infer<typeof KeyRotation>

/** What both keys sign. */
export const RotationStatement = z.strictObject({
  from: z.strictObject({ fingerprint: Sha256 }),
  to: z.strictObject({ name: Text, publicKey: z.string().max(2_000), fingerprint: Sha256 }),
  fromVersion: Version,
  date: z.string().max(40)
})
export type RotationStatement = z.infer<typeof RotationStatement>

/** Reads a document of a release. @throws WorkbenchError INVALID_INPUT with the field that does not fit */
export const readReleaseDocument = <T>(schema: z.ZodType<T>, bytes: Uint8Array, name: string): T =>
  parseDocument(schema, parseStrictJson(bytes, name), name)
