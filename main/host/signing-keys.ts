import type { Application } from '../core/application'
import type { OwnKey } from '../core/bundles'
import { Sha256 } from '../model/reference'

/** Private keys on this machine that a reviewer can sign with: one's own, and those of the people of the open workspace. */
export function signingKeys(app: Application): { name: string; fingerprint: string; keyPath: string; demo: boolean }[] {
  const own = app.keyring.list().map(({ name, fingerprint, keyPath, demo }) => ({ name, fingerprint, keyPath, demo }))
  const known = new Set(own.map((key) => key.fingerprint))
  const theirs = (app.workspace ? app.people.list() : []).flatMap((person) =>
    person.keys
      .filter((key) => key.usable && key.privateKeyPath !== null && !known.has(key.fingerprint))
      .map((key) => ({ name: person.name, fingerprint: key.fingerprint, keyPath: key.privateKeyPath!, demo: person.demo }))
  )
  return [...own, ...theirs]
}

/**
 * By which the person in front is known to themselves. A workspace that is not trusted here has no say in it: it could call a file of this machine
 * the key of a stranger. A key of a demo identity, whose passphrase everybody knows, is nobody's own.
 */
export const ownKeys = (app: Application): OwnKey[] =>
  (app.workspace && !app.workspace.restricted ? signingKeys(app) : app.keyring.list())
    .filter(({ demo }) => !demo)
    .map(({ name, fingerprint }) => ({ name, fingerprint: Sha256.parse(fingerprint) }))
