import type { KeyObject } from 'node:crypto'
import { fingerprintOf, signPayload } from '../../../main/core/bundle-format'
import { describeKey } from './release-keys'

export const rotationPayloadType = 'application/vnd.drydock.key-rotation+json'

/**
 * The statement that releases signed by one key until now are signed by another from a version on, signed by both: by the old key, which alone
 * may say so, and by the new one, so that nobody can hand trust to a key of somebody else.
 * @param date day of the statement, YYYY-MM-DD
 * @returns the text of `rotation.json`
 * @throws Error when both are the same key, or the version is none
 */
export function writeRotation(
  from: KeyObject,
  to: { name: string; key: KeyObject },
  { fromVersion, date }: { fromVersion: string; date: string }
): string {
  if (fingerprintOf(from) === fingerprintOf(to.key))
    throw new Error('Both files hold the same key. Nothing was written. Give the new key as --to.')
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(fromVersion))
    throw new Error(`--version takes a version such as 0.2.0, not "${fromVersion}". Nothing was written.`)
  const statement = { from: { fingerprint: fingerprintOf(from) }, to: describeKey(to.name, to.key), fromVersion, date }
  const payload = Buffer.from(JSON.stringify(statement), 'utf8')
  const signatures = [from, to.key].map((key) => ({ keyid: fingerprintOf(key), sig: signPayload(rotationPayloadType, payload, key) }))
  const envelope = { payload: payload.toString('base64'), payloadType: rotationPayloadType, signatures }
  return `${JSON.stringify({ schema: 'drydock.key-rotation/1', statement: envelope }, null, 2)}\n`
}

export { keyName, openReleaseKey } from './release-keys'
