import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import { fingerprintOf, loadPublicKey } from '../bundle-format'
import { readRotation } from './key-rotation'
import { readReleaseDocument, ReleaseKeys, type KeyRotation } from './release-documents'
import type { KnownKeys, ReleaseKey } from './release-key'
import { compareVersions } from './versions'

/** A public key that somebody at this machine vouches for, as it is used where a checkout looks at a release. */
export function givenKey(publicKey: string, name: string): ReleaseKey {
  return { name, publicKey, fingerprint: fingerprintOf(loadPublicKey(publicKey)), from: 'program', since: null, retiredFrom: null }
}

/**
 * The keys that a program folder pins; none in a checkout, and none of a program that was built without a release key.
 * @throws WorkbenchError STORAGE_CORRUPT for a file that cannot be read: without it nothing says whose releases are taken
 */
export function pinnedKeys(programFolder: string | null): ReleaseKey[] {
  const file = programFolder === null ? null : join(programFolder, 'resources', 'release', 'keys.json')
  if (file === null || !existsSync(file)) return []
  try {
    const { keys } = readReleaseDocument(ReleaseKeys, readFileSync(file), 'keys.json')
    return keys.map(({ name, publicKey, fingerprint }) => {
      const key = givenKey(publicKey, name)
      if (key.fingerprint !== fingerprint) throw new Error(`the key "${name}" has another fingerprint than the file says`)
      return key
    })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new WorkbenchError(
      'STORAGE_CORRUPT',
      `The release keys of this program (${file}) cannot be read, so no update can be judged: ${why}. Install the program again.`,
      { cause }
    )
  }
}

/** The keys with those that took over, one statement after the other. A statement that does not hold is passed over: it brings in nothing. */
export function withRotations(keys: readonly ReleaseKey[], rotations: readonly KeyRotation[]): KnownKeys {
  let known: KnownKeys = new Map(keys.map((key) => [key.fingerprint, key]))
  for (const rotation of rotations)
    try {
      known = afterRotation(known, rotation).known
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error
    }
  return known
}

/** The keys once a rotation is accepted: the new key is known, and the former one signs nothing that comes after. @throws as readRotation */
export function afterRotation(known: KnownKeys, rotation: KeyRotation): { known: KnownKeys; key: ReleaseKey } {
  const { from, key } = readRotation(rotation, known)
  const former = known.get(from)!
  if (former.retiredFrom !== null && !known.has(key.fingerprint))
    throw new WorkbenchError(
      'SIGNER_UNTRUSTED',
      `The key "${former.name}" has handed over to another key already and cannot do so again. Ask the sender where this release comes from.`
    )
  const next = new Map(known)
  // An older statement with a later version, shown again, must not give a key back what a newer one took.
  next.set(from, { ...former, retiredFrom: earlierOf(former.retiredFrom, key.since) })
  // One that the program pins itself was vouched for already.
  next.set(key.fingerprint, known.get(key.fingerprint) ?? key)
  return { known: next, key: next.get(key.fingerprint)! }
}

const earlierOf = (one: string | null, other: string | null): string | null =>
  one === null || (other !== null && compareVersions(other, one) < 0) ? other : one
