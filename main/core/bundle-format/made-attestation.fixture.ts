import { sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DecisionText } from '../../model/bundle'
import { publicPem, readSignature, sha256, signedBytes, writeFiles } from './sample-bundle.fixture'

export const approval: DecisionText = { name: 'Ada Reviewer', meaning: 'reviewer', decision: 'approve', statement: 'I agree.' }
export const decidedAt = '2026-03-04T05:06:07.089Z'

type Subject = { name: string; digest: { sha256: string } }
export interface Deceit {
  record?: Record<string, unknown>
  predicateType?: string
  /** In place of the whole predicate. */
  predicate?: unknown
  keyid?: string
  /** What the signer says of himself. */
  named?: unknown
  subject?: (files: Subject, signature: Subject) => Subject[]
  hash?: string
  envelope?: Record<string, unknown>
}

/** Writes an approval of a signed folder, made as the specification says, but for the deceit. */
export function attest(folder: string, name: string, key: KeyObject, deceit: Deceit = {}): void {
  const files: Subject = JSON.parse(Buffer.from(readSignature(folder).dsseEnvelope.payload, 'base64').toString()).subject[0]
  const signature = { name: 'model.sig', digest: { sha256: sha256(readFileSync(join(folder, 'model.sig'))) } }
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: deceit.subject?.(files, signature) ?? [files, signature],
    predicateType: deceit.predicateType ?? 'https://in-toto.io/attestation/svr/v0.2',
    predicate: deceit.predicate ?? {
      verifier: { id: 'x', policies: [] },
      timeCreated: decidedAt,
      properties: ['DRYDOCK_REVIEWER_APPROVED'],
      drydockSignature: {
        ...approval,
        time: decidedAt,
        clock: 'untrusted',
        signer: deceit.named ?? { publicKey: publicPem(key) },
        ...deceit.record
      }
    }
  }
  const envelope = { payload: Buffer.from(JSON.stringify(statement)).toString('base64'), payloadType: 'application/vnd.in-toto+json' }
  const sig = sign(deceit.hash ?? 'sha256', signedBytes(envelope), key).toString('base64')
  const signatures = [{ keyid: deceit.keyid ?? sha256(publicPem(key)), sig }]
  writeFiles({ [`attestations/${name}`]: JSON.stringify({ ...envelope, signatures, ...deceit.envelope }) }, folder)
}
