import type { Application } from '../core/application'

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
