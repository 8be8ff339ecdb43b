import { join, relative } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { WorkspaceContext } from '../workspace'
import { createKeyring, openKeyFile, type Keyring } from './keyring'
import type { PeopleWriter } from './people-interface'
import type { Session } from './session'
import { assertPresent, type StoredPeople } from './stored-people'
import { personKey } from './tables'

/** What signing takes of the keys of people. */
type KeysInUse = Pick<PeopleWriter, 'publicKey' | 'assertMaySign' | 'openKey'>
/** What changes them. */
type KeyChanges = Pick<PeopleWriter, 'retireKey' | 'makeKey' | 'addKey'>

/** Keys as they are looked up and opened. */
export function createKeysInUse({ get, holderOf }: StoredPeople): KeysInUse {
  return {
    publicKey(fingerprint) {
      const held = holderOf(fingerprint)
      if (!held) throw new WorkbenchError('NOT_FOUND', `No key ${fingerprint.slice(0, 8)} in this workspace.`)
      return held.key.publicPem
    },
    assertMaySign(fingerprint) {
      const held = holderOf(fingerprint)
      if (!held) return
      assertPresent(held.person)
      if (held.key.retiredAt !== undefined)
        throw new WorkbenchError(
          'FORBIDDEN',
          `The key ${fingerprint.slice(0, 8)} of ${held.person.name} was retired on ${held.key.retiredAt.slice(0, 10)} and signs nothing any more. Nothing was signed. Use a newer key.`
        )
    },
    async openKey(id, passphrase) {
      const person = get(id)
      assertPresent(person)
      const held = person.keys.find((key) => key.usable)
      if (!held?.privateKeyPath)
        throw new WorkbenchError(
          'CONFLICT',
          `${person.name} has no signing key on this machine. Make or add one: in the window under Settings, People and keys, or with "drydock person key".`
        )
      const { key, fingerprint } = await openKeyFile(held.privateKeyPath, passphrase)
      if (fingerprint !== held.fingerprint)
        throw new WorkbenchError(
          'SIGNATURE_INVALID',
          `The key file "${held.privateKeyPath}" holds another key than that of ${person.name}. Nothing was signed. Put the right file back, or make a new key: in the window under Settings, People and keys, or with "drydock person key".`,
          { details: { expected: held.fingerprint, found: fingerprint } }
        )
      return { key, fingerprint }
    }
  }
}

/** Keys as they are made, taken in and retired; each call but making one joins the caller's transaction. */
export function createKeyChanges(
  context: WorkspaceContext,
  { get, holderOf }: StoredPeople,
  session: Session,
  userKeyring: Keyring
): KeyChanges {
  const { ledger, clock, directory, log } = context
  const demoKeyring = createKeyring(join(directory, 'keys'), clock, (text) => log('warn', text))
  return {
    retireKey(fingerprint) {
      const held = holderOf(fingerprint)
      if (!held) throw new WorkbenchError('NOT_FOUND', `No key ${fingerprint.slice(0, 8)} in this workspace.`)
      if (held.key.retiredAt !== undefined)
        throw new WorkbenchError('CONFLICT', `The key ${fingerprint.slice(0, 8)} was retired already. Nothing was changed.`)
      ledger.run('UPDATE person_key SET retired_at = ? WHERE fingerprint = ?', clock().toISOString(), fingerprint)
      session.lock(held.person.id)
      return get(held.person.id)
    },
    async makeKey(id, passphrase) {
      const person = get(id)
      assertPresent(person)
      const { name, demo } = person
      const card = await (demo ? demoKeyring : userKeyring).create(name, passphrase, { demo })
      return { fingerprint: card.fingerprint, publicPem: card.publicPem, path: demo ? relative(directory, card.keyPath) : card.keyPath }
    },
    addKey(id, { fingerprint, publicPem, path }) {
      assertPresent(get(id))
      const holder = holderOf(fingerprint)
      const completes =
        holder?.person.id === id && holder.key.privateKeyPath === null && holder.key.retiredAt === undefined && path !== null
      if (holder && !completes)
        throw new WorkbenchError(
          'CONFLICT',
          `This key already belongs to ${holder.person.name}. A key identifies one person; make another key.`
        )
      const created_at = holder?.key.createdAt ?? clock().toISOString()
      ledger.insert(personKey, { fingerprint, person_id: id, public_pem: publicPem, private_path: path, created_at }, 'OR REPLACE')
      return get(id)
    }
  }
}
