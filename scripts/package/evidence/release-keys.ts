import type { KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { exportPublicKey, fingerprintOf, loadPrivateKey, loadPublicKey } from '../../../main/core/bundle-format'

/** A key that releases are signed with, as the program pins it. */
export interface ReleaseKey {
  name: string
  publicKey: string
  fingerprint: string
}

/** Name of a key from the name of its file. */
export const keyName = (path: string): string => basename(path).replace(/(\.pub(lic)?)?\.pem$/i, '')

/** A public key under a name. */
export function describeKey(name: string, key: KeyObject): ReleaseKey {
  return { name, publicKey: exportPublicKey(key), fingerprint: fingerprintOf(key) }
}

/** Opens the release key. @throws WorkbenchError FORBIDDEN for a wrong passphrase, INVALID_INPUT for what is no such key */
export async function openReleaseKey(path: string, passphrase: string): Promise<KeyObject> {
  return loadPrivateKey(readFileSync(path, 'utf8'), passphrase)
}

/** `keys.json`: whose releases the program takes as an update; nobody's where it was built without a key. */
export function writeKeysDocument(releaseKey: { path: string; key: KeyObject } | undefined, trusted: readonly string[]): string {
  const all = [
    ...(releaseKey ? [describeKey(keyName(releaseKey.path), releaseKey.key)] : []),
    ...trusted.map((path) => describeKey(keyName(path), loadPublicKey(readFileSync(path, 'utf8'))))
  ]
  const keys = [...new Map(all.map((each) => [each.fingerprint, each])).values()]
  return `${JSON.stringify({ schema: 'drydock.release-keys/1', keys }, null, 2)}\n`
}
