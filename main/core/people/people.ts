import { existsSync } from 'node:fs'
import { isAbsolute, relative, resolve, join } from 'node:path'
import type { KeyObject } from 'node:crypto'
import { WorkbenchError } from '../../model/errors'
import { Role, RoleWord, type Person, type PersonInput, type PersonKey } from '../../model/workspace'
import type { WorkspaceContext } from '../workspace'
import { createKeyring, openKeyFile, type Keyring } from './keyring'
import { assertFreeName } from './names'
import { createSession, type Session } from './session'
import { person as personTable, personFormerName, personKey, setting, type KeyRow, type PersonRow } from './tables'
import { type Sha256, PersonId } from '../../model/reference'

/** The people of a workspace: printed names, roles and public keys. Private keys stay in key files. */
export interface People {
  list(): Person[]
  get(id: PersonId): Person
  /** Whose name new records carry; undefined in a workspace where nobody has introduced themselves. */
  current(): Person | undefined
  /** The name of a person and those that the person had before. */
  namesOf(id: PersonId): string[]
  /** Throws NOT_FOUND. */
  publicKey(fingerprint: string): string
  /** Who has a key, also one that was retired. */
  holderOf(fingerprint: string): { person: Person; key: PersonKey } | undefined
  /** Throws FORBIDDEN for a key that was retired, and for one of a person who left; keys of nobody here may sign. */
  assertMaySign(fingerprint: string): void
  /** The private half of a person's newest key on this machine. Throws CONFLICT, FORBIDDEN, or SIGNATURE_INVALID where the file holds another key. */
  openKey(id: PersonId, passphrase: string): Promise<{ key: KeyObject; fingerprint: Sha256 }>
}

/** A key before a person has it. `path` is where its private half lies, as the ledger keeps it; null where only its holder knows. */
export interface FoundKey {
  fingerprint: Sha256
  publicPem: string
  path: string | null
}

/** What the commands of this feature write with; each call joins their transaction. */
export interface PeopleWriter extends People {
  readonly session: Session
  /** Throws CONFLICT for a name that somebody has or had. */
  create(input: Omit<PersonInput, 'roles'> & { roles?: Role[]; demo: boolean }): Person
  update(id: PersonId, input: PersonInput): Person
  use(id: PersonId): Person
  leave(id: PersonId): Person
  retireKey(fingerprint: Sha256): Person
  /** Makes a key file; the ledger does not have it yet. */
  makeKey(id: PersonId, passphrase: string): Promise<FoundKey>
  /** Throws CONFLICT when somebody has this key; the private half of one that was known by its public half alone is added to it. */
  addKey(id: PersonId, key: FoundKey): Person
}

/**
 * Opens the people of a workspace. Keys made here go to the user's own keyring, so that copying the workspace never
 * copies a private key; demo keys lie in the workspace because the sample must work wherever it is copied.
 */
export function createPeople(context: WorkspaceContext, userKeyring: Keyring): PeopleWriter {
  const { ledger, clock, newId, directory, log } = context
  const demoKeyring = createKeyring(join(directory, 'keys'), clock, (text) => log('warn', text))
  const session = createSession()

  const keyPathOf = (stored: string | null): string | null =>
    stored === null ? null : isAbsolute(stored) ? stored : resolve(directory, stored)
  const toKey = (row: KeyRow): PersonKey => {
    const path = keyPathOf(row.private_path)
    return {
      fingerprint: row.fingerprint,
      publicPem: row.public_pem,
      createdAt: row.created_at,
      usable: row.retired_at === null && path !== null && existsSync(path),
      privateKeyPath: path,
      ...(row.retired_at !== null && { retiredAt: row.retired_at })
    }
  }
  const currentId = (): PersonId | undefined =>
    session.actingAs() ?? ledger.get<{ value: PersonId }>("SELECT value FROM setting WHERE key = 'current-person'")?.value
  const setCurrent = (id: PersonId): void => ledger.insert(setting, { key: 'current-person', value: id }, 'OR REPLACE')
  const toPerson = (row: PersonRow): Person => ({
    id: row.id,
    name: row.name,
    title: row.title,
    email: row.email,
    roles: RoleWord.array().parse(JSON.parse(row.roles)),
    demo: row.demo === 1,
    current: row.id === currentId(),
    createdAt: row.created_at,
    keys: ledger.all<KeyRow>('SELECT * FROM person_key WHERE person_id = ? ORDER BY rowid DESC', row.id).map((key) => {
      const known = toKey(key)
      return { ...known, usable: known.usable && row.left_at === null }
    }),
    ...(session.isUnlocked(row.id) && { unlocked: true as const }),
    ...(row.left_at !== null && { leftAt: row.left_at })
  })
  const get = (id: PersonId): Person => {
    const row = ledger.get<PersonRow>('SELECT * FROM person WHERE id = ?', id)
    if (!row) throw new WorkbenchError('NOT_FOUND', `There is no person "${id}" in this workspace. Choose one under Settings, People.`)
    return toPerson(row)
  }
  const list = (): Person[] => ledger.all<PersonRow>('SELECT * FROM person ORDER BY rowid').map(toPerson)
  const namesOf = (id: PersonId): string[] => [
    get(id).name,
    ...ledger.all<{ name: string }>('SELECT name FROM person_former_name WHERE person_id = ?', id).map(({ name }) => name)
  ]
  const holderOf: People['holderOf'] = (fingerprint) => {
    const row = ledger.get<KeyRow>('SELECT * FROM person_key WHERE fingerprint = ?', fingerprint)
    return row && { person: get(row.person_id), key: toKey(row) }
  }
  const assertPresent = (person: Person): void => {
    if (person.leftAt !== undefined)
      throw new WorkbenchError(
        'FORBIDDEN',
        `${person.name} left this workspace and neither acts nor signs here any more. Nothing was done.`
      )
  }
  const assertName = (name: string, own?: PersonId): void =>
    assertFreeName(
      name,
      list()
        .filter(({ id }) => id !== own)
        .map((person) => ({ person, names: namesOf(person.id) }))
    )

  return {
    session,
    get,
    list,
    namesOf,
    holderOf,
    current: () => {
      const id = currentId()
      return id === undefined ? undefined : get(id)
    },
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
          `${person.name} has no signing key on this machine. Make or add one under Settings, People and keys, or with "drydock person key".`
        )
      const { key, fingerprint } = await openKeyFile(held.privateKeyPath, passphrase)
      if (fingerprint !== held.fingerprint)
        throw new WorkbenchError(
          'SIGNATURE_INVALID',
          `The key file "${held.privateKeyPath}" holds another key than that of ${person.name}. Nothing was signed. Put the right file back, or make a new key under Settings, People and keys.`,
          { details: { expected: held.fingerprint, found: fingerprint } }
        )
      return { key, fingerprint }
    },
    create({ name, title, email, roles, demo }) {
      assertName(name)
      const id = PersonId.parse(newId())
      ledger.insert(personTable, {
        id,
        name,
        title,
        email,
        roles: JSON.stringify(roles ?? (list().length === 0 ? Role.options : ['author'])),
        demo: demo ? 1 : 0,
        created_at: clock().toISOString()
      })
      if (currentId() === undefined) setCurrent(id)
      return get(id)
    },
    update(id, { name, title, email, roles }) {
      const before = get(id)
      assertPresent(before)
      if (name !== before.name) {
        assertName(name, id)
        ledger.insert(personFormerName, { person_id: id, name: before.name, until: clock().toISOString() })
      }
      const values = [name, title, email, JSON.stringify(roles)]
      ledger.run('UPDATE person SET name = ?, title = ?, email = ?, roles = ? WHERE id = ?', ...values, id)
      return get(id)
    },
    use(id) {
      setCurrent(get(id).id)
      return get(id)
    },
    leave(id) {
      assertPresent(get(id))
      ledger.run('UPDATE person SET left_at = ? WHERE id = ?', clock().toISOString(), id)
      ledger.run("DELETE FROM setting WHERE key = 'current-person' AND value = ?", id)
      session.lock(id)
      return get(id)
    },
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
